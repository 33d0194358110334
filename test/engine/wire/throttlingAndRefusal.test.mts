import type { AddBlob } from '../../../simulator/feed.mts';
import {
	createEmptyStage,
	eventsOf,
	MINUTE,
	reportsOf,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('The wire: blobs and events: throttling and refusal', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));

	let minutesAgo = 1_000;
	const addBlob = (blob: AddBlob) =>
		stage.sim.feed.addBlob({ createdMs: stage.clock.now() - --minutesAgo * MINUTE, ...blob });
	const event = (Id: string, more = {}) => ({ Id, Operation: 'Test', RecordType: 2, ...more });
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);

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
		}, 300_000);

		test('maxRequestsPerMinute lowers it', async () => {
			await play({ blobs: 60, eventsPerBlob: 1, days: 1 });
			await stage.getEvents({ options: { maxRequestsPerMinute: 30 } });
			expect(stage.sim.ledger.peakRequestsPerMinute).toBeLessThanOrEqual(30);
		});

		test('maxRequestsPerMinute of Content > Get lowers it for all references together', async () => {
			await play({ blobs: 60, eventsPerBlob: 1, days: 1 });
			const input = stage.sim.feed.blobs.map(({ contentId }) => ({ json: { contentId } }));
			const { error, items } = await stage.run(
				{
					resource: 'content',
					operation: 'get',
					contentId: '={{ $json.contentId }}',
					options: { maxRequestsPerMinute: 30 },
				},
				{ input },
			);
			expect(error).toBeUndefined();
			expect(items.length).toBeGreaterThanOrEqual(60);
			expect(stage.sim.ledger.peakRequestsPerMinute).toBeLessThanOrEqual(30);
		}, 300_000);
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
});
