import type { Faults } from '../../../simulator/faults.mts';
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

describe('The wire: listing content', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const playBacklog = async (faults: Partial<Faults> = {}, more: StageOptions = {}) =>
		(stage = await createStage({ blobs: 60, eventsPerBlob: 2, days: 3, faults, ...more }));

	async function expectEverything(): Promise<void> {
		const result = await stage.getEvents();
		expect(result.error).toBeUndefined();
		stage.sim.ledger.recordDelivered(jsonOf(result));
		expect(stage.sim.ledger.verdict({ nowMs: stage.clock.now() })).toMatchObject({ ok: true });
		expect(stage.sim.ledger.blobs.size).toBe(stage.sim.feed.blobs.length);
	}

	const listings = () => requestsTo(stage.sim, '/subscriptions/content');

	test('“UTC, YYYY-MM-DDTHH:MM:SS, no offset, no Z” and “Both or neither; at most 24 h apart”', async () => {
		await playBacklog();
		await expectEverything();
		const firstPages = listings().filter(({ query }) => !('nextPage' in query));
		expect(firstPages.length).toBeGreaterThan(30);
		for (const { query } of firstPages) {
			expect(query.startTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
			expect(query.endTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
			const span = Date.parse(`${query.endTime}Z`) - Date.parse(`${query.startTime}Z`);
			expect(span).toBeGreaterThan(0);
			expect(span).toBeLessThanOrEqual(DAY);
		}
	});

	test('“start inclusive, end exclusive, compared with contentCreated”', async () => {
		stage = await createEmptyStage();
		const base = Math.floor(stage.clock.now() / HOUR) * HOUR - 6 * HOUR;
		const at = (Id: string, createdMs: number) =>
			stage.sim.feed.addBlob({ createdMs, events: [{ Id }] });
		at('before', base - 1);
		at('first moment', base);
		at('last moment', base + HOUR - 1);
		at('after', base + HOUR);
		const result = await stage.getEvents({
			timeRange: 'between',
			startTime: new Date(base).toISOString(),
			endTime: new Date(base + HOUR).toISOString(),
		});
		expect(eventsOf(result).map(({ Id }) => Id)).toEqual(['first moment', 'last moment']);
	});

	test.each(['AF20030', 'AF20055', 'partial'] as const)(
		'“Violations: 400 AF20030, AF20055, or — worse — 200 with partial results for ranges over 24 h”: %s',
		async (longRange) => {
			await playBacklog({ longRange });
			await expectEverything();
		},
	);

	test.each(['AF20030', 'AF20055'] as const)(
		'“start at most 7 days back”, “The 7-day edge moves while a request is in flight: clamp at send time with a margin”: %s',
		async (oldRange) => {
			await playBacklog({ oldRange });
			await expectEverything();
			const edge = stage.clock.now() - 7 * DAY;
			const earliest = Math.min(
				...listings().map(({ query }) => Date.parse(`${query.startTime}Z`)),
			);
			expect(earliest - edge).toBeGreaterThanOrEqual(MINUTE);
			expect(earliest - edge).toBeLessThanOrEqual(HOUR);
			expect(listings().filter(({ status }) => status !== 200)).toEqual([]);
		},
	);

	test.each([3, -3])('the same when Microsoft’s clock differs by %i minutes', async (minutes) => {
		await playBacklog({ serverClockAheadMs: minutes * MINUTE });
		await expectEverything();
	});

	test('“report the interval that was lost instead of hiding it”', async () => {
		await playBacklog();
		const start = stage.clock.now() - 7 * DAY - 2 * HOUR;
		const result = await stage.getEvents({
			timeRange: 'between',
			startTime: new Date(start).toISOString(),
			endTime: new Date(start + 6 * DAY).toISOString(),
		});
		const readable = new Date(start).toISOString().slice(0, 19).replace('T', ' ');
		expect(result.error).toBeUndefined();
		expect(result.hints.map(({ message }) => message).join()).toContain(readable);
		expect(result.logs).toContainEqual(
			expect.objectContaining({ level: 'warn', message: expect.stringContaining(readable) }),
		);
	});

	test('“Order is not to be relied on, also within a page; several blobs may share one millisecond”', async () => {
		await playBacklog({ unordered: true, sameMillisecond: 0.5, pageSize: 5 });
		await expectEverything();
		const order = eventsOf(await stage.getEvents()).map(({ _content }) => {
			const { contentCreated, contentId } = _content as {
				contentCreated: string;
				contentId: string;
			};
			return `${contentCreated} ${contentId}`;
		});
		expect(order).toEqual([...order].sort());
	});

	test('“contentExpiration is 7 days by the docs, about 20 days on the wire: read it, never compute it”', async () => {
		await playBacklog({ expirationDays: 20 });
		await expectEverything();
		stage.sim.ledger.forgetDelivered();
		const [oldest] = stage.sim.feed.blobs;
		expect(oldest!.expiresMs - oldest!.createdMs).toBe(20 * DAY);
	});

	test('“Entries can be listed after they expired”: reported by contentId, once, the others delivered', async () => {
		stage = await createEmptyStage();
		const now = stage.clock.now();
		const expired = stage.sim.feed.addBlob({
			createdMs: now - 5 * HOUR,
			expiresMs: now - HOUR,
			events: [{ Id: 'too late' }],
		});
		stage.sim.feed.addBlob({ createdMs: now - 4 * HOUR, events: [{ Id: 'in time' }] });
		const result = await stage.getEvents();
		expect(eventsOf(result).map(({ Id }) => Id)).toEqual(['in time']);
		expect(reportsOf(result).map(({ contentId }) => contentId)).toEqual([expired.contentId]);
	});

	test.each(['NextPageUri', 'NextPageUrl', 'nextpageuri', 'NEXTPAGEURL'])(
		'“Next page: response header NextPageUri (another page of the docs says NextPageUrl), any letter case”: %s',
		async (nextPageHeader) => {
			await playBacklog({ nextPageHeader, pageSize: 3 });
			await expectEverything();
			expect(listings().some(({ query }) => 'nextPage' in query)).toBe(true);
		},
	);

	test('“possibly present but empty”', async () => {
		await playBacklog({ nextPageEmpty: true, pageSize: 3 });
		await expectEverything();
	});

	test('an empty page with a link is not the end', async () => {
		await playBacklog({ emptyPages: 2, pageSize: 3 });
		await expectEverything();
	});

	test.each(['v1', 'v1.0'] as const)(
		'“Its URL may say /api/v1/ instead of /api/v1.0/, may spell endTime as endtime, and drops PublisherIdentifier”: %s',
		async (nextPageVersion) => {
			await playBacklog({
				nextPageVersion,
				nextPageEndTime: 'endtime',
				nextPagePublisher: false,
				pageSize: 3,
			});
			await expectEverything();
			const followed = listings().filter(({ query }) => 'nextPage' in query);
			const publisher = stage.sim.tenant.tenantId;
			expect(followed.filter((request) => request.publisher !== publisher)).toEqual([]);
		},
	);

	test('“Same host only”: a link to another host is not followed, and the user is told', async () => {
		await playBacklog({ nextPageHost: 'foreign', pageSize: 3 });
		const result = await stage.getEvents();
		expect(stage.sim.ledger.foreignRequests).toBe(0);
		expect(JSON.stringify([result.error?.message, reportsOf(result)])).toMatch(
			/link to the next page .* leads to another host/,
		);
	});

	test('“guard against loops”: links that lead in a circle end, and the user is told', async () => {
		await playBacklog({ nextPageLoop: true, pageSize: 3 });
		const result = await stage.getEvents({ contentTypes: ['Audit.General'] });
		expect(listings().length).toBeLessThan(500);
		expect(JSON.stringify([result.error?.message, result.hints])).toMatch(/circle|page/i);
	});

	test('“a link that went stale (AF20031) means: list that window again”', async () => {
		await playBacklog({ nextPageStale: 3, pageSize: 3 });
		await expectEverything();
		expect(listings().filter(({ why }) => why.includes('AF20031'))).toHaveLength(3);
	});

	test('“Send the $ raw; encoded it can answer 400 AF20052”', async () => {
		await playBacklog();
		await expectEverything();
		const downloads = requestsTo(stage.sim, '/audit/');
		expect(downloads.length).toBe(60);
		for (const { path } of downloads) expect(path).toMatch(/\/audit\/\d{23}\$\d{23}\$/);
	});

	test.each(['localhost', 'foreign'] as const)(
		'“Build the URL yourself from root + tenant + contentId”, “Never send the bearer token to a host other than the configured API host”: contentUri %s',
		async (contentUri) => {
			await playBacklog({ contentUri });
			await expectEverything();
			expect(stage.sim.ledger.foreignRequests).toBe(0);
		},
	);

	describe('“Blobs can become listed late, with a contentCreated already in the past”', () => {
		/** Created an hour ago, listed in ten minutes. */
		const addStraggler = () =>
			stage.sim.feed.addBlob({
				createdMs: stage.clock.now() - HOUR,
				listedAfterMs: HOUR + 10 * MINUTE,
				events: [{ Id: 'straggler' }],
			});

		test('Audit Event > Get Many: the next run of the same range has them', async () => {
			stage = await createEmptyStage();
			addStraggler();
			expect((await stage.getEvents()).items).toEqual([]);
			stage.clock.advance(11 * MINUTE);
			expect(eventsOf(await stage.getEvents()).map(({ Id }) => Id)).toEqual(['straggler']);
		});

		test('the trigger: “re-list an overlap (others: 2 h) and drop the contentIds already delivered”', async () => {
			stage = await createEmptyStage();
			const poll = stage.createPoll({ startFrom: 'last', lastAmount: 6, lastUnit: 'hours' });
			await poll.activate();
			stage.sim.feed.addBlob({
				createdMs: stage.clock.now() - 50 * MINUTE,
				events: [{ Id: 'in time' }],
			});
			addStraggler();
			const delivered = () =>
				poll.emissions.flatMap(({ items }) => items.map(({ json }) => json.Id));
			stage.clock.advance(MINUTE);
			await poll.tick();
			expect(delivered()).toEqual(['in time']);
			stage.clock.advance(15 * MINUTE);
			await poll.tick();
			await poll.tick();
			expect(delivered()).toEqual(['in time', 'straggler']);
			expect(poll.errors).toEqual([]);
		});
	});
});
