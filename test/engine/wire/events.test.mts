import type { AddBlob } from '../../../simulator/feed.mts';
import {
	createEmptyStage,
	eventsOf,
	HOUR,
	MINUTE,
	reportsOf,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('The wire: blobs and events: events', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));

	let minutesAgo = 1_000;
	const addBlob = (blob: AddBlob) =>
		stage.sim.feed.addBlob({ createdMs: stage.clock.now() - --minutesAgo * MINUTE, ...blob });
	const event = (Id: string, more = {}) => ({ Id, Operation: 'Test', RecordType: 2, ...more });
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);

	describe('“Duplicates are expected and designed”', () => {
		test('the same Id within a blob and across blobs, also with keys in another order', async () => {
			await play();
			addBlob({ events: [event('one', { a: 1 }), event('one', { a: 1 }), event('two')] });
			addBlob({ events: ['{"a":1,"RecordType":2,"Operation":"Test","Id":"one"}', event('three')] });
			addBlob({ contentType: 'Audit.Exchange', events: [event('one')] });
			expect(ids(await stage.getEvents())).toEqual(['one', 'two', 'three']);
		});

		test('“an event without Id is always delivered”', async () => {
			await play();
			const nameless = { Operation: 'Nameless', RecordType: 2 };
			addBlob({ events: [nameless, nameless] });
			addBlob({ events: [nameless] });
			expect(eventsOf(await stage.getEvents())).toHaveLength(3);
		});
	});

	test('“CreationTime is UTC without a zone”: whatever the zone of workflow and machine', async () => {
		await play();
		addBlob({ events: [event('timed', { CreationTime: '2026-02-07T16:43:53' })] });
		for (const options of [{ simplify: true }, { options: { normalize: true } }]) {
			const result = await stage.getEvents(options, { settings: { timezone: 'Asia/Kolkata' } });
			expect(eventsOf(result)[0]?.CreationTime).toBe('2026-02-07T16:43:53.000Z');
		}
	});

	test('“Events in a blob are not in order and can be days older than the blob”: none is left out', async () => {
		await play();
		addBlob({
			events: [
				event('new', { CreationTime: new Date(stage.clock.now()).toISOString().slice(0, 19) }),
				event('old', { CreationTime: '2020-01-01T00:00:00' }),
			],
		});
		expect(ids(await stage.getEvents({ lastAmount: 1 }))).toEqual(['new', 'old']);
	});

	test('“Shapes move”: with simplify off every record comes as it was sent', async () => {
		await play();
		const awkward = [
			event('a', { Parameters: 'text', ModifiedProperties: ['text', { Name: 'n' }], Platform: 1 }),
			event('b', {
				Parameters: [{ Name: 'p', Value: 'v' }],
				Platform: 'one',
				ResultStatus: 'True',
			}),
			event('c', { ClientIP: '<null>', RecordType: 99_999 }),
			event('d', { ClientIP: '[fdfd::1]:443', ExtendedProperties: '{"not": valid' }),
			event('e', { key: 1, Key: 2, 'a key': '\r\n שלום ​ –', ClientIP: '' }),
			event('f', { SensitiveInfo: '4111 1111 1111 1111' }),
		];
		const blob = addBlob({ events: awkward });
		const delivered = eventsOf(await stage.getEvents());
		expect(delivered.map(({ _content, ...record }) => record)).toEqual(awkward);
		for (const { _content } of delivered) {
			expect(_content).toEqual({
				contentType: 'Audit.General',
				contentId: blob.contentId,
				contentCreated: blob.contentCreated,
				contentExpiration: blob.contentExpiration,
			});
		}
		const { error, items } = await stage.getEvents({
			simplify: true,
			options: { normalize: true },
		});
		expect(error).toBeUndefined();
		expect(items).toHaveLength(awkward.length);
	});

	test('“DLP.All carries the matched secret in clear text”: nothing of an event is logged or told in a message', async () => {
		await play();
		const secret = '4111 1111 1111 1111';
		const dlp = event('dlp', { SensitiveInfo: secret });
		addBlob({ contentType: 'DLP.All', events: [dlp] });
		addBlob({ contentType: 'DLP.All', events: [dlp], fault: 'TruncatedJson', failures: Infinity });
		addBlob({ contentType: 'DLP.All', body: `"${secret}"` });
		const result = await stage.getEvents();
		expect(reportsOf(result)).toHaveLength(2);
		expect(JSON.stringify(eventsOf(result))).toContain(secret);
		expect(JSON.stringify([stage.engine.logs, result.hints, reportsOf(result)])).not.toContain(
			secret,
		);
	});

	test('“RecordType is a number, and a quarter of the live ones are in no published table”: no name is guessed', async () => {
		await play();
		addBlob({
			events: [event('known', { RecordType: 1 }), event('unknown', { RecordType: 987_654 })],
		});
		const [known, unknown] = eventsOf(await stage.getEvents({ simplify: true }));
		expect(known).toMatchObject({ RecordType: 1, RecordTypeName: 'ExchangeAdmin' });
		expect(unknown).toMatchObject({ RecordType: 987_654 });
		expect(unknown).not.toHaveProperty('RecordTypeName');
	});

	test('“blobs over 1 MiB are common, 10–20 MiB happen”, “tens of thousands of events per blob”', async () => {
		await play();
		const filler = 'x'.repeat(700);
		const events = Array.from({ length: 20_000 }, (_, n) => event(`event ${n}`, { filler }));
		addBlob({ events });
		const delivered = ids(await stage.getEvents());
		expect(delivered).toHaveLength(20_000);
		expect(delivered[19_999]).toBe('event 19999');
	}, 180_000);

	test('“Latency from event to blob: minutes to 24 h and more”: the range is that of contentCreated', async () => {
		await play();
		const CreationTime = new Date(stage.clock.now() - 30 * HOUR).toISOString().slice(0, 19);
		addBlob({
			events: [event('late', { CreationTime })],
			createdMs: stage.clock.now() - 2 * MINUTE,
		});
		expect(ids(await stage.getEvents({ lastAmount: 1, lastUnit: 'hours' }))).toEqual(['late']);
	});
});
