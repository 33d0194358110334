import { describe, expect, test } from '@jest/globals';
import { createVirtualClock } from '../../simulator/clock.mts';
import type { EchoedRequest } from '../../simulator/index.mts';
import { resolveOptions } from '../../simulator/options.mts';
import { createQuotaMeter } from '../../simulator/quota.mts';
import { HOUR_MS, NOW_MS, failureOf, startTenant } from './support.mts';

const publisher = '11111111-2222-4333-8444-555555555555';

describe('throttling', () => {
	test('a sliding window: what is beyond the quota is AF429 until the oldest request has left it', async () => {
		const { sim, api, clock } = await startTenant({ quota: { requests: 3, perMs: 60_000 } });
		const status = async () => (await api('subscriptions/list')).status;
		expect([await status(), await status()]).toEqual([200, 200]);
		clock.advance(30_000);
		expect([await status(), await status()]).toEqual([200, 429]);
		expect((await api('subscriptions/list')).data.error).toEqual({
			code: 'AF429',
			message: `Too many requests. Method=GET, PublisherId=${sim.tenant.tenantId}`,
		});
		clock.advance(30_000);
		expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
		expect(sim.ledger.throttled).toBe(3);
	});

	test('a fixed window: everything comes back at once when the next one begins', () => {
		const clock = createVirtualClock(45_000);
		const meter = createQuotaMeter({ requests: 2, perMs: 60_000, window: 'fixed' }, clock);
		const take = () => meter.take(publisher);
		expect([take(), take(), take()]).toEqual([0, 0, 15_000]);
		clock.advance(14_999);
		expect(take()).toBe(1);
		clock.advance(1);
		expect([take(), take(), take()]).toEqual([0, 0, 60_000]);
	});

	test('the baseline is 2,000 requests a minute', () => {
		expect(resolveOptions({}).options.quota).toEqual({ requests: 2000, perMs: 60_000 });
		const meter = createQuotaMeter(resolveOptions({}).options.quota, createVirtualClock(0));
		const waits = Array.from({ length: 2001 }, () => meter.take(publisher));
		expect(waits.indexOf(60_000)).toBe(2000);
	});

	test('every publisher has a quota; those who do not say who they are share one and break a rule', async () => {
		const { sim, api } = await startTenant({ quota: { requests: 1, perMs: 1000 } });
		const as = async (PublisherIdentifier?: string) =>
			await api('subscriptions/list', { query: { PublisherIdentifier } });
		expect((await as(publisher)).status).toBe(200);
		expect((await as(sim.tenant.tenantId)).status).toBe(200);
		expect((await as(undefined)).status).toBe(200);
		expect((await as(undefined)).data.error.message).toBe(
			'Too many requests. Method=GET, PublisherId=00000000-0000-0000-0000-000000000000',
		);
		expect(sim.ledger.violations.map(({ rule }) => rule)).toEqual([
			'publisherMissing',
			'publisherMissing',
		]);
	});

	test.each([
		[429, 'auto', '60'],
		[403, '', undefined],
		[429, '-5', '-5'],
		[429, 'Fri, 31 Dec 2027 23:59:59 GMT', 'Fri, 31 Dec 2027 23:59:59 GMT'],
		[429, '31536000', '31536000'],
	] as const)('%d with Retry-After "%s"', async (throttleStatus, retryAfter, header) => {
		const { api } = await startTenant({
			quota: { requests: 0, perMs: 60_000 },
			faults: { throttleStatus, retryAfter },
		});
		const { status, headers, data } = await api('subscriptions/list');
		expect(status).toBe(throttleStatus);
		expect(headers['retry-after']).toBe(header);
		expect(data.error.code).toBe('AF429');
	});
});

describe('faults on any request', () => {
	const outcomes = async (faults: object) => {
		const { api, token } = await startTenant({ faults });
		const good = await token();
		const all: Array<number | string> = [];
		for (let i = 0; i < 60; i++) {
			all.push(
				await api('subscriptions/list', { token: good }).then(
					(a) => a.status,
					(e: { code: string }) => e.code,
				),
			);
		}
		return all;
	};

	test('a fraction answers 5xx, as JSON or as a page', async () => {
		const all = await outcomes({ internalErrors: 0.4 });
		expect(new Set(all)).toEqual(new Set([200, 500, 503, 504]));
	});

	test('a fraction is throttled whatever the quota', async () => {
		expect(new Set(await outcomes({ throttledRequests: 0.3 }))).toEqual(new Set([200, 429]));
	});

	test('a fraction is reset before an answer', async () => {
		expect(new Set(await outcomes({ resets: 0.3 }))).toEqual(new Set([200, 'ECONNRESET']));
	});

	test('huge headers', async () => {
		const { api } = await startTenant({ faults: { hugeHeaderBytes: 8000 } });
		expect((await api('subscriptions/list')).headers['x-huge']).toHaveLength(8000);
	});
});

