import { describe, expect, test } from '@jest/globals';
import { startTenant } from './support.mts';

const GUID = '11111111-2222-4333-8444-555555555555';

describe('token endpoint', () => {
	test('v2 answers as Microsoft Entra ID does', async () => {
		const { signIn } = await startTenant();
		const { status, data, headers } = await signIn();
		expect(status).toBe(200);
		expect(headers['content-type']).toBe('application/json; charset=utf-8');
		expect(data).toEqual({
			token_type: 'Bearer',
			expires_in: 3599,
			ext_expires_in: 3599,
			access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
		});
	});

	test('v1 takes a resource and writes its numbers as strings', async () => {
		const { signIn } = await startTenant();
		const { status, data } = await signIn(
			{ scope: undefined, resource: 'https://manage.office.com' },
			'oauth2/token',
		);
		expect(status).toBe(200);
		expect(data).toMatchObject({ expires_in: '3599', resource: 'https://manage.office.com' });
	});

	test('the token holds audience, times, roles, tenant and app', async () => {
		const { sim, token, clock } = await startTenant();
		const payload = JSON.parse(
			Buffer.from((await token()).split('.')[1] as string, 'base64url').toString(),
		);
		expect(payload).toMatchObject({
			aud: sim.url,
			iat: clock.now() / 1000,
			nbf: clock.now() / 1000,
			exp: clock.now() / 1000 + 3599,
			roles: ['ActivityFeed.Read', 'ActivityFeed.ReadDlp'],
			tid: sim.tenant.tenantId,
			appid: sim.tenant.clientId,
		});
	});

	test('a token without any granted role has no roles claim', async () => {
		const { token } = await startTenant({ grantedRoles: [] });
		const payload = JSON.parse(
			Buffer.from((await token()).split('.')[1] as string, 'base64url').toString(),
		);
		expect(payload).not.toHaveProperty('roles');
	});

	test('client ID and secret may come as basic authorization', async () => {
		const { sim } = await startTenant();
		const { default: axios } = await import('axios');
		const { status } = await axios.post(
			`${sim.url}/${sim.tenant.tenantId}/oauth2/v2.0/token`,
			new URLSearchParams({ grant_type: 'client_credentials', scope: `${sim.url}/.default` }),
			{
				auth: {
					username: sim.tenant.clientId,
					password: encodeURIComponent(sim.tenant.clientSecret),
				},
			},
		);
		expect(status).toBe(200);
	});

	test('an error has code, description, trace ID, correlation ID and timestamp', async () => {
		const { signIn } = await startTenant();
		const { status, data } = await signIn({ client_secret: 'wrong' });
		expect(status).toBe(401);
		expect(data).toMatchObject({
			error: 'invalid_client',
			error_codes: [7000215],
			timestamp: '2026-03-10 12:30:00Z',
		});
		expect(data.error_description).toMatch(
			/^AADSTS7000215: Invalid client secret provided\. .* Trace ID: [\da-f-]{36} Correlation ID: [\da-f-]{36} Timestamp: 2026-03-10 12:30:00Z$/,
		);
	});

	test.each<
		[
			string,
			number,
			string,
			(
				tenant: Awaited<ReturnType<typeof startTenant>>,
			) => Promise<{ status: number; data: { error: string; error_codes: number[] } }>,
		]
	>([
		[
			'AADSTS700016 unknown app',
			400,
			'unauthorized_client',
			({ signIn }) => signIn({ client_id: GUID }),
		],
		[
			'AADSTS90002 unknown tenant',
			400,
			'invalid_request',
			({ sim, signIn }) => signIn({}, `${sim.url}/${GUID}/oauth2/v2.0/token`),
		],
		[
			'AADSTS900023 malformed tenant',
			400,
			'invalid_request',
			({ sim, signIn }) => signIn({}, `${sim.url}/not a tenant/oauth2/v2.0/token`),
		],
		[
			'AADSTS7000216 no secret',
			401,
			'invalid_client',
			({ signIn }) => signIn({ client_secret: undefined }),
		],
		['AADSTS900144 no scope', 400, 'invalid_request', ({ signIn }) => signIn({ scope: undefined })],
		[
			'AADSTS900144 no client_id',
			400,
			'invalid_request',
			({ signIn }) => signIn({ client_id: undefined }),
		],
		[
			'AADSTS1002012 scope without /.default',
			400,
			'invalid_scope',
			({ sim, signIn }) => signIn({ scope: `${sim.url}/ActivityFeed.Read` }),
		],
		[
			'AADSTS500011 scope of another API',
			400,
			'invalid_resource',
			({ signIn }) => signIn({ scope: 'https://graph.microsoft.com/.default' }),
		],
		[
			'AADSTS70003 another grant',
			400,
			'unsupported_grant_type',
			({ signIn }) => signIn({ grant_type: 'password' }),
		],
		[
			'AADSTS7000222 expired secret',
			401,
			'invalid_client',
			async ({ sim, signIn }) => ((sim.tenantState.secretState = 'expired'), await signIn()),
		],
		[
			'AADSTS65001 no consent',
			400,
			'invalid_grant',
			async ({ sim, signIn }) => ((sim.tenantState.consented = false), await signIn()),
		],
		[
			'AADSTS7000112 app disabled',
			401,
			'unauthorized_client',
			async ({ sim, signIn }) => ((sim.tenantState.appDisabled = true), await signIn()),
		],
	])('%s', async (name, status, error, act) => {
		const answer = await act(await startTenant());
		expect(answer.status).toBe(status);
		expect(answer.data).toMatchObject({ error, error_codes: [Number(/\d+/.exec(name)?.[0])] });
	});

	test.each([
		['throttled', 429],
		['unavailable', 503],
		['html', 502],
		['notJson', 200],
	] as const)('an outage of the login host can be played: %s', async (tokenError, status) => {
		const { signIn } = await startTenant({ faults: { tokenError } });
		const answer = await signIn();
		expect(answer.status).toBe(status);
		expect(answer.data.access_token).toBeUndefined();
	});
});
