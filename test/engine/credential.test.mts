import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { refusalSentence } from '../n8nVersion.mts';
import {
	createEmptyStage,
	createStage,
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
				expect((await press()).message).toMatch(
					refusalSentence(/ActivityFeed\.Read.*admin consent/s),
				);
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
	}, 180_000);
});