describe('scripted faults', () => {
	test('hit the request they name, so many times, after so many others', async () => {
		const { sim, api, blob } = await startTenant();
		const { contentId } = sim.feed.addBlob({ events: [] });
		sim.failNext(
			{ path: '/audit/', after: 1, times: 2 },
			{ status: 502, body: 'bad gateway', headers: { 'X-Why': 'script' } },
		);
		expect((await api('subscriptions/list')).status).toBe(200);
		expect((await blob(contentId)).status).toBe(200);
		expect(await blob(contentId)).toMatchObject({
			status: 502,
			data: 'bad gateway',
			headers: { 'x-why': 'script' },
		});
		expect((await blob(contentId)).status).toBe(502);
		expect((await blob(contentId)).status).toBe(200);
	});

	test('may echo the request, as a proxy’s error page does', async () => {
		const { sim, signIn, api, token } = await startTenant();
		const bearer = await token();
		expect(sim.issuedTokens()).toContain(bearer);
		const body = ({ headers }: EchoedRequest) => `You sent ${String(headers['authorization'])}`;
		sim.failNext({ path: '/list' }, { status: 400, body });
		expect((await api('subscriptions/list', { token: bearer })).data).toBe(`You sent Bearer ${bearer}`);
		sim.failNext({ path: '/oauth2/' }, { status: 400, body: (request: EchoedRequest) => request.body });
		expect((await signIn()).data).toContain('client_secret=');
	});

	test('match by method and pattern, the token endpoint too', async () => {
		const { sim, signIn } = await startTenant();
		sim.failNext({ method: 'GET', path: /token$/ }, { status: 500 });
		sim.failNext(
			{ method: 'POST', path: /token$/ },
			{ status: 503, body: { error: 'temporarily_unavailable' } },
		);
		expect(await signIn()).toMatchObject({
			status: 503,
			data: { error: 'temporarily_unavailable' },
		});
		expect((await signIn()).status).toBe(200);
	});

	test.each([
		['reset', /ECONNRESET/],
		['notHttp', /HPE_INVALID_CONSTANT/],
		['silence', /ECONNABORTED/],
		['stall', /ECONNABORTED/],
		['truncate', /ECONNRESET|ERR_BAD_RESPONSE|aborted/],
		['resetInBody', /ECONNRESET|ERR_BAD_RESPONSE|aborted/],
	] as const)('break the real answer: %s', async (connection, failure) => {
		const { sim, blob } = await startTenant();
		const { contentId } = sim.feed.addBlob({ events: [{ Id: 'a' }] });
		sim.failNext({ path: contentId }, { connection });
		expect(await failureOf(blob(contentId, { timeout: 300 }))).toMatch(failure);
		expect(sim.ledger.blobs.get(contentId)?.fetched ?? 0).toBe(0);
		expect((await blob(contentId)).data).toEqual([{ Id: 'a' }]);
	});

	test('are taken off the script again', async () => {
		const { sim, api } = await startTenant();
		const outage = sim.failNext({ path: 'list', times: Infinity }, { status: 503 });
		expect((await api('subscriptions/list')).status).toBe(503);
		outage.lift();
		expect((await api('subscriptions/list')).status).toBe(200);
		expect(outage.hits()).toBe(1);
	});

	test('change headers or body of the real answer', async () => {
		const { sim, api, list } = await startTenant();
		sim.failNext({ path: 'content' }, { headers: { NextPageUri: 'http://[bad' } });
		expect((await list()).headers['nextpageuri']).toBe('http://[bad');
		sim.failNext({ path: 'list' }, { body: '{"not": "an array"}' });
		expect(await api('subscriptions/list')).toMatchObject({
			status: 200,
			data: { not: 'an array' },
		});
	});

	test('put a member into the first object of the real answer', async () => {
		const { sim, api, signIn, blob } = await startTenant();
		const { contentId } = sim.feed.addBlob({ events: [{ Id: 'a' }, { Id: 'b' }] });
		const member = '"__proto__":{"polluted":true}';
		sim.failNext({ times: Infinity }, { member });
		expect(Object.keys((await signIn()).data)).toContain('__proto__');
		expect(Object.keys((await api('subscriptions/list')).data[0])).toEqual(
			expect.arrayContaining(['__proto__', 'contentType']),
		);
		expect((await blob(contentId)).data.map(Object.keys)).toEqual([['__proto__', 'Id'], ['Id']]);
		expect(sim.ledger.blobs.get(contentId)?.fetched).toBe(1);
	});

	test('delay an answer', async () => {
		const { sim, api } = await startTenant();
		sim.failNext({ path: 'list' }, { delayMs: 400 });
		expect(await failureOf(api('subscriptions/list', { timeout: 150 }))).toBe('ECONNABORTED');
	});
});

