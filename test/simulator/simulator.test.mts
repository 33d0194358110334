import axios from 'axios';
import { Agent } from 'node:https';
import { describe, expect, test } from '@jest/globals';
import { SCENARIO_NAMES, startSimulator } from '../../simulator/index.mts';
import type { ScenarioName } from '../../simulator/index.mts';
import { DAY_MS, HOUR_MS, NOW_MS, apiTime, startTenant } from './support.mts';

describe('simulator', () => {
	test('the backlog is spread over the days before now and over the content types', async () => {
		const { sim } = await startTenant({ blobs: 700, days: 7 });
		const days = new Array(7).fill(0);
		for (const { createdMs } of sim.feed.blobs) days[Math.floor((NOW_MS - createdMs) / DAY_MS)]++;
		for (const count of days) expect(count).toBeGreaterThan(80);
		expect(new Set(sim.feed.blobs.map(({ contentType }) => contentType)).size).toBe(5);
		const { sim: dlp } = await startTenant({ blobs: 10, contentTypes: ['DLP.All'] });
		expect(dlp.feed.blobs.every(({ contentType }) => contentType === 'DLP.All')).toBe(true);
	});

	test('new blobs appear by the clock, some of them listed late', async () => {
		const { sim, clock } = await startTenant({
			newBlobs: { everyMs: 1000, lateFraction: 0.3, lateByMs: HOUR_MS },
			faults: { sameMillisecond: 0 },
		});
		expect(sim.feed.blobs).toHaveLength(0);
		clock.advance(10 * 60_000);
		expect(sim.feed.blobs).toHaveLength(600);
		const late = sim.feed.blobs.filter(({ listedMs, createdMs }) => listedMs > createdMs);
		expect(late.length).toBeGreaterThan(120);
		expect(late.length).toBeLessThan(240);
		expect(
			Math.max(...late.map(({ listedMs, createdMs }) => listedMs - createdMs)),
		).toBeLessThanOrEqual(HOUR_MS);
		expect(
			sim.feed.blobs.every(({ createdMs }) => createdMs >= NOW_MS && createdMs <= clock.now()),
		).toBe(true);
	});

	test('new blobs are the same however often the feed was looked at', async () => {
		const once = await startTenant({ newBlobs: { everyMs: 1000 } });
		const often = await startTenant({ newBlobs: { everyMs: 1000 } });
		for (let i = 0; i < 60; i++) {
			often.clock.advance(1000);
			expect(often.sim.feed.blobs).toHaveLength(i + 1);
		}
		once.clock.advance(60_000);
		const ids = ({ sim }: typeof once) => sim.feed.blobs.map(({ contentId }) => contentId);
		expect(ids(once)).toEqual(ids(often));
	});

	test('new blobs end after as many as asked for', async () => {
		const { sim, clock } = await startTenant({ newBlobs: { everyMs: 1000, atMost: 3 } });
		clock.advance(HOUR_MS);
		expect(sim.feed.blobs).toHaveLength(3);
	});

	test('a whole week read by hand is in order', async () => {
		const tenant = await startTenant({ scenario: 'quiet', blobs: 50, quota: null });
		const seen = new Set<string>();
		for (const type of [
			'Audit.AzureActiveDirectory',
			'Audit.Exchange',
			'Audit.SharePoint',
			'Audit.General',
			'DLP.All',
		] as const) {
			for (let day = 7; day > 0; day--) {
				const { data } = await tenant.list(type, {
					startTime: apiTime(NOW_MS - day * DAY_MS),
					endTime: apiTime(NOW_MS - (day - 1) * DAY_MS),
				});
				for (const { contentId } of data) {
					const events = (await tenant.blob(contentId)).data as Array<{ Id: string }>;
					tenant.sim.ledger.recordDelivered(
						events.filter(({ Id }) => !seen.has(Id) && seen.add(Id)),
					);
				}
			}
		}
		expect(tenant.sim.ledger.blobs.size).toBe(50);
		expect(tenant.sim.ledger.verdict()).toMatchObject({
			ok: true,
			lost: [],
			repeated: [],
			unfetchedBlobs: [],
			violations: [],
		});
	});

	test.each(SCENARIO_NAMES)('scenario %s starts and answers', async (scenario) => {
		const { sim, signIn } = await startTenant({ scenario, blobs: 20 });
		expect(sim.feed.blobs).toHaveLength(20);
		expect((await signIn()).status).toBe(scenario === 'expiredSecret' ? 401 : 200);
	});

	test('scenarios combine; an option and a fault given beside them win', async () => {
		const { sim } = await startTenant({
			scenario: ['busy', 'quirky'],
			blobs: 3,
			faults: { pageSize: 9 },
		});
		expect(sim.faults).toMatchObject({
			pageSize: 9,
			eventsWithoutId: 0.05,
			contentUri: 'localhost',
		});
		expect(sim.feed.blobs).toHaveLength(3);
	});

	test('unknown scenarios, faults and values are refused with what there is', async () => {
		await expect(startSimulator({ scenario: 'nope' as ScenarioName })).rejects.toThrow(
			/No scenario "nope".*quiet, busy/,
		);
		await expect(startSimulator({ faults: { nope: 1 } as object })).rejects.toThrow(
			/No fault "nope".*blobGzip/,
		);
		await expect(startSimulator({ faults: { longRange: 'x' as 'partial' } })).rejects.toThrow(
			/takes one of AF20030, AF20055, partial/,
		);
		await expect(
			startSimulator({ faults: { blobGzip: 'much' as unknown as number } }),
		).rejects.toThrow(/takes a value like 0/);
	});

	test('it listens on loopback only', async () => {
		await expect(startSimulator({ host: '0.0.0.0' as '127.0.0.1' })).rejects.toThrow(
			/loopback only/,
		);
	});

	test('a port that is taken is an error and leaves nothing running', async () => {
		const { sim } = await startTenant();
		await expect(startSimulator({ port: Number(new URL(sim.url).port) })).rejects.toThrow(
			/EADDRINUSE/,
		);
	});

	test('several tenants run side by side', async () => {
		const one = await startTenant({ seed: 1 });
		const two = await startTenant({ seed: 2 });
		expect((await one.api('subscriptions/list', { token: await two.token() })).status).toBe(401);
		expect((await two.api('subscriptions/list')).status).toBe(200);
	});

	test('close ends stalled answers at once', async () => {
		const { sim, blob } = await startTenant();
		const { contentId } = sim.feed.addBlob({ fault: 'Stall', events: [{ Id: 'a' }] });
		const stalled = blob(contentId).catch((error: { code: string }) => error.code);
		while (sim.requestLog.length < 2) await new Promise((resolve) => setImmediate(resolve));
		await sim.close();
		expect(await stalled).toMatch(/ECONNRESET|ERR_BAD_RESPONSE/);
	});

	test('with tls it speaks HTTPS that a client trusts by the certificate authority', async () => {
		const { sim, signIn } = await startTenant({ tls: true });
		expect(sim.url).toMatch(/^https:/);
		await expect(signIn()).rejects.toThrow(/certificate/);
		const httpsAgent = new Agent({ ca: sim.certificateAuthority as string });
		for (const host of ['127.0.0.1', 'localhost']) {
			const url = sim.url.replace('127.0.0.1', host);
			expect((await axios.get(`${url}/_simulator/health`, { httpsAgent })).data.ok).toBe(true);
		}
	});

	test("with tls it answers to Microsoft's names, and contentUri carries them", async () => {
		const { sim } = await startTenant({ tls: true });
		sim.feed.addBlob({ createdMs: NOW_MS - HOUR_MS });
		const { port } = new URL(sim.url);
		const agent = (servername: string) =>
			new Agent({ ca: sim.certificateAuthority as string, servername });
		const form = {
			grant_type: 'client_credentials',
			client_id: sim.tenant.clientId,
			client_secret: sim.tenant.clientSecret,
			resource: 'https://manage.office.com',
		};
		const token = await axios.post(
			`https://127.0.0.1:${port}/${sim.tenant.tenantId}/oauth2/token`,
			new URLSearchParams(form),
			{
				httpsAgent: agent('login.microsoftonline.com'),
				headers: { Host: 'login.microsoftonline.com' },
			},
		);
		const { data } = await axios.get(
			`https://127.0.0.1:${port}/api/v1.0/${sim.tenant.tenantId}/activity/feed/subscriptions/content?contentType=Audit.General`,
			{
				httpsAgent: agent('manage.office.com'),
				headers: { Host: 'manage.office.com', Authorization: `Bearer ${token.data.access_token}` },
			},
		);
		expect(data[0].contentUri).toMatch(/^https:\/\/manage\.office\.com\/api\/v1\.0\//);
	});
});
