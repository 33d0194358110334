import type { AddBlob } from '../../../simulator/feed.mts';
import {
	createEmptyStage,
	eventsOf,
	MINUTE,
	reportsOf,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('The wire: blobs and events: blobs', () => {
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
	}, 45_000);

	test('“One content type may be refused (DLP) while others work: isolate it”', async () => {
		await play({ faults: { refusedContentTypes: ['DLP.All'] } });
		addBlob({ events: [event('fine')] });
		addBlob({ contentType: 'DLP.All', events: [event('refused')] });
		const result = await stage.getEvents();
		expect(result.error).toBeUndefined();
		expect(ids(result)).toEqual(['fine']);
		expect(JSON.stringify([result.hints, reportsOf(result)])).toContain('DLP.All');
	});
});
