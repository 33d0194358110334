import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createCertificates } from '../../simulator/certificates.mts';
import { DAY_MS, HOUR_MS, NOW_MS, apiTime, startTenant } from './support.mts';
import type { Tenant } from './support.mts';

const start = async ({ api }: Tenant, data?: unknown, contentType = 'Audit.SharePoint') =>
	await api('subscriptions/start', { method: 'POST', query: { contentType }, data });
const stop = async ({ api }: Tenant) =>
	await api('subscriptions/stop', { method: 'POST', query: { contentType: 'Audit.SharePoint' } });
const WEBHOOK = {
	address: 'https://webhook.example.com/o365/',
	authId: 'o365activityapinotification',
	expiration: '',
};

describe('subscriptions', () => {
	test('list: an array of contentType, status, webhook', async () => {
		const { api } = await startTenant({
			subscriptions: {
				'Audit.Exchange': { webhook: WEBHOOK.address },
				'DLP.All': 'missing',
				'Audit.General': 'disabled',
			},
		});
		const { status, headers, data } = await api('subscriptions/list');
		expect(status).toBe(200);
		expect(headers['content-type']).toBe('application/json; charset=utf-8');
		expect(data).toEqual([
			{ contentType: 'Audit.AzureActiveDirectory', status: 'enabled', webhook: null },
			{
				contentType: 'Audit.Exchange',
				status: 'enabled',
				webhook: { status: 'enabled', address: WEBHOOK.address, authId: null, expiration: null },
			},
			{ contentType: 'Audit.SharePoint', status: 'enabled', webhook: null },
			{ contentType: 'Audit.General', status: 'disabled', webhook: null },
		]);
	});

	test('list can be empty, and entries can lack their status', async () => {
		expect(
			(await (await startTenant({ scenario: 'fresh' })).api('subscriptions/list')).data,
		).toEqual([]);
		const quirky = await startTenant({ faults: { subscriptionListShape: 'withoutStatus' } });
		expect((await quirky.api('subscriptions/list')).data[0]).toEqual({
			contentType: 'Audit.AzureActiveDirectory',
			webhook: null,
		});
	});

	test("start with a webhook answers as documented, whatever the sample's media type", async () => {
		const tenant = await startTenant({ scenario: 'fresh' });
		const { status, data } = await tenant.api('subscriptions/start', {
			method: 'POST',
			query: { contentType: 'Audit.SharePoint' },
			headers: { 'Content-Type': 'application/json; utf-8' },
			data: JSON.stringify({ webhook: WEBHOOK }),
		});
		expect(status).toBe(200);
		expect(data).toEqual({
			contentType: 'Audit.SharePoint',
			status: 'enabled',
			webhook: {
				status: 'enabled',
				address: WEBHOOK.address,
				authId: WEBHOOK.authId,
				expiration: null,
			},
		});
	});

	test('400 AF20024 when it is already enabled', async () => {
		expect(await start(await startTenant())).toMatchObject({
			status: 400,
			data: {
				error: {
					code: 'AF20024',
					message: 'The subscription is already enabled. No property change.',
				},
			},
		});
	});

	test.each([403, 429] as const)(
		'a second start within 15 minutes is %d with code "429" and the wait in the text',
		async (startThrottleStatus) => {
			const tenant = await startTenant({ scenario: 'fresh', faults: { startThrottleStatus } });
			expect((await start(tenant)).status).toBe(200);
			tenant.clock.advance(4000);
			expect(await start(tenant)).toMatchObject({
				status: startThrottleStatus,
				data: {
					error: {
						code: '429',
						message: expect.stringMatching(/Please retry again after 14m 56s$/),
					},
				},
			});
			expect(tenant.sim.ledger.verdict().violations[0]?.rule).toBe('startTooOften');
			expect((await start(tenant, undefined, 'Audit.Exchange')).status).toBe(200);
			tenant.clock.advance(15 * 60_000);
			expect((await start(tenant)).data.error.code).toBe('AF20024');
		},
	);

	test('the start throttle can count all content types together', async () => {
		const tenant = await startTenant({ scenario: 'fresh', faults: { startThrottle: 'tenant' } });
		await start(tenant);
		expect((await start(tenant, undefined, 'Audit.Exchange')).data.error.code).toBe('429');
	});

	test('a start without webhook removes the one there is, which the ledger notes', async () => {
		const tenant = await startTenant({
			subscriptions: { 'Audit.SharePoint': { webhook: WEBHOOK.address } },
		});
		expect((await start(tenant)).data).toEqual({
			contentType: 'Audit.SharePoint',
			status: 'enabled',
			webhook: null,
		});
		expect(tenant.sim.ledger.verdict().violations.map(({ rule }) => rule)).toEqual([
			'webhookRemoved',
		]);
	});

	test('AF20001 without, AF20020 with a wrong content type', async () => {
		const { api } = await startTenant();
		expect((await api('subscriptions/start', { method: 'POST' })).data.error).toEqual({
			code: 'AF20001',
			message: 'Missing parameter: contentType.',
		});
		expect(
			(await api('subscriptions/content', { query: { contentType: 'audit.general' } })).data.error
				.code,
		).toBe('AF20020');
	});

	test.each([
		['AF20021', { ...WEBHOOK, address: 'http://webhook.example.com/' }],
		['AF20021', { ...WEBHOOK, address: 'https://127.0.0.1:1/' }],
		['AF20003', { ...WEBHOOK, expiration: '2020-01-01T00:00:00Z' }],
		['AF20002', { ...WEBHOOK, expiration: 'soon' }],
		['AF20001', { authId: 'x' }],
	])('%s refuses a webhook that is not in order', async (code, webhook) => {
		expect(
			(await start(await startTenant({ scenario: 'fresh' }), { webhook })).data.error.code,
		).toBe(code);
	});

	test('a webhook on this machine is validated by a POST with the validation code', async () => {
		const { certificate, key } = await createCertificates();
		const seen: Array<{ headers: NodeJS.Dict<string | string[]>; body: string }> = [];
		const server = createServer({ cert: certificate, key }, (request, response) => {
			let body = '';
			request.on('data', (chunk) => (body += chunk));
			request.on('end', () => {
				seen.push({ headers: request.headers, body });
				response.end();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
		const { status } = await start(await startTenant({ scenario: 'fresh' }), {
			webhook: { address, authId: 'me' },
		});
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		expect(status).toBe(200);
		expect(seen).toHaveLength(1);
		expect(seen[0]?.headers['webhook-authid']).toBe('me');
		expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
			validationCode: seen[0]?.headers['webhook-validationcode'],
		});
	});

	test('auditing off: 400 whose code is a sentence and whose message holds a stack trace', async () => {
		const tenant = await startTenant({ scenario: 'auditingOff' });
		const { status, data } = await start(tenant);
		expect(status).toBe(400);
		expect(data.error.code).toMatch(
			/^StartSubscription \[CorrId=[\da-f-]{36}\] failed\. Exception/,
		);
		expect(data.error.message).toContain(`Tenant ${tenant.sim.tenant.tenantId} does not exist`);
		expect(data.error.message).toContain('   at ');
	});

	test('stop: nothing can be listed (AF20023), and what appeared meanwhile never can', async () => {
		const tenant = await startTenant();
		const { sim, clock, list } = tenant;
		const before = sim.feed.addBlob({
			contentType: 'Audit.SharePoint',
			createdMs: NOW_MS - 60_000,
		});
		expect(await stop(tenant)).toMatchObject({ status: 200, data: '' });
		expect((await list('Audit.SharePoint')).data.error).toEqual({
			code: 'AF20023',
			message: 'The subscription was disabled by a tenant admin.',
		});
		clock.advance(HOUR_MS);
		sim.feed.addBlob({ contentType: 'Audit.SharePoint' });
		clock.advance(HOUR_MS);
		await start(tenant);
		const after = sim.feed.addBlob({ contentType: 'Audit.SharePoint' });
		const listed = (await list('Audit.SharePoint')).data.map(
			(entry: { contentId: string }) => entry.contentId,
		);
		expect(listed.sort()).toEqual([before.contentId, after.contentId].sort());
	});

	test('AF20022 without a subscription; the first content comes 2 minutes after the start, 22 hours back', async () => {
		const tenant = await startTenant({ scenario: 'fresh' });
		const { sim, clock, list } = tenant;
		expect((await list('Audit.SharePoint')).data.error.code).toBe('AF20022');
		const young = sim.feed.addBlob({
			contentType: 'Audit.SharePoint',
			createdMs: NOW_MS - 21 * HOUR_MS,
		});
		const old = sim.feed.addBlob({
			contentType: 'Audit.SharePoint',
			createdMs: NOW_MS - 23 * HOUR_MS,
		});
		await start(tenant);
		const times = { startTime: apiTime(NOW_MS - DAY_MS), endTime: apiTime(NOW_MS) };
		expect((await list('Audit.SharePoint', times)).data).toEqual([]);
		clock.advance(2 * 60_000);
		const { data } = await list('Audit.SharePoint', times);
		expect(data).toHaveLength(1);
		expect(data[0].contentId).toBe(young.contentId);
		expect(data[0].contentId).not.toBe(old.contentId);
	});

	test("notifications: the webhook's attempts, none without a webhook", async () => {
		const { sim, api } = await startTenant({
			subscriptions: { 'Audit.SharePoint': { webhook: WEBHOOK.address } },
		});
		const { contentId } = sim.feed.addBlob({
			contentType: 'Audit.SharePoint',
			createdMs: NOW_MS - HOUR_MS,
		});
		sim.feed.addBlob({ contentType: 'Audit.General', createdMs: NOW_MS - HOUR_MS });
		const { data } = await api('subscriptions/notifications', {
			query: { contentType: 'Audit.SharePoint' },
		});
		expect(data).toEqual([
			expect.objectContaining({
				contentId,
				notificationSent: '2026-03-10T11:31:00.000Z',
				notificationStatus: 'success',
			}),
		]);
		expect(
			(await api('subscriptions/notifications', { query: { contentType: 'Audit.General' } })).data,
		).toEqual([]);
	});

	test('sensitive types: id and name, in one language only', async () => {
		const { api } = await startTenant();
		const names = async (language?: string) =>
			await api(
				'resources/dlpSensitiveTypes',
				language === undefined ? {} : { headers: { 'Accept-Language': language } },
			);
		expect((await names()).data[0]).toEqual({
			id: '50842eb7-edc8-4019-85dd-5a5c1f2bb085',
			name: 'Credit Card Number',
		});
		expect((await names('es')).data[0].name).toBe('Número de tarjeta de crédito');
		expect((await names('de-DE, en;q=0.5')).data.error).toEqual({
			code: 'AF20053',
			message: 'Only one language may be present in the Accept-Language header.',
		});
		expect((await names('?!')).data.error.code).toBe('AF20054');
	});
});
