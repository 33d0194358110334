import {
	createEmptyStage,
	DAY,
	eventsOf,
	HOUR,
	MINUTE,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('Audit Event > Get Many: time range', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);
	const addEvent = (Id: string, createdMs: number, more = {}) =>
		stage.sim.feed.addBlob({ createdMs, events: [{ Id }], ...more });

	/** Blobs at 00:00, 06:00, 12:00 and 18:00 UTC of the day before yesterday; their names say when. */
	const playDay = async () => {
		await play();
		const day = Math.floor(stage.clock.now() / DAY) * DAY - 2 * DAY;
		for (const hour of [0, 6, 12, 18]) addEvent(`${hour} h`, day + hour * HOUR);
		return new Date(day).toISOString().slice(0, 10);
	};
	const between = async (startTime: string, endTime: string, timezone?: string) =>
		await stage.getEvents(
			{ timeRange: 'between', startTime, endTime },
			timezone ? { settings: { timezone } } : {},
		);

	test('“last” counts in minutes, hours or days', async () => {
		await play();
		for (const minutes of [20, 100, 2000])
			addEvent(`${minutes}`, stage.clock.now() - minutes * MINUTE);
		const last = async (lastAmount: number, lastUnit: string) =>
			ids(await stage.getEvents({ lastAmount, lastUnit }));
		expect(await last(30, 'minutes')).toEqual(['20']);
		expect(await last(2, 'hours')).toEqual(['100', '20']);
		expect(await last(2, 'days')).toEqual(['2000', '100', '20']);
	});

	test('times with an offset are taken as they are', async () => {
		const date = await playDay();
		expect(ids(await between(`${date}T08:00:00+02:00`, `${date}T12:00:00Z`))).toEqual(['6 h']);
	});

	test.each([
		['UTC', ['6 h', '12 h']],
		['Asia/Kolkata', ['0 h', '6 h']],
		['America/New_York', ['12 h', '18 h']],
	])(
		'times without a zone are read in the workflow’s time zone: %s',
		async (timezone, expected) => {
			const date = await playDay();
			expect(ids(await between(`${date}T05:00:00`, `${date}T14:30:00`, timezone))).toEqual(
				expected,
			);
		},
	);

	test('Luxon values are accepted', async () => {
		const date = await playDay();
		const result = await between(
			`={{ DateTime.fromISO('${date}T11:00:00', { zone: 'utc' }) }}`,
			`={{ DateTime.fromISO('${date}T11:00:00', { zone: 'utc' }).plus({ hours: 2 }) }}`,
		);
		expect(ids(result)).toEqual(['12 h']);
	});

	test.each([
		[
			'the end before the start',
			'2026-01-02T00:00:00Z',
			'2026-01-01T00:00:00Z',
			/before|after|earlier|later/i,
		],
		['something else than a time', 'yesterday-ish', '2026-01-01T00:00:00Z', /time|date/i],
		['nothing', '={{ null }}', '={{ "" }}', /time|date/i],
	])('%s is told before any listing', async (_name, startTime, endTime, sentence) => {
		await play();
		const { error } = await between(startTime, endTime);
		expect(error?.message).toMatch(sentence);
		expect(requestsTo(stage.sim, '/content')).toEqual([]);
	});

	test('a range that ends in the future ends now', async () => {
		await play();
		addEvent('recent', stage.clock.now() - MINUTE);
		const iso = (ms: number) => new Date(ms).toISOString();
		const result = await between(iso(stage.clock.now() - HOUR), iso(stage.clock.now() + DAY));
		expect(result.error).toBeUndefined();
		expect(ids(result)).toEqual(['recent']);
	});
});
