import type { IDataObject } from 'n8n-workflow';

import {
	ALL_TYPES,
	createEmptyStage,
	createStage,
	HOUR,
	jsonOf,
	MINUTE,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('The other resources', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const addBlob = (more = {}) =>
		stage.sim.feed.addBlob({
			createdMs: stage.clock.now() - MINUTE,
			events: [{ Id: 'one' }],
			...more,
		});

	describe('Content > Get Many', () => {
		const list = async (more: IDataObject = {}) =>
			await stage.run({
				resource: 'content',
				operation: 'getAll',
				contentTypes: [...ALL_TYPES],
				timeRange: 'last',
				lastAmount: 7,
				lastUnit: 'days',
				returnAll: true,
				...more,
			});

		test('Microsoft’s entries as they are, of all types and windows', async () => {
			stage = await createStage({ blobs: 60, days: 6, faults: { pageSize: 5 } });
			const result = await list();
			expect(result.error).toBeUndefined();
			expect(result.items).toHaveLength(60);
			for (const entry of jsonOf(result)) {
				expect(Object.keys(entry).sort()).toEqual([
					'contentCreated',
					'contentExpiration',
					'contentId',
					'contentType',
					'contentUri',
				]);
			}
			expect(stage.sim.requestLog.filter(({ path }) => path.includes('/audit/'))).toEqual([]);
		});

		test('limit', async () => {
			stage = await createStage({ blobs: 60, days: 2 });
			expect((await list({ returnAll: false, limit: 7 })).items).toHaveLength(7);
		});
	});

	test.each([
		['nested deeper than the stack reaches', `[${'{"a":'.repeat(6_000)}1${'}'.repeat(6_000)}]`, 1],
		['with objects where a contentId belongs', '[{"contentId":{"toString":1}},{"contentId":{"toString":2}}]', 2],
	])('listed entries %s are entries like any others', async (_, body, count) => {
		await play();
		stage.sim.failNext({ path: /subscriptions\/content/ }, { status: 200, body });
		const parameters = { resource: 'content', operation: 'getAll', contentTypes: ['Audit.General'], returnAll: true };
		const { error, items } = await stage.run(parameters);
		expect([error, items.length]).toEqual([undefined, count]);
	});

	describe('Content > Get', () => {
		const get = async (parameters: IDataObject) =>
			await stage.run({ resource: 'content', operation: 'get', simplify: false, ...parameters });

		test('by contentId', async () => {
			await play();
			const { contentId } = addBlob();
			const [event] = jsonOf(await get({ contentId }));
			expect(event).toMatchObject({ Id: 'one', _content: { contentId } });
		});

		test('by contentUri, whatever host it names', async () => {
			await play();
			const { contentId } = addBlob();
			for (const root of [stage.sim.url, 'http://localhost', stage.sim.foreignUrl]) {
				const contentUri = `${root}/api/v1.0/11111111-2222-4333-8444-555555555555/activity/feed/audit/${contentId}`;
				const result = await get({ contentId: contentUri });
				expect(result.error).toBeUndefined();
				expect(jsonOf(result)[0]).toMatchObject({ Id: 'one' });
			}
			expect(stage.sim.ledger.foreignRequests).toBe(0);
		});

		test('a reference of Get Many, item by item', async () => {
			await play();
			addBlob();
			addBlob({
				createdMs: stage.clock.now() - 2 * MINUTE,
				events: [{ Id: 'two' }, { Id: 'three' }],
			});
			const references = (
				await stage.run({ resource: 'content', operation: 'getAll', returnAll: true })
			).items.map(({ json }) => ({ json }));
			const result = await stage.run(
				{
					resource: 'content',
					operation: 'get',
					contentId: '={{ $json.contentId }}',
					simplify: false,
				},
				{ input: references },
			);
			expect(
				jsonOf(result)
					.map(({ Id }) => Id)
					.sort(),
			).toEqual(['one', 'three', 'two']);
			expect(new Set(result.items.map(({ pairedItem }) => JSON.stringify(pairedItem))).size).toBe(
				2,
			);
		});

		test.each([
			['AF20050', 'NotFound'],
			['AF20051', 'Expired'],
		] as const)('what is gone is told (%s)', async (code, fault) => {
			await play();
			const { contentId } = addBlob({ fault });
			const result = await get({ contentId });
			expect(JSON.stringify([result.error?.message, jsonOf(result)])).toContain(code);
		});

		test.each(['', 'https://example.com/', '..', 'a b'])(
			'“%s” is no contentId',
			async (contentId) => {
				await play();
				const { error } = await get({ contentId });
				expect(error?.message).toMatch(/content ID|contentId|contentUri/i);
				expect(stage.sim.requestLog.filter(({ path }) => path.includes('/audit'))).toEqual([]);
			},
		);
	});

	describe('Setup > Check', () => {
		const check = async () => {
			const result = await stage.run({ resource: 'setup', operation: 'check' });
			expect(result.error).toBeUndefined();
			expect(result.items).toHaveLength(1);
			const { ok, checks } = result.items[0]!.json as unknown as {
				ok: boolean;
				checks: Array<{ name: string; ok: boolean; message: string; advice?: string }>;
			};
			return { ok, failing: checks.filter((entry) => !entry.ok), checks };
		};

		test('all is well', async () => {
			await play();
			for (const contentType of ALL_TYPES) addBlob({ contentType });
			const { ok, checks } = await check();
			expect(ok).toBe(true);
			expect(checks.length).toBeGreaterThanOrEqual(8);
			for (const { name, message } of checks) expect([name, message].every(Boolean)).toBe(true);
		});

		test.each<[string, StageOptions, RegExp]>([
			['sign-in', { credential: { clientSecret: 'wrong' } }, /AADSTS7000215/],
			['roles of the token', { grantedRoles: [] }, /ActivityFeed\.Read/],
			['audit log', { auditingOff: true }, /audit log|auditing/i],
			[
				'a missing subscription',
				{ subscriptions: { 'Audit.Exchange': 'missing' } },
				/Audit\.Exchange/,
			],
			[
				'a disabled subscription',
				{ subscriptions: { 'Audit.Exchange': 'disabled' } },
				/Audit\.Exchange/,
			],
		])('%s is found out and told with advice', async (_name, options, sentence) => {
			await play(options);
			const { ok, failing } = await check();
			expect(ok).toBe(false);
			expect(JSON.stringify(failing)).toMatch(sentence);
			for (const { message, advice } of failing) {
				expect(`${message} ${advice}`).toMatch(/\b(Paste|In Microsoft Entra|Turn|Run|Check)\b/);
			}
			expect(stage.engine.findLeaks({ failing })).toEqual([]);
		});

		test('a role that repeats the secret is not quoted', async () => {
			await play({ clientSecret: 'Secret~of-the-app.1', grantedRoles: ['Secret~of-the-app.1', 'Other.Read'] });
			const { failing } = await check();
			expect(JSON.stringify(failing)).toContain('Other.Read');
			expect(stage.engine.findLeaks({ failing })).toEqual([]);
		});

		test('while sign-in is down nothing is said to be accepted', async () => {
			await play();
			stage.sim.failNext({ path: /oauth2/, times: 100 }, { status: 503, body: 'down' });
			const { checks } = await check();
			expect(checks).toEqual([expect.objectContaining({ name: 'Sign-in', ok: false })]);
			expect(checks[0]!.message).toMatch(/unavailable/);
		});

		test('a credential that cannot be used is told as a check, not as a failed node', async () => {
			await play({ credential: { tenantId: 'contoso' } });
			const { checks } = await check();
			expect(checks).toEqual([expect.objectContaining({ name: 'Sign-in', ok: false })]);
			expect(checks[0]!.message).toMatch(/Tenant ID is not a GUID/);
		});

		test('the age of the newest content is told per type', async () => {
			await play();
			addBlob({ contentType: 'Audit.Exchange', createdMs: stage.clock.now() - 3 * HOUR });
			expect(JSON.stringify((await check()).checks)).toMatch(/Audit\.Exchange.*3 h/s);
		});
	});

	test('the editor offers every operation of the product, and no other', async () => {
		await play();
		const { properties, usableAsTool } = stage.engine.describe(stage.engine.actionType);
		const values = (name: string, resource?: string) =>
			properties
				.filter((property) => property.name === name)
				.filter(
					({ displayOptions }) => !resource || displayOptions?.show?.resource?.includes(resource),
				)
				.flatMap(({ options = [] }) =>
					options.map((option) => ('value' in option ? option.value : '')),
				);
		const offered = values('resource').map((resource) => [
			resource,
			values('operation', String(resource)).sort(),
		]);
		expect(Object.fromEntries(offered)).toEqual({
			event: ['getAll'],
			content: ['get', 'getAll'],
			subscription: ['getAll', 'start', 'stop'],
			notification: ['getAll'],
			sensitiveType: ['getAll'],
			setup: ['check'],
		});
		expect(usableAsTool).toBe(true);
	});
});
