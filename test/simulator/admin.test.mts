import axios from 'axios';
import { describe, expect, test } from '@jest/globals';
import { HOUR_MS, NOW_MS, startTenant } from './support.mts';

const EVENTS = [
	{ Id: 'a', Workload: 'Exchange' },
	{ Id: 'b', Workload: 'Exchange' },
];

async function fetched() {
	const tenant = await startTenant();
	const { contentId } = tenant.sim.feed.addBlob({
		contentType: 'Audit.Exchange',
		events: EVENTS,
		createdMs: NOW_MS - HOUR_MS,
	});
	await tenant.list('Audit.Exchange');
	await tenant.blob(contentId);
	const admin = `${tenant.sim.url}/_simulator`;
	return { ...tenant, admin, ledger: async () => (await axios.get(`${admin}/ledger`)).data };
}

describe('admin endpoints, for other processes', () => {
	test('health and the values for the credential', async () => {
		const { sim, admin } = await fetched();
		expect((await axios.get(`${admin}/health`)).data).toEqual({
			ok: true,
			now: '2026-03-10T12:30:00.000Z',
		});
		expect((await axios.get(`${admin}/tenant`)).data).toEqual({
			...sim.tenant,
			cloud: 'custom',
			apiUrl: sim.url,
			loginUrl: sim.url,
		});
	});

	test('the ledger with verdict and counts', async () => {
		const { ledger } = await fetched();
		expect(await ledger()).toMatchObject({
			verdict: { ok: false, eventsServed: 2, lost: [{ id: 'a' }, { id: 'b' }] },
			counts: { blobs: 1, requests: 2, tokensIssued: 2, throttled: 0 },
			servedByContentType: { 'Audit.Exchange': 2 },
			blobs: [{ listed: 1, fetched: 1, failed: 0, events: 2 }],
			summary: expect.stringContaining('Ledger: NOT OK'),
		});
	});

	test.each([
		['a JSON array', JSON.stringify(EVENTS), 'application/json'],
		[
			'NDJSON',
			EVENTS.map((event) => JSON.stringify(event)).join('\n') + '\n',
			'application/x-ndjson',
		],
	])('what was delivered, as %s', async (_form, body, type) => {
		const { admin, ledger } = await fetched();
		expect(
			(await axios.post(`${admin}/delivered`, body, { headers: { 'Content-Type': type } })).data,
		).toEqual({ received: 2 });
		expect((await ledger()).verdict).toMatchObject({ ok: true, deliveredOnce: 2 });
		await axios.post(`${admin}/state`, { forgetDelivered: true });
		expect((await ledger()).verdict.lost).toHaveLength(2);
	});

	test('state: roles, secret, auditing, subscriptions, faults, tokens', async () => {
		const { admin, api, list, signIn, token } = await fetched();
		const good = await token();
		const set = async (change: object) => (await axios.post(`${admin}/state`, change)).data;
		expect(
			await set({ subscriptions: { 'Audit.General': 'disabled', 'DLP.All': 'missing' } }),
		).toMatchObject({
			subscriptions: { 'Audit.General': 'disabled', 'Audit.Exchange': 'enabled' },
		});
		expect((await list('Audit.General')).data.error.code).toBe('AF20023');
		expect((await list('DLP.All')).data.error.code).toBe('AF20022');
		await set({ faults: { unauthorizedBody: 'text' }, revokeTokens: true });
		expect((await api('subscriptions/list', { token: good })).data).toBe(
			'Authorization has been denied for this request.',
		);
		await set({ grantedRoles: [] });
		expect((await api('subscriptions/list')).data.error.code).toBe('AF10001');
		await set({ auditingOff: true, grantedRoles: ['ActivityFeed.Read'] });
		expect(
			(
				await api('subscriptions/start', {
					method: 'POST',
					query: { contentType: 'Audit.General' },
				})
			).data.error.message,
		).toContain('does not exist');
		await set({ clientSecret: 'changed' });
		expect((await signIn()).data.error_codes).toEqual([7000215]);
		await set({ secretState: 'expired' });
		expect((await signIn({ client_secret: 'changed' })).data.error_codes).toEqual([7000222]);
	});

	test('state that it does not know is refused with what there is', async () => {
		const { admin } = await fetched();
		for (const change of [
			{ nope: 1 },
			{ faults: { nope: 1 } },
			{ subscriptions: { nope: 'enabled' } },
		]) {
			const { status, data } = await axios.post(`${admin}/state`, change, {
				validateStatus: () => true,
			});
			expect(status).toBe(400);
			expect(data.error).toContain('"nope"');
		}
	});
});
