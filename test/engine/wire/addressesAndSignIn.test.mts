import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import {
	createEmptyStage,
	createStage,
	eventsOf,
	HOUR,
	MINUTE,
	reportsOf,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

interface CredentialType {
	preAuthentication(
		this: { helpers: { httpRequest(options: IHttpRequestOptions): Promise<unknown> } },
		credentials: ICredentialDataDecryptedObject,
	): Promise<ICredentialDataDecryptedObject>;
	authenticate(
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions>;
}

const CLOUDS = [
	['enterprise', 'https://manage.office.com', 'https://login.microsoftonline.com'],
	['gcc', 'https://manage-gcc.office.com', 'https://login.microsoftonline.com'],
	['gccHigh', 'https://manage.office365.us', 'https://login.microsoftonline.us'],
	['dod', 'https://manage.protection.apps.mil', 'https://login.microsoftonline.us'],
] as const;

describe('The wire: addresses and sign-in', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));

	/** One event, one minute old. */
	const addEvent = (contentType: 'Audit.General' | 'DLP.All' = 'Audit.General') =>
		stage.sim.feed.addBlob({
			contentType,
			createdMs: stage.clock.now() - MINUTE,
			events: [{ Id: `event of ${contentType}`, Operation: 'Test' }],
		});

	test('“Root: {api}/api/v1.0/{tenantId}/activity/feed/…”', async () => {
		await play();
		addEvent();
		expect((await stage.getEvents()).error).toBeUndefined();
		const root = `/api/v1.0/${stage.sim.tenant.tenantId}/activity/feed/`;
		const apiPaths = stage.sim.requestLog
			.map(({ path }) => path)
			.filter((p) => !p.includes('/oauth2/'));
		expect(apiPaths.length).toBeGreaterThan(5);
		expect(apiPaths.filter((path) => !path.startsWith(root))).toEqual([]);
	});

	test.each(CLOUDS)(
		'“the four clouds and their login hosts”, “The scope must follow the cloud’s own API host”: %s',
		async (cloud, api, login) => {
			await play();
			const { Office365ManagementApi } = stage.engine.load<{
				Office365ManagementApi: new () => CredentialType;
			}>('dist/credentials/Office365ManagementApi.credentials.js');
			const type = new Office365ManagementApi();
			const credentials = { ...stage.credential, cloud, apiUrl: '', loginUrl: '' };
			const sent: IHttpRequestOptions[] = [];
			const helpers = {
				httpRequest: async (options: IHttpRequestOptions) => {
					sent.push(options);
					return { access_token: 'a-token' };
				},
			};
			const token = await type.preAuthentication.call({ helpers }, credentials);
			expect(sent[0]?.url).toBe(`${login}/${stage.sim.tenant.tenantId}/oauth2/v2.0/token`);
			expect(String(sent[0]?.body)).toContain(`scope=${encodeURIComponent(`${api}/.default`)}`);
			const signed = await type.authenticate({ ...credentials, ...token }, { url: `${api}/any` });
			expect(signed.headers).toMatchObject({ Authorization: 'Bearer a-token' });
		},
	);

	test('“Token: POST {login}/{tenantId}/oauth2/v2.0/token”, form with client credentials', async () => {
		await play();
		expect((await stage.getEvents()).error).toBeUndefined();
		const [token] = stage.sim.requestLog;
		expect(token).toMatchObject({
			method: 'POST',
			path: `/${stage.sim.tenant.tenantId}/oauth2/v2.0/token`,
			status: 200,
		});
		expect(stage.sim.ledger.violations).toEqual([]);
	});

	test('“Life about 3,599 s”: a token that has run out is replaced before it is used', async () => {
		await play();
		await stage.getEvents();
		stage.clock.advance(2 * HOUR);
		addEvent();
		const result = await stage.getEvents();
		expect(eventsOf(result)).toHaveLength(1);
		expect(stage.sim.ledger.tokensIssued).toBe(2);
	});

	test('“Application permission ActivityFeed.Read (and ActivityFeed.ReadDlp for DLP.All)”', async () => {
		await play({ grantedRoles: ['ActivityFeed.Read'] });
		addEvent('Audit.General');
		addEvent('DLP.All');
		const result = await stage.getEvents();
		expect(eventsOf(result).map(({ Id }) => Id)).toEqual(['event of Audit.General']);
		const told = JSON.stringify([result.hints, reportsOf(result)]);
		expect(told).toContain('DLP.All');
		expect(told).toContain('ActivityFeed.ReadDlp');
	});

	test('“A token minted before consent keeps failing until it expires”: one without the role is replaced', async () => {
		await play({ grantedRoles: [] });
		addEvent();
		const refused = await stage.getEvents({ contentTypes: ['Audit.General'] });
		expect(refused.error?.message).toMatch(/not allowed|refused/i);
		stage.sim.tenantState.grantedRoles = ['ActivityFeed.Read'];
		stage.clock.advance(2 * MINUTE);
		const granted = await stage.getEvents({ contentTypes: ['Audit.General'] });
		expect(granted.error).toBeUndefined();
		expect(eventsOf(granted)).toHaveLength(1);
	});

	test.each([
		['the tenant ID', undefined],
		['the Publisher ID of the credential', '11111111-2222-4333-8444-555555555555'],
	])(
		'“PublisherIdentifier belongs on every call, blob downloads included”: %s',
		async (_n, publisherId) => {
			stage = await createStage({
				blobs: 100,
				...(publisherId && { credential: { publisherId } }),
				faults: { pageSize: 2 },
			});
			await stage.getEvents();
			await stage.run({ resource: 'subscription', operation: 'getAll' });
			await stage.run({ resource: 'sensitiveType', operation: 'getAll' });
			const calls = stage.sim.requestLog.filter(({ path }) => path.includes('/activity/feed/'));
			expect(calls.some(({ path }) => path.includes('/audit/'))).toBe(true);
			expect(calls.some(({ query }) => 'nextPage' in query)).toBe(true);
			const wanted = publisherId ?? stage.sim.tenant.tenantId;
			expect(calls.filter(({ publisher }) => publisher !== wanted)).toEqual([]);
		},
	);

	describe('“Sign-in failures to name for the user”', () => {
		const CASES: Array<[string, StageOptions, (stage: Stage) => void, RegExp]> = [
			[
				'AADSTS7000215 wrong secret',
				{ credential: { clientSecret: 'wrong' } },
				() => {},
				/Value.*Secret ID/,
			],
			[
				'AADSTS7000222 expired secret',
				{ secretState: 'expired' },
				() => {},
				/expired.*[Cc]reate a new/s,
			],
			[
				'AADSTS700016 app not in this tenant',
				{},
				({ sim }) => (sim.tenantState.appRegistered = false),
				/not found in this tenant/,
			],
			[
				'AADSTS90002 no such tenant',
				{ credential: { tenantId: '99999999-2222-4333-8444-555555555555' } },
				() => {},
				/tenant was not found/,
			],
			[
				'AADSTS65001 no consent',
				{},
				({ sim }) => (sim.tenantState.consented = false),
				/[Gg]rant admin consent/,
			],
			['AADSTS7000112 app disabled', { appDisabled: true }, () => {}, /disabled.*[Ee]nable/s],
		];

		test.each(CASES)('%s', async (name, options, prepare, advice) => {
			await play(options);
			prepare(stage);
			const result = await stage.getEvents();
			const code = name.split(' ')[0] ?? '';
			expect(`${result.error?.message} ${description(result.error)}`).toContain(code);
			expect(`${result.error?.message} ${description(result.error)}`).toMatch(advice);
			expect(['NodeApiError', 'NodeOperationError']).toContain(result.error?.name);
			const dialog = await stage.engine.testCredential(stage.credentialId);
			expect(dialog).toMatchObject({ status: 'Error' });
			expect(dialog.message).toContain(code);
			expect(dialog.message).toMatch(advice);
			expect(stage.engine.findLeaks({ run: result.run, dialog })).toEqual([]);
		});

		test('900023 no such tenant: a tenant that is no GUID is told before any request', async () => {
			await play({ credential: { tenantId: 'contoso.onmicrosoft.com' } });
			const result = await stage.getEvents();
			expect(result.error?.message).toMatch(/Tenant ID is not a GUID/);
			expect((await stage.engine.testCredential(stage.credentialId)).message).toMatch(
				/Tenant ID is not a GUID/,
			);
			expect(stage.sim.requestLog).toEqual([]);
		});
	});
});

function description(error: Error | undefined): string {
	return String((error as { description?: unknown } | undefined)?.description ?? '');
}
