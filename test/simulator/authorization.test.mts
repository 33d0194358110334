import { describe, expect, test } from '@jest/globals';
import { startTenant } from './support.mts';

const DENIED = { Message: 'Authorization has been denied for this request.' };
const OTHER = '11111111-2222-4333-8444-555555555555';

describe('authorization of API requests', () => {
	test('401 without a token, with a foreign one and with a revoked one', async () => {
		const { sim, api, token } = await startTenant();
		const good = await token();
		expect((await api('subscriptions/list', { token: good })).status).toBe(200);
		expect(await api('subscriptions/list', { token: 'eyJ0.eyJh.c2ln' })).toMatchObject({
			status: 401,
			data: DENIED,
		});
		expect(await api('subscriptions/list', { headers: { Authorization: '' } })).toMatchObject({
			status: 401,
			data: DENIED,
		});
		sim.revokeTokens();
		expect(await api('subscriptions/list', { token: good })).toMatchObject({
			status: 401,
			data: DENIED,
		});
	});

	test('401 once the token has expired by the clock', async () => {
		const { api, token, clock } = await startTenant();
		const good = await token();
		clock.advance(3_598_000);
		expect((await api('subscriptions/list', { token: good })).status).toBe(200);
		clock.advance(1000);
		expect((await api('subscriptions/list', { token: good })).status).toBe(401);
	});

	test('401 may come as plain text', async () => {
		const { api } = await startTenant({ faults: { unauthorizedBody: 'text' } });
		expect((await api('subscriptions/list', { token: 'none' })).data).toBe(DENIED.Message);
	});

	test('401 for a token whose audience is the API of another cloud', async () => {
		const { api, signIn } = await startTenant();
		const { data } = await signIn({ scope: 'https://manage.office365.us/.default' });
		expect((await api('subscriptions/list', { token: data.access_token })).status).toBe(401);
		const host = { Host: 'manage.office365.us' };
		expect(
			(await api('subscriptions/list', { token: data.access_token, headers: host })).status,
		).toBe(200);
	});

	test('AF10001 names the roles of the token; a role granted later helps only new tokens', async () => {
		const { sim, api, token } = await startTenant({ grantedRoles: ['ServiceHealth.Read'] });
		const old = await token();
		expect(await api('subscriptions/list', { token: old })).toMatchObject({
			status: 401,
			data: {
				error: {
					code: 'AF10001',
					message:
						'The permission set (ServiceHealth.Read) sent in the request did not include the expected permission ActivityFeed.Read.',
				},
			},
		});
		sim.tenantState.grantedRoles = ['ActivityFeed.Read'];
		expect((await api('subscriptions/list', { token: old })).status).toBe(401);
		expect((await api('subscriptions/list')).status).toBe(200);
	});

	test('DLP.All needs ActivityFeed.ReadDlp, for its listing and for its blobs', async () => {
		const { sim, list, blob } = await startTenant({
			scenario: 'noDlp',
			faults: { missingRoleStatus: 403 },
		});
		expect(await list('DLP.All')).toMatchObject({
			status: 403,
			data: { error: { code: 'AF10001' } },
		});
		expect((await list('Audit.Exchange')).status).toBe(200);
		const { contentId } = sim.feed.addBlob({ contentType: 'DLP.All' });
		expect((await blob(contentId)).status).toBe(403);
	});

	test('one content type can be refused while the others work', async () => {
		const { list } = await startTenant({ faults: { refusedContentTypes: ['Audit.SharePoint'] } });
		expect((await list('Audit.SharePoint')).data.error.code).toBe('AF10001');
		expect((await list('Audit.General')).status).toBe(200);
	});

	test("AF20010 when the tenant in the URL is not the token's", async () => {
		const { sim, api } = await startTenant();
		const { data } = await api('subscriptions/list', { tenantId: OTHER });
		expect(data.error).toEqual({
			code: 'AF20010',
			message: `The tenant ID passed in the URL (${OTHER}) does not match the tenant ID passed in the access token (${sim.tenant.tenantId}).`,
		});
	});

	test('AF20013 when the tenant in the URL is not a GUID', async () => {
		const { api } = await startTenant();
		expect((await api('subscriptions/list', { tenantId: 'contoso' })).data.error.code).toBe(
			'AF20013',
		);
	});

	test('AF20002 when the publisher is not a GUID', async () => {
		const { api } = await startTenant();
		expect(
			(await api('subscriptions/list', { query: { PublisherIdentifier: 'me' } })).data.error,
		).toEqual({
			code: 'AF20002',
			message: 'Invalid parameter type: PublisherIdentifier. Expected type: guid',
		});
	});

	test.each(['AF20011', 'AF20012'] as const)(
		'%s when the tenant itself is not in order',
		async (tenantProblem) => {
			const { sim, api } = await startTenant();
			sim.tenantState.tenantProblem = tenantProblem;
			expect(await api('subscriptions/list')).toMatchObject({
				status: 400,
				data: { error: { code: tenantProblem } },
			});
		},
	);

	test('a path that does not exist is 404', async () => {
		const { api } = await startTenant();
		expect((await api('subscriptions/nonsense')).status).toBe(404);
		expect(
			(await api('subscriptions/start', { query: { contentType: 'Audit.General' } })).status,
		).toBe(404);
	});
});
