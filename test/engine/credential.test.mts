import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { HTTP_REQUEST_TYPE } from './harness.mts';
import {
	createEmptyStage,
	createStage,
	eventsOf,
	HOUR,
	MINUTE,
	reportsOf,
	requestsTo,
	type Stage,
	type StageOptions,
} from './support/stage.mts';

describe('The credential', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const stored = () => stage.engine.readCredential(stage.credentialId);
	const press = async () => await stage.engine.testCredential(stage.credentialId);

	/** As the editor saves it: the fields change, the hidden ones stay. */
	const edit = (change: Record<string, unknown>) =>
		stage.engine.setCredential(
			{ ...stored(), ...change } as ICredentialDataDecryptedObject,
			stage.credentialId,
		);

	const tokenRequests = () => requestsTo(stage.sim, '/oauth2/');

	describe('uses the stored token only while it fits', () => {
		test('the token and what it was issued for are stored, and used again', async () => {
			await play();
			await stage.getEvents();
			expect(stored()).toMatchObject({
				accessToken: expect.stringMatching(/^eyJ/),
				accessTokenFor: expect.stringMatching(/^[\w-]{20,}$/),
			});
			expect(String(stored().accessTokenFor)).not.toContain(String(stage.credential.clientSecret));
			await stage.getEvents();
			expect(tokenRequests()).toHaveLength(1);
		});

		test('one credential edited in turn: right, wrong secret, right, other tenant', async () => {
			await play();
			expect((await press()).status).toBe('OK');
			edit({ clientSecret: 'wrong' });
			expect((await press()).message).toContain('AADSTS7000215');
			edit({ clientSecret: stage.credential.clientSecret });
			expect((await press()).status).toBe('OK');
			edit({ tenantId: '99999999-2222-4333-8444-555555555555' });
			expect((await press()).message).toContain('AADSTS90002');
			edit({ tenantId: stage.credential.tenantId });
			expect((await press()).status).toBe('OK');
		});

		test.each([401, 403] as const)(
			'a permission that is granted later works one minute later at the latest (%i)',
			async (missingRoleStatus) => {
				await play({ grantedRoles: [], faults: { missingRoleStatus } });
				expect((await press()).message).toMatch(/ActivityFeed\.Read.*admin consent/s);
				stage.sim.tenantState.grantedRoles = ['ActivityFeed.Read'];
				stage.clock.advance(MINUTE + 1_000);
				expect((await press()).status).toBe('OK');
			},
		);

		test('a token of another client, or of another API host, is not sent', async () => {
			await play();
			await stage.getEvents();
			const { accessToken, accessTokenFor } = stored();
			edit({ clientId: '11111111-2222-4333-8444-555555555555' });
			expect((await press()).message).toContain('AADSTS700016');
			edit({ clientId: stage.credential.clientId, accessToken, accessTokenFor });
			edit({ apiUrl: stage.sim.foreignUrl });
			await press();
			expect(stage.sim.ledger.foreignRequestsWithToken).toBeLessThanOrEqual(1);
			const seen = stage.engine.findLeaks({});
			expect(seen).toEqual([]);
		});

		test('an expired token is not sent: no request is answered with 401 but the one that asks for a new one', async () => {
			await play();
			await stage.getEvents();
			stage.clock.advance(2 * HOUR);
			await stage.getEvents();
			const refused = stage.sim.requestLog.filter(({ status }) => status === 401);
			expect(refused.filter(({ authorized }) => authorized)).toEqual([]);
			expect(refused.length).toBeLessThanOrEqual(1);
			expect(tokenRequests()).toHaveLength(2);
		});
	});

	describe('asks for one token at a time', () => {
		test('eight parallel runs that meet a refused token make one token request', async () => {
			await play();
			await stage.getEvents();
			stage.clock.advance(5 * MINUTE);
			stage.sim.revokeTokens();
			const runs = await Promise.all(
				Array.from({ length: 8 }, async () => await stage.getEvents()),
			);
			expect(runs.map(({ error }) => error)).toEqual(Array(8).fill(undefined));
			expect(tokenRequests()).toHaveLength(2);
		});

		test('eight parallel runs without a token make one token request', async () => {
			await play();
			await Promise.all(Array.from({ length: 8 }, async () => await stage.getEvents()));
			expect(tokenRequests()).toHaveLength(1);
		});

		test('downloads side by side that meet an expired token make one token request', async () => {
			stage = await createStage({ blobs: 60, faults: { tokenLifeSeconds: 120 } });
			await stage.getEvents();
			stage.clock.advance(3 * MINUTE);
			const result = await stage.getEvents({ options: { concurrency: 16 } });
			expect(reportsOf(result)).toEqual([]);
			expect(tokenRequests()).toHaveLength(2);
		});

		test('a failed token request is not remembered', async () => {
			await play({ faults: { tokenError: 'unavailable' } });
			const failed = await stage.getEvents();
			expect(failed.error?.message).toMatch(/sign-in is unavailable/i);
			stage.sim.faults.tokenError = 'none';
			expect((await stage.getEvents()).error).toBeUndefined();
		});
	});

	describe('never lets the token go elsewhere', () => {
		const request = async (url: string) => {
			const result = await stage.engine.runWorkflow({
				nodes: [
					{
						id: 'http',
						name: 'HTTP',
						type: HTTP_REQUEST_TYPE,
						typeVersion: 1,
						position: [0, 0],
						parameters: { url, credentialType: stage.engine.credentialType },
						credentials: {
							[stage.engine.credentialType]: { id: stage.credentialId, name: 'Credential' },
						},
					},
				],
				connections: {},
			});
			return { ...result.of('HTTP'), run: result.run };
		};
		const listUrl = () =>
			`${stage.sim.url}/api/v1.0/${stage.sim.tenant.tenantId}/activity/feed/subscriptions/list?PublisherIdentifier=${stage.sim.tenant.tenantId}`;

		test('the HTTP Request node may ask the configured API host', async () => {
			await play();
			const { items, error } = await request(listUrl());
			expect(error).toBeUndefined();
			expect(items[0]?.json.response).toHaveLength(5);
		});

		test.each([
			['another host', () => `${stage.sim.foreignUrl}/collect`],
			[
				'the API host as user name',
				() => stage.sim.foreignUrl.replace('//', `//${new URL(stage.sim.url).host}@`),
			],
			['another port of the same host', () => stage.sim.url.replace(/\d+$/, '9')],
			['another scheme', () => stage.sim.url.replace('http:', 'https:')],
			['an address without a scheme', () => stage.sim.foreignUrl.replace('http:', '')],
			['no address', () => 'collect'],
		])('the HTTP Request node cannot send it to %s', async (_name, url) => {
			await play();
			await stage.getEvents();
			const { error, run } = await request(url());
			expect(error?.message).toMatch(/signs requests to|address|URL/i);
			expect(stage.sim.ledger.foreignRequests).toBe(0);
			expect(stage.engine.findLeaks({ run })).toEqual([]);
		});

		test.each([301, 302, 303, 307, 308] as const)(
			'a redirect (%i) is not followed',
			async (redirectStatus) => {
				stage = await createStage({
					blobs: 5,
					faults: { redirectStatus, redirectTo: 'foreign', redirectPath: '/' },
				});
				const viaNode = await stage.getEvents();
				expect(viaNode.items.length === 0 || reportsOf(viaNode).length > 0).toBe(true);
				await request(listUrl());
				await press();
				expect(stage.sim.ledger.foreignRequests).toBe(0);
			},
		);

		test('a blob download that redirects is reported, and the others are delivered', async () => {
			await play({ faults: { redirectStatus: 302, redirectPath: 'emea0036' } });
			const blobs = ['a', 'b', 'c'].map((Id, n) =>
				stage.sim.feed.addBlob({
					createdMs: stage.clock.now() - (9 - n) * MINUTE,
					events: [{ Id }],
				}),
			);
			const result = await stage.getEvents();
			const redirected = blobs.filter(({ contentId }) => contentId.includes('emea0036'));
			expect(reportsOf(result).map(({ contentId }) => contentId)).toEqual(
				redirected.map(({ contentId }) => contentId),
			);
			expect(eventsOf(result)).toHaveLength(3 - redirected.length);
			expect(stage.sim.ledger.foreignRequests).toBe(0);
		});
	});

	describe('is checked before any request', () => {
		test.each<[string, ICredentialDataDecryptedObject, RegExp]>([
			['no Client ID', { clientId: ' ' }, /Client ID is empty/],
			['no Tenant ID', { tenantId: '' }, /Tenant ID is empty/],
			['a Tenant ID that is no GUID', { tenantId: 'contoso.com' }, /Tenant ID is not a GUID/],
			['a Tenant ID with a path', { tenantId: '../common' }, /Tenant ID is not a GUID/],
			['no Client Secret', { clientSecret: '' }, /Client Secret is empty/],
			['a Publisher ID that is no GUID', { publisherId: 'me' }, /Publisher ID is not a GUID/],
			['an unknown cloud', { cloud: 'moon' }, /Cloud .*moon.* not known/],
			['no API URL', { apiUrl: '' }, /API URL is not a web address/],
			[
				'plain http to another machine',
				{ apiUrl: 'http://192.0.2.1' },
				/API URL must start with https/,
			],
			[
				'plain http sign-in',
				{ loginUrl: 'http://login.example' },
				/Login URL must start with https/,
			],
			[
				'a host that only begins like loopback',
				{ apiUrl: 'http://127.0.0.1.example.com' },
				/https/,
			],
			['an API URL with a path', { apiUrl: 'http://127.0.0.1/x' }, /only scheme, host and port/],
			['a user name in it', { apiUrl: 'http://a:b@127.0.0.1' }, /only scheme, host and port/],
		])('%s', async (_name, fields, sentence) => {
			await play({ credential: fields });
			const { error } = await stage.getEvents();
			expect(error?.message).toMatch(sentence);
			expect((await press()).message).toMatch(sentence);
			expect(stage.sim.requestLog).toEqual([]);
			expect(stage.sim.ledger.foreignRequests).toBe(0);
		});

		test('blanks around the fields do no harm', async () => {
			await play();
			const padded = Object.entries(stage.credential).map(([name, value]) => [
				name,
				name === 'cloud' ? value : ` ${String(value)}\n`,
			]);
			edit(Object.fromEntries(padded));
			expect((await press()).status).toBe('OK');
			expect((await stage.getEvents()).error).toBeUndefined();
		});

		test('a sign-in host that cannot be reached is named', async () => {
			await play({ credential: { loginUrl: 'http://127.0.0.1:9' } });
			expect((await press()).message).toMatch(/sign-in host 127\.0\.0\.1:9 cannot be reached/);
			expect((await stage.getEvents()).error?.message).toMatch(/127\.0\.0\.1:9 cannot be reached/);
		});

		test.each(['throttled', 'unavailable', 'html', 'notJson'] as const)(
			'a token endpoint that answers nonsense is told: %s',
			async (tokenError) => {
				await play({ faults: { tokenError } });
				const { message } = await press();
				expect(message).toMatch(/sign-in/i);
				expect(message.length).toBeGreaterThan(40);
				expect(message).not.toMatch(/</);
			},
		);
	});

	test('no secret or token stands in any message, log line or run data, whatever goes wrong', async () => {
		stage = await createStage({
			scenario: ['quirky', 'broken', 'hostile', 'expired'],
			blobs: 150,
		});
		const results = [await stage.getEvents(), await stage.getEvents({ output: 'content' })];
		for (const operation of ['getAll', 'start', 'stop']) {
			results.push(
				await stage.run({ resource: 'subscription', operation, contentType: 'DLP.All' }),
			);
		}
		stage.sim.failNext(
			{ path: '/subscriptions/list', times: Infinity },
			{
				status: 400,
				body: { error: { code: 'AF1', message: `Bearer ${String(stored().accessToken)}` } },
			},
		);
		results.push(await stage.run({ resource: 'subscription', operation: 'getAll' }));
		edit({ clientSecret: 'a-wrong-secret-123' });
		results.push(await stage.getEvents());
		expect(results.at(-1)?.error).toBeDefined();
		expect(stage.engine.logs.length).toBeGreaterThan(100);
		expect(stage.engine.findLeaks({ results })).toEqual([]);
		expect(JSON.stringify(stage.engine.logs)).not.toContain(String(stage.credential.clientSecret));
	}, 60_000);
});
