import { describe, expect, test } from '@jest/globals';
import { DAY_MS, HOUR_MS, NOW_MS, apiTime, startTenant } from './support.mts';
import type { Tenant } from './support.mts';

const between = (startMs: number, endMs: number) => ({
	startTime: apiTime(startMs),
	endTime: apiTime(endMs),
});
const ids = (data: Array<{ contentId: string }>) => data.map(({ contentId }) => contentId);

/** Follows all pages, with the publisher put back, and returns them. */
async function allPages(tenant: Tenant, header = 'nextpageuri'): Promise<unknown[][]> {
	const pages: unknown[][] = [];
	let answer = await tenant.list('Audit.General', between(NOW_MS - DAY_MS, NOW_MS));
	for (;;) {
		pages.push(answer.data);
		const next = answer.headers[header];
		if (!next) return pages;
		const query = Object.fromEntries(new URL(next).searchParams);
		answer = await tenant.api('subscriptions/content', { query });
	}
}

async function tenantWith(count: number, faults = {}): Promise<Tenant> {
	const tenant = await startTenant({ faults: { sameMillisecond: 0, ...faults } });
	for (let i = 0; i < count; i++)
		tenant.sim.feed.addBlob({ createdMs: NOW_MS - HOUR_MS - i * 1000 });
	return tenant;
}

