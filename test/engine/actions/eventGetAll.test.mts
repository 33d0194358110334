import type { IDataObject } from 'n8n-workflow';

import { NO_OP_TYPE } from '../harness.mts';
import {
	createEmptyStage,
	createStage,
	DAY,
	eventsOf,
	HOUR,
	jsonOf,
	MINUTE,
	reportsOf,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('Audit Event > Get Many', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);
	const downloads = () => requestsTo(stage.sim, '/audit/');

	const placeOf = ({ contentCreated, contentId }: IDataObject) =>
		`${String(contentCreated)} ${String(contentId)}`;

	const addEvent = (Id: string, createdMs: number, more = {}) =>
		stage.sim.feed.addBlob({ createdMs, events: [{ Id }], ...more });

	test('the defaults: the four Audit types, the last day, 50 events, simplified', async () => {
		stage = await createStage({ blobs: 200, eventsPerBlob: 1, days: 3 });
		const result = await stage.run({ resource: 'event', operation: 'getAll' });
		expect(result.error).toBeUndefined();
		expect(result.items).toHaveLength(50);
		const types = requestsTo(stage.sim, '/subscriptions/content').map(
			({ query }) => query.contentType,
		);
		expect([...new Set(types)].sort()).toEqual([
			'Audit.AzureActiveDirectory',
			'Audit.Exchange',
			'Audit.General',
			'Audit.SharePoint',
		]);
		const oldest = Math.min(
			...jsonOf(result).map(({ _content }) =>
				Date.parse((_content as IDataObject).contentCreated as string),
			),
		);
		expect(stage.clock.now() - oldest).toBeLessThanOrEqual(DAY + MINUTE);
	});

	describe('limit', () => {
		test('the newest blobs are read first, and no more of them than needed', async () => {
			stage = await createStage({
				blobs: 300,
				eventsPerBlob: 4,
				days: 5,
				faults: { duplicateEvents: 0 },
			});
			const all = ids(await stage.getEvents());
			const before = downloads().length;
			const result = await stage.getEvents({ returnAll: false, limit: 10 });
			expect(ids(result)).toHaveLength(10);
			expect(downloads().length - before).toBeLessThan(30);
			// The newest ten, still in the order of the feed.
			expect(all.slice(-40)).toEqual(expect.arrayContaining(ids(result)));
			expect([...ids(result)].sort((a, b) => all.indexOf(a) - all.indexOf(b))).toEqual(ids(result));
		});

		test('it counts what passes the filters', async () => {
			await play();
			for (let n = 0; n < 20; n++) {
				stage.sim.feed.addBlob({
					createdMs: stage.clock.now() - (30 - n) * MINUTE,
					events: [
						{ Id: `kept ${n}`, Operation: 'Keep' },
						{ Id: `dropped ${n}`, Operation: 'Drop' },
					],
				});
			}
			const result = await stage.getEvents({
				returnAll: false,
				limit: 3,
				filters: { operations: 'Keep' },
			});
			expect(ids(result)).toEqual(['kept 17', 'kept 18', 'kept 19']);
		});

		test('more than there is gives what there is', async () => {
			await play();
			addEvent('only', stage.clock.now() - MINUTE);
			expect(ids(await stage.getEvents({ returnAll: false, limit: 1000 }))).toEqual(['only']);
		});
	});

	test('the order is contentCreated, contentId, position, whatever the concurrency', async () => {
		stage = await createStage({
			blobs: 120,
			days: 2,
			faults: { sameMillisecond: 0.4, blobInternalError: 0.2 },
			latencyMs: { mean: 3, jitter: 3 },
		});
		const orders: unknown[] = [];
		for (const concurrency of [1, 4, 32]) {
			const result = await stage.getEvents({ options: { concurrency } });
			const places = eventsOf(result).map(({ _content }) => placeOf(_content as IDataObject));
			expect(places).toEqual([...places].sort());
			orders.push(ids(result));
		}
		expect((orders[0] as unknown[]).length).toBeGreaterThan(120);
		expect(orders[1]).toEqual(orders[0]);
		expect(orders[2]).toEqual(orders[0]);
	}, 60_000);

	describe('time range', () => {
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

	test('all input items are worked on, each with its own parameters, and items point back to theirs', async () => {
		await play();
		addEvent('general', stage.clock.now() - 2 * MINUTE);
		addEvent('exchange', stage.clock.now() - MINUTE, { contentType: 'Audit.Exchange' });
		const result = await stage.getEvents(
			{ contentTypes: '={{ [$json.type] }}' },
			{
				input: [{ json: { type: 'Audit.Exchange' } }, { json: { type: 'Audit.General' } }],
				downstream: { type: NO_OP_TYPE, parameters: {} },
			},
		);
		expect(result.error).toBeUndefined();
		expect(ids(result)).toEqual(['exchange', 'general']);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});

	describe('when an item fails', () => {
		const parameters = { contentTypes: '={{ [$json.type] }}' };
		const input = [{ json: { type: 'Audit.Wrong' } }, { json: { type: 'Audit.General' } }];
		const playOne = async () => {
			await play();
			addEvent('fine', stage.clock.now() - MINUTE);
		};

		test('the run ends, naming the item', async () => {
			await playOne();
			const { error } = await stage.getEvents(parameters, { input });
			expect(error?.message).toMatch(/Audit\.Wrong|content type/i);
			expect((error as { context?: { itemIndex?: number } }).context?.itemIndex).toBe(0);
		});

		test('with “continue”, its error is an item and the others go on', async () => {
			await playOne();
			const { items, error } = await stage.getEvents(parameters, { input, continueOnFail: true });
			expect(error).toBeUndefined();
			expect(items[0]).toMatchObject({
				json: { error: expect.stringMatching(/Audit\.Wrong|content type/i) },
				pairedItem: { item: 0 },
			});
			expect(items[1]?.json.Id).toBe('fine');
		});

		test('with “continue (error output)”, its error leaves by the error output', async () => {
			await playOne();
			const result = await stage.getEvents(parameters, { input, continueOnFail: 'errorOutput' });
			expect(ids(result)).toEqual(['fine']);
			expect(result.errorItems).toHaveLength(1);
		});
	});

	test('a stopped execution stops asking within the requests under way', async () => {
		stage = await createStage({ blobs: 400, latencyMs: { mean: 20, jitter: 0 } });
		let stop = () => undefined as void;
		const stopped = new Promise<void>((resolve) => (stop = resolve));
		const running = stage.getEvents({ options: { concurrency: 4 } }, { cancelAfter: stopped });
		while (downloads().length < 10) await new Promise((resolve) => setImmediate(resolve));
		stop();
		const { run } = await running;
		expect(run.status).toBe('canceled');
		const asked = stage.sim.requestLog.length;
		expect(downloads().length).toBeLessThan(40);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect(stage.sim.requestLog.length).toBeLessThanOrEqual(asked + 4);
	});

	describe.each(['events', 'file'])('a stopped execution does not wait (%s)', (output) => {
		/** Stops the run once a blob was asked for, while nobody who waits would ever wake; tells how long it took. */
		const stopDuring = async () => {
			stage.clock.freeze();
			let stop = () => undefined as void;
			const stopped = new Promise<void>((resolve) => (stop = resolve));
			const running = stage.getEvents({ output }, { cancelAfter: stopped });
			while (downloads().length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
			await new Promise((resolve) => setTimeout(resolve, 50));
			const before = Date.now();
			stop();
			const { run } = await running;
			expect(run.status).toBe('canceled');
			return Date.now() - before;
		};

		test('for an answer that stalls', async () => {
			await play({ stallMs: MINUTE });
			addEvent('stalled', stage.clock.now() - MINUTE, { fault: 'Stall' });
			expect(await stopDuring()).toBeLessThan(1_000);
		});

		test('for a quota', async () => {
			await play();
			addEvent('throttled', stage.clock.now() - MINUTE);
			stage.sim.failNext(
				{ path: '/audit/', times: Infinity },
				{ status: 429, headers: { 'Retry-After': '60' }, body: { error: { code: 'AF429' } } },
			);
			expect(await stopDuring()).toBeLessThan(1_000);
		});

		test('for a blob that fails again and again', async () => {
			await play();
			const filler = 'x'.repeat(1_000_000);
			stage.sim.feed.addBlob({
				createdMs: stage.clock.now() - MINUTE,
				events: [{ Id: 'big', filler }],
				fault: 'Reset',
				failures: Infinity,
			});
			expect(await stopDuring()).toBeLessThan(500);
		});
	});

	describe('unreadableContent', () => {
		const playBroken = async (more: IDataObject = {}) => {
			await play();
			addEvent('fine', stage.clock.now() - 3 * MINUTE);
			const gone = addEvent('gone', stage.clock.now() - 2 * MINUTE, { fault: 'NotFound' });
			return { gone, result: await stage.getEvents({ options: more }) };
		};

		test('report, the default: a hint, a warning in the log, and one last item', async () => {
			const { gone, result } = await playBroken();
			expect(ids(result)).toEqual(['fine']);
			expect(result.items.at(-1)?.json).toEqual({
				error: expect.stringContaining('AF20050'),
				contentId: gone.contentId,
				contentType: 'Audit.General',
			});
			expect(result.items.at(-1)?.pairedItem).toEqual({ item: 0 });
			expect(result.hints.map(({ message }) => message).join()).toMatch(/1/);
			expect(result.logs).toContainEqual(
				expect.objectContaining({
					level: 'warn',
					message: expect.stringContaining(gone.contentId),
				}),
			);
		});

		test('ignore: the others, and no item for it', async () => {
			const { result } = await playBroken({ unreadableContent: 'ignore' });
			expect(result.error).toBeUndefined();
			expect(result.items).toHaveLength(1);
		});

		test('fail: the run fails, naming the blob', async () => {
			const { gone, result } = await playBroken({ unreadableContent: 'fail' });
			expect(result.error?.name).toMatch(/Node(Api|Operation)Error/);
			expect(
				`${result.error?.message} ${(result.error as { description?: string }).description}`,
			).toContain(gone.contentId);
		});
	});

	test('startMissingSubscriptions starts what is missing, and says so', async () => {
		await play({
			subscriptions: { 'Audit.Exchange': 'missing', 'DLP.All': 'disabled' },
			faults: { startThrottle: 'off' },
		});
		const result = await stage.getEvents({ options: { startMissingSubscriptions: true } });
		expect(result.error).toBeUndefined();
		const started = requestsTo(stage.sim, '/subscriptions/start').map(
			({ query }) => query.contentType,
		);
		expect(started.sort()).toEqual(['Audit.Exchange', 'DLP.All']);
		expect(result.hints.map(({ message }) => message).join()).toMatch(/Audit\.Exchange/);
	});

	test('deduplicate off: every served place', async () => {
		await play();
		stage.sim.feed.addBlob({
			createdMs: stage.clock.now() - MINUTE,
			events: [{ Id: 'same' }, { Id: 'same' }],
		});
		expect(ids(await stage.getEvents())).toEqual(['same']);
		expect(ids(await stage.getEvents({ options: { deduplicate: false } }))).toEqual([
			'same',
			'same',
		]);
	});

	test('all blobs unreadable is no failure of the run, but is told', async () => {
		await play();
		addEvent('gone', stage.clock.now() - MINUTE, { fault: 'Expired' });
		const result = await stage.getEvents();
		expect(result.error).toBeUndefined();
		expect(reportsOf(result)).toHaveLength(1);
	});
});
