import type { AddBlob } from '../../../simulator/feed.mts';
import {
	createEmptyStage,
	eventsOf,
	HOUR,
	MINUTE,
	reportsOf,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('WIRE: blobs and events', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));

	let minutesAgo = 1_000;
	const addBlob = (blob: AddBlob) =>
		stage.sim.feed.addBlob({ createdMs: stage.clock.now() - --minutesAgo * MINUTE, ...blob });
	const event = (Id: string, more = {}) => ({ Id, Operation: 'Test', RecordType: 2, ...more });
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);

	/** Fetches of one blob. */
	const fetches = (contentId: string) => requestsTo(stage.sim, contentId);

	describe('“GET activity/feed/audit/{contentId} -> JSON array of events. Seen besides: …”', () => {
		test('one object instead of an array', async () => {
			await play();
			addBlob({ events: [event('alone')], fault: 'SingleObject' });
			expect(ids(await stage.getEvents())).toEqual(['alone']);
		});

		test('a BOM', async () => {
			await play();
			addBlob({ events: [event('behind a mark')], fault: 'ByteOrderMark' });
			expect(ids(await stage.getEvents())).toEqual(['behind a mark']);
		});

		test.each([
			['an empty body with 200', 'EmptyBody'],
			['an error object', 'ErrorObject'],
			['HTML (504 pages)', 'Html'],
			['a truncated body', 'TruncatedBody'],
			['truncated JSON', 'TruncatedJson'],
		] as const)(
			'%s: tried again, then reported, and the others are delivered',
			async (_name, fault) => {
				await play();
				addBlob({ events: [event('before')] });
				const recovers = addBlob({ events: [event('second try')], fault, failures: 1 });
				const never = addBlob({ events: [event('never')], fault, failures: Infinity });
				addBlob({ events: [event('after')] });
				const result = await stage.getEvents();
				expect(ids(result)).toEqual(['before', 'second try', 'after']);
				expect(reportsOf(result)).toEqual([
					{
						error: expect.any(String),
						contentId: never.contentId,
						contentType: 'Audit.General',
					},
				]);
				expect(fetches(recovers.contentId)).toHaveLength(2);
				expect(fetches(never.contentId).length).toBeGreaterThan(1);
				expect(result.hints.length).toBeGreaterThan(0);
				expect(result.logs.some(({ level }) => level === 'warn')).toBe(true);
			},
		);
	});

	test.each([
		['AF20050 (does not exist)', 'NotFound'],
		['AF20051 (expired)', 'Expired'],
		['404', 'NotFoundPlain'],
	] as const)('“AF20050/AF20051 and 404: skip, count, report, go on”: %s', async (_name, fault) => {
		await play();
		addBlob({ events: [event('before')] });
		const gone = addBlob({ fault });
		addBlob({ events: [event('after')] });
		const result = await stage.getEvents();
		expect(ids(result)).toEqual(['before', 'after']);
		expect(reportsOf(result).map(({ contentId }) => contentId)).toEqual([gone.contentId]);
		expect(fetches(gone.contentId)).toHaveLength(1);
	});

	test.each([
		['AF50000, AF50005, AF50006', 'InternalError'],
		['5xx', 'Unavailable'],
		['408', 'Timeout'],
		['resets', 'Reset'],
		['truncation', 'WrongContentLength'],
	] as const)(
		'“%s: retry with back-off, then set that blob aside and go on”',
		async (_name, fault) => {
			await play();
			const failing = addBlob({ events: [event('late')], fault, failures: 2 });
			const hopeless = addBlob({ events: [event('lost')], fault, failures: Infinity });
			addBlob({ events: [event('other')] });
			const result = await stage.getEvents();
			expect(ids(result)).toEqual(['late', 'other']);
			expect(reportsOf(result).map(({ contentId }) => contentId)).toEqual([hopeless.contentId]);
			expect(fetches(failing.contentId)).toHaveLength(3);
			const pauses = stage.clock.sleeps.filter((ms) => ms >= 100);
			expect(pauses.length).toBeGreaterThan(1);
		},
	);

	test('an answer that stalls in the middle is given up after a while, and tried again', async () => {
		await play();
		addBlob({ events: [event('second try')], fault: 'Stall', failures: 1 });
		addBlob({ events: [event('other')] });
		expect(ids(await stage.getEvents())).toEqual(['second try', 'other']);
	}, 15_000);

	describe('“Throttle: 429 or 403 with AF429; Retry-After is not promised”', () => {
		test.each([
			[429, ''],
			[403, ''],
			[429, '17'],
		] as const)(
			'%i with Retry-After “%s”: waited for, then everything is delivered',
			async (throttleStatus, retryAfter) => {
				await play({
					quota: { requests: 20, perMs: MINUTE },
					faults: { throttleStatus, retryAfter },
				});
				for (let n = 0; n < 40; n++) addBlob({ events: [event(`event ${n}`)] });
				const result = await stage.getEvents();
				expect(new Set(ids(result)).size).toBe(40);
				expect(reportsOf(result)).toEqual([]);
				expect(stage.sim.ledger.throttled).toBeGreaterThan(0);
				if (retryAfter) expect(Math.max(...stage.clock.sleeps)).toBeGreaterThanOrEqual(17_000);
			},
		);

		test('“Wait for all requests of that tenant, not just one”', async () => {
			await play({ quota: { requests: 20, perMs: MINUTE } });
			for (let n = 0; n < 60; n++) addBlob({ events: [event(`event ${n}`)] });
			const result = await stage.getEvents({ options: { concurrency: 16 } });
			expect(ids(result)).toHaveLength(60);
			const throttled = stage.sim.requestLog.filter(({ status }) => status === 429);
			expect(throttled.length).toBeGreaterThan(0);
			for (const { atMs } of throttled) {
				const soonAfter = stage.sim.requestLog.filter(
					(request) => request.atMs > atMs && request.atMs < atMs + 4_000,
				);
				expect(soonAfter).toEqual([]);
				// Only what was under way already.
				const together = throttled.filter((request) => request.atMs === atMs);
				expect(together.length).toBeLessThanOrEqual(16);
			}
		});

		test('one throttled answer holds up everybody for as long as it asks', async () => {
			await play();
			for (let n = 0; n < 100; n++) {
				addBlob({
					events: [event(`event ${n}`)],
					createdMs: stage.clock.now() - (200 - n) * MINUTE,
				});
			}
			stage.sim.failNext(
				{ path: '/audit/', after: 2 },
				{ status: 429, headers: { 'Retry-After': '30' }, body: { error: { code: 'AF429' } } },
			);
			const result = await stage.getEvents({
				contentTypes: ['Audit.General'],
				lastAmount: 1,
				options: { concurrency: 64 },
			});
			expect(ids(result)).toHaveLength(100);
			const log = [...stage.sim.requestLog];
			const at = log.findIndex(({ status }) => status === 429);
			const soonAfter = log.slice(at + 1).filter(({ atMs }) => atMs < log[at]!.atMs + 30_000);
			// What was under way already, some 16; the other blobs within reach, some 60, wait.
			expect(soonAfter.length).toBeLessThan(30);
		});

		test('“Classify by error.code first, then by status”: 403 with AF429 is no missing permission', async () => {
			await play({ faults: { throttledRequests: 0.3, throttleStatus: 403 } });
			for (let n = 0; n < 20; n++) addBlob({ events: [event(`event ${n}`)] });
			const result = await stage.getEvents();
			expect(result.error).toBeUndefined();
			expect(ids(result)).toHaveLength(20);
		});

		test('“Quota: 2,000 requests a minute per tenant as a baseline”: it is not exceeded', async () => {
			await play({ blobs: 2_500, eventsPerBlob: 1, days: 6 });
			const result = await stage.getEvents();
			expect(result.error).toBeUndefined();
			expect(stage.sim.ledger.throttled).toBe(0);
			expect(stage.sim.ledger.peakRequestsPerMinute).toBeLessThanOrEqual(2_000);
		}, 120_000);

		test('maxRequestsPerMinute lowers it', async () => {
			await play({ blobs: 60, eventsPerBlob: 1, days: 1 });
			await stage.getEvents({ options: { maxRequestsPerMinute: 30 } });
			expect(stage.sim.ledger.peakRequestsPerMinute).toBeLessThanOrEqual(30);
		});
	});

	describe('“401 plain text or {"Message": …}: refresh the token once; if it stays, explain”', () => {
		test.each(['text', 'json'] as const)('%s', async (unauthorizedBody) => {
			await play({ faults: { unauthorizedBody } });
			addBlob({ events: [event('first')] });
			await stage.getEvents();
			stage.clock.advance(5 * MINUTE);
			stage.sim.revokeTokens();
			expect(ids(await stage.getEvents())).toEqual(['first']);
			expect(stage.sim.ledger.tokensIssued).toBe(2);
		});

		test('“audience, permission, consent”', async () => {
			await play({ grantedRoles: [] });
			const { error } = await stage.getEvents();
			expect(`${error?.message} ${(error as { description?: string }).description}`).toMatch(
				/ActivityFeed\.Read.*admin consent/s,
			);
			// One to begin with, one for the first refusal, one for those that were refused together.
			expect(stage.sim.ledger.tokensIssued).toBeLessThanOrEqual(3);
		});
	});

	test('“One content type may be refused (DLP) while others work: isolate it”', async () => {
		await play({ faults: { refusedContentTypes: ['DLP.All'] } });
		addBlob({ events: [event('fine')] });
		addBlob({ contentType: 'DLP.All', events: [event('refused')] });
		const result = await stage.getEvents();
		expect(result.error).toBeUndefined();
		expect(ids(result)).toEqual(['fine']);
		expect(JSON.stringify([result.hints, reportsOf(result)])).toContain('DLP.All');
	});

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
	}, 60_000);

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