describe('content listing', () => {
	test('entries have the documented fields', async () => {
		const { sim, list } = await startTenant();
		const blob = sim.feed.addBlob({ contentType: 'Audit.Exchange', createdMs: NOW_MS - HOUR_MS });
		const { status, headers, data } = await list('Audit.Exchange');
		expect(status).toBe(200);
		expect(headers['content-type']).toBe('application/json; charset=utf-8');
		expect(data).toEqual([
			{
				contentUri: `${sim.url}/api/v1.0/${sim.tenant.tenantId}/activity/feed/audit/${blob.contentId}`,
				contentId: expect.stringMatching(/^\d{23}\$\d{23}\$audit_exchange\$Audit_Exchange\$\w+$/),
				contentType: 'Audit.Exchange',
				contentCreated: '2026-03-10T11:30:00.000Z',
				contentExpiration: '2026-03-17T11:30:00.000Z',
			},
		]);
	});

	test('contentUri is built from the host the client addressed', async () => {
		const { sim, api, signIn } = await startTenant();
		sim.feed.addBlob({ createdMs: NOW_MS - HOUR_MS });
		const { data } = await signIn({ scope: 'https://manage.office.com/.default' });
		const answer = await api('subscriptions/content', {
			query: { contentType: 'Audit.General' },
			token: data.access_token,
			headers: { Host: 'manage.office.com' },
		});
		expect(answer.data[0].contentUri).toMatch(/^http:\/\/manage\.office\.com\/api\/v1\.0\//);
	});

	test('the start is inclusive, the end exclusive, both against contentCreated', async () => {
		const { sim, list } = await startTenant();
		const first = sim.feed.addBlob({ createdMs: NOW_MS - 2 * HOUR_MS });
		sim.feed.addBlob({ createdMs: NOW_MS - HOUR_MS });
		const { data } = await list('Audit.General', between(NOW_MS - 2 * HOUR_MS, NOW_MS - HOUR_MS));
		expect(ids(data)).toEqual([first.contentId]);
	});

	test('without times it is the last 24 hours', async () => {
		const { sim, list } = await startTenant();
		const young = sim.feed.addBlob({ createdMs: NOW_MS - 23 * HOUR_MS });
		sim.feed.addBlob({ createdMs: NOW_MS - 25 * HOUR_MS });
		expect(ids((await list()).data)).toEqual([young.contentId]);
	});

	test.each(['2026-03-10', '2026-03-10T11:00', '2026-03-10T11:00:00'])(
		'takes the form %s',
		async (startTime) => {
			const { list } = await startTenant();
			expect(
				(await list('Audit.General', { startTime, endTime: '2026-03-10T12:00:00' })).status,
			).toBe(200);
		},
	);

	test.each([
		'2026-03-10T11:00:00Z',
		'2026-03-10T11:00:00%2B01:00',
		'2026-03-10T11:00:00.000',
		'2026-03-10%2011:00:00',
		'2026-02-31',
		'1773140400000',
	])('AF20002 refuses the form %s', async (startTime) => {
		const { list } = await startTenant();
		expect(
			(await list('Audit.General', { startTime, endTime: '2026-03-10T12:00:00' })).data.error,
		).toEqual({
			code: 'AF20002',
			message: 'Invalid parameter type: startTime. Expected type: datetime',
		});
	});

	test('AF20030 when only one time is given or they are the wrong way round, noted as a broken rule', async () => {
		const { sim, list } = await startTenant();
		expect(
			(await list('Audit.General', { startTime: apiTime(NOW_MS - HOUR_MS) })).data.error.code,
		).toBe('AF20030');
		expect((await list('Audit.General', { endTime: apiTime(NOW_MS) })).data.error.code).toBe(
			'AF20030',
		);
		expect((await list('Audit.General', between(NOW_MS, NOW_MS - HOUR_MS))).data.error.code).toBe(
			'AF20030',
		);
		expect(sim.ledger.violations.map(({ rule }) => rule)).toEqual([
			'timeRange',
			'timeRange',
			'timeRange',
		]);
	});

	test.each(['AF20030', 'AF20055'] as const)(
		'%s for more than 24 hours; 24 hours are fine',
		async (longRange) => {
			const { list } = await startTenant({ faults: { longRange } });
			expect((await list('Audit.General', between(NOW_MS - DAY_MS, NOW_MS))).status).toBe(200);
			expect(await list('Audit.General', between(NOW_MS - DAY_MS - 1000, NOW_MS))).toMatchObject({
				status: 400,
				data: {
					error: {
						code: longRange,
						message: expect.stringMatching(/^Start time and end time must both be specified/),
					},
				},
			});
		},
	);

	test('or, worse, 200 with partial results for more than 24 hours', async () => {
		const tenant = await tenantWith(40, { longRange: 'partial' });
		const { status, data } = await tenant.list(
			'Audit.General',
			between(NOW_MS - 2 * DAY_MS, NOW_MS),
		);
		expect(status).toBe(200);
		expect(data.length).toBeGreaterThan(0);
		expect(data.length).toBeLessThan(40);
	});

	test.each(['AF20030', 'AF20055'] as const)(
		'%s for a start more than 7 days back, an edge that moves with the clock',
		async (oldRange) => {
			const { list, clock } = await startTenant({ faults: { oldRange } });
			const atEdge = between(NOW_MS - 7 * DAY_MS, NOW_MS - 6 * DAY_MS);
			expect((await list('Audit.General', atEdge)).status).toBe(200);
			clock.advance(1000);
			expect((await list('Audit.General', atEdge)).data.error.code).toBe(oldRange);
		},
	);

	test("the server's clock may differ from ours", async () => {
		const { list } = await startTenant({ faults: { serverClockAheadMs: 5 * 60_000 } });
		const { data, headers } = await list(
			'Audit.General',
			between(NOW_MS - 7 * DAY_MS + 60_000, NOW_MS - 6 * DAY_MS),
		);
		expect(data.error.code).toBe('AF20055');
		expect(headers['date']).toBe(new Date(NOW_MS + 5 * 60_000).toUTCString());
	});

	test('a blob can become listed late, with a contentCreated in the past', async () => {
		const { sim, list, clock } = await startTenant();
		const late = sim.feed.addBlob({ listedAfterMs: HOUR_MS });
		clock.advance(HOUR_MS - 1);
		expect((await list()).data).toEqual([]);
		clock.advance(1);
		expect((await list()).data[0]).toMatchObject({
			contentId: late.contentId,
			contentCreated: '2026-03-10T12:30:00.000Z',
		});
	});

	test('entries are listed although they have expired, and fetching them is AF20051', async () => {
		const { sim, list, blob } = await startTenant();
		const { contentId } = sim.feed.addBlob({ createdMs: NOW_MS - HOUR_MS, expiresMs: NOW_MS - 1 });
		expect(ids((await list()).data)).toEqual([contentId]);
		expect((await blob(contentId)).data.error).toEqual({
			code: 'AF20051',
			message: `Content requested with the key ${contentId} has already expired. Content older than 7 days cannot be retrieved.`,
		});
	});

	test('several blobs share a millisecond, and contentExpiration can be 20 days off', async () => {
		const { sim } = await startTenant({
			blobs: 100,
			faults: { sameMillisecond: 0.5, expirationDays: 20 },
		});
		expect(new Set(sim.feed.blobs.map(({ createdMs }) => createdMs)).size).toBeLessThan(70);
		const [blob] = sim.feed.blobs;
		expect((blob?.expiresMs ?? 0) - (blob?.createdMs ?? 0)).toBe(20 * DAY_MS);
	});

	test('the order is not that of contentCreated', async () => {
		const tenant = await tenantWith(30);
		const created = (await allPages(tenant))
			.flat()
			.map((entry) => (entry as { contentCreated: string }).contentCreated);
		expect(created).not.toEqual([...created].sort());
		expect(created).not.toEqual([...created].sort().reverse());
	});

	test('an entry can be listed twice', async () => {
		const tenant = await tenantWith(30, { duplicateEntries: 0.5, pageSize: 5 });
		const listed = ids((await allPages(tenant)).flat() as Array<{ contentId: string }>);
		expect(new Set(listed).size).toBe(30);
		expect(listed.length).toBeGreaterThan(35);
		expect([...tenant.sim.ledger.blobs.values()].filter((blob) => blob.listed === 2)).toHaveLength(
			listed.length - 30,
		);
	});

	test('garbage stands among the entries', async () => {
		const tenant = await tenantWith(60, { garbageEntries: 0.5 });
		const entries = (await allPages(tenant)).flat() as Array<{ contentId?: unknown } | null>;
		expect(entries.length).toBeGreaterThan(75);
		expect(entries.filter((entry) => String(entry?.contentId ?? '').includes('$'))).toHaveLength(
			60,
		);
		expect(entries).toContain(null);
	});

	test.each(['localhost', 'foreign'] as const)(
		'contentUri can point at another tenant on another host: %s',
		async (contentUri) => {
			const tenant = await tenantWith(1, { contentUri });
			const { data } = await tenant.list();
			const host = contentUri === 'localhost' ? 'http://localhost/' : `${tenant.sim.foreignUrl}/`;
			expect(data[0].contentUri).toContain(host);
			expect(data[0].contentUri).not.toContain(tenant.sim.tenant.tenantId);
		},
	);
});

describe('pages of a listing', () => {
	test('NextPageUri leads on until it is missing; no entry is lost or repeated', async () => {
		const tenant = await tenantWith(23, { pageSize: 10 });
		const pages = await allPages(tenant);
		expect(pages.map((page) => page.length)).toEqual([10, 10, 3]);
		expect(new Set(ids(pages.flat() as Array<{ contentId: string }>)).size).toBe(23);
	});

	test('the next page says /api/v1/, keeps the times and drops PublisherIdentifier', async () => {
		const tenant = await tenantWith(3, { pageSize: 2 });
		const { headers } = await tenant.list('Audit.General', between(NOW_MS - DAY_MS, NOW_MS));
		expect(headers['nextpageuri']).toMatch(
			new RegExp(
				`^${tenant.sim.url}/api/v1/${tenant.sim.tenant.tenantId}/activity/feed/subscriptions/content\\?contentType=Audit.General&startTime=2026-03-09T12:30:00&endTime=2026-03-10T12:30:00&nextPage=\\w+$`,
			),
		);
		const { default: axios } = await import('axios');
		const page = await axios.get(headers['nextpageuri'], {
			headers: { Authorization: `Bearer ${await tenant.token()}` },
		});
		expect(page.data).toHaveLength(1);
		expect(tenant.sim.ledger.violations.map(({ rule }) => rule)).toEqual(['publisherMissing']);
	});

	test.each(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI', 'NextPageUrl'])(
		'the header is spelled %s',
		async (nextPageHeader) => {
			const tenant = await tenantWith(3, { pageSize: 2, nextPageHeader });
			const { request } = await tenant.list();
			expect(request.res.rawHeaders).toContain(nextPageHeader);
			expect(await allPages(tenant, nextPageHeader.toLowerCase())).toHaveLength(2);
		},
	);

	test('the last page can carry the header with an empty value', async () => {
		const tenant = await tenantWith(1, { nextPageEmpty: true });
		expect((await tenant.list()).headers['nextpageuri']).toBe('');
	});

	test('endTime can be spelled endtime in the link, and is understood so', async () => {
		const tenant = await tenantWith(3, { pageSize: 2, nextPageEndTime: 'endtime' });
		expect((await tenant.list()).headers['nextpageuri']).toContain('&endtime=');
		expect((await allPages(tenant)).flat()).toHaveLength(3);
	});

	test('AF20031 for a link that went stale, and for one that never was', async () => {
		const tenant = await tenantWith(3, { pageSize: 2, nextPageStale: 1 });
		const { headers } = await tenant.list('Audit.General', between(NOW_MS - DAY_MS, NOW_MS));
		const query = Object.fromEntries(new URL(headers['nextpageuri']).searchParams);
		const stale = await tenant.api('subscriptions/content', { query });
		expect(stale).toMatchObject({
			status: 400,
			data: {
				error: { code: 'AF20031', message: `Invalid nextPage Input: ${query['nextPage']}.` },
			},
		});
		expect((await tenant.api('subscriptions/content', { query })).status).toBe(200);
		expect(
			(await tenant.api('subscriptions/content', { query: { ...query, nextPage: 'x' } })).data.error
				.code,
		).toBe('AF20031');
	});

	test('the link can lead back to the same page, for ever', async () => {
		const tenant = await tenantWith(3, { pageSize: 2, nextPageLoop: true });
		const first = (await tenant.list('Audit.General', between(NOW_MS - DAY_MS, NOW_MS))).headers[
			'nextpageuri'
		];
		const query = Object.fromEntries(new URL(first).searchParams);
		expect((await tenant.api('subscriptions/content', { query })).headers['nextpageuri']).toBe(
			first,
		);
	});

	test('the link can lead to a foreign host', async () => {
		const tenant = await tenantWith(3, { pageSize: 2, nextPageHost: 'foreign' });
		expect((await tenant.list()).headers['nextpageuri']).toContain(tenant.sim.foreignUrl);
	});

	test('pages can be empty although more follow', async () => {
		const tenant = await tenantWith(3, { emptyPages: 4 });
		expect((await allPages(tenant)).map((page) => page.length)).toEqual([0, 0, 0, 0, 3]);
	});

	test('blobs that appear between two pages shift nothing', async () => {
		const tenant = await tenantWith(20, { pageSize: 5 });
		const seen: string[] = [];
		let answer = await tenant.list('Audit.General', between(NOW_MS - DAY_MS, NOW_MS));
		for (;;) {
			seen.push(...ids(answer.data));
			if (!answer.headers['nextpageuri']) break;
			tenant.clock.advance(1000);
			for (let i = 0; i < 5; i++)
				tenant.sim.feed.addBlob({
					createdMs: NOW_MS - 2 * HOUR_MS,
					listedAfterMs: tenant.clock.now() - NOW_MS + 2 * HOUR_MS,
				});
			answer = await tenant.api('subscriptions/content', {
				query: Object.fromEntries(new URL(answer.headers['nextpageuri']).searchParams),
			});
		}
		expect(seen).toHaveLength(20);
		expect(new Set(seen).size).toBe(20);
	});
});