describe('foreign hosts', () => {
	test('a redirect leads to a foreign host, which tells the ledger of a token', async () => {
		const { sim, blob } = await startTenant({ faults: { redirectStatus: 302 } });
		const { contentId } = sim.feed.addBlob();
		const { status, headers } = await blob(contentId);
		expect(status).toBe(302);
		expect(headers['location']).toContain(`${sim.foreignUrl}/api/v1.0/`);
		expect(sim.ledger).toMatchObject({ foreignRequests: 0, foreignRequestsWithToken: 0 });
		const { default: axios } = await import('axios');
		await axios.get(headers['location']);
		expect(sim.ledger).toMatchObject({ foreignRequests: 1, foreignRequestsWithToken: 0 });
		await axios.get(headers['location'], { headers: { Authorization: 'Bearer x' } });
		await axios.post(sim.foreignUrl, { stolen: 'eyJhbGciOi.eyJhdWQi.c2ln' });
		expect(sim.ledger).toMatchObject({ foreignRequests: 3, foreignRequestsWithToken: 2 });
		expect(sim.ledger.verdict().ok).toBe(false);
	});

	test('a foreign host that is shown the client secret tells the ledger', async () => {
		const { sim } = await startTenant();
		const { default: axios } = await import('axios');
		await axios.post(sim.foreignUrl, new URLSearchParams({ client_secret: sim.tenant.clientSecret }));
		expect(sim.ledger.foreignRequestsWithToken).toBe(1);
	});

	test.each([301, 302, 303, 307, 308] as const)(
		"a chain of 30 redirects (%d) on the API's own host arrives",
		async (redirectStatus) => {
			const { sim, blob } = await startTenant({ faults: { redirectStatus, redirectTo: 'chain' } });
			const { contentId } = sim.feed.addBlob({ events: [] });
			expect((await blob(contentId, { maxRedirects: 30 })).status).toBe(200);
		},
	);

	test('a redirect loop never arrives', async () => {
		const { sim, blob } = await startTenant({
			faults: { redirectStatus: 307, redirectTo: 'loop' },
		});
		const { contentId } = sim.feed.addBlob({ events: [] });
		expect(await failureOf(blob(contentId, { maxRedirects: 10 }))).toBe(
			'ERR_FR_TOO_MANY_REDIRECTS',
		);
	});

	test('a secret or token in a URL breaks a rule', async () => {
		const { sim, api } = await startTenant();
		await api('subscriptions/list', { query: { access_token: 'eyJhbGciOi.eyJhdWQi.c2ln' } });
		expect(sim.ledger.violations.map(({ rule }) => rule)).toEqual(['secretInUrl']);
	});
});

describe('request log', () => {
	test('says what was asked, how it was answered and why, without tokens', async () => {
		const { sim, list, token } = await startTenant();
		sim.feed.addBlob({ createdMs: NOW_MS - HOUR_MS });
		const secret = await token();
		await list();
		expect(sim.requestLog.at(-1)).toEqual({
			atMs: NOW_MS,
			method: 'GET',
			path: `/api/v1.0/${sim.tenant.tenantId}/activity/feed/subscriptions/content`,
			query: { contentType: 'Audit.General', PublisherIdentifier: sim.tenant.tenantId },
			status: 200,
			ms: expect.any(Number),
			why: '1 of 1 Audit.General',
			publisher: sim.tenant.tenantId,
			authorized: true,
		});
		expect(JSON.stringify(sim.requestLog)).not.toContain(secret);
		expect(JSON.stringify(sim.requestLog)).not.toContain(sim.tenant.clientSecret);
	});
});
