import {
	ALL_TYPES,
	createEmptyStage,
	eventsOf,
	HOUR,
	jsonOf,
	MINUTE,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('The wire: subscriptions', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));

	const subscription = async (operation: string, parameters = {}) =>
		await stage.run({ resource: 'subscription', operation, ...parameters });
	const start = async (contentType = 'Audit.General') =>
		await subscription('start', { contentType });
	const starts = () => requestsTo(stage.sim, '/subscriptions/start');

	test('“POST subscriptions/start?contentType=…”, without a webhook body', async () => {
		await play({ subscriptions: 'missing' });
		const result = await start();
		expect(jsonOf(result)).toEqual([
			{ contentType: 'Audit.General', status: 'enabled', webhook: null, alreadyEnabled: false },
		]);
		expect(starts()).toMatchObject([{ method: 'POST', query: { contentType: 'Audit.General' } }]);
		expect(stage.sim.tenantState.subscriptions.get('Audit.General')?.status).toBe('enabled');
	});

	test.each(['truncate', 'stall', 'resetInBody'] as const)(
		'a start that worked, though its answer got lost (%s), is success and not started again',
		async (connection) => {
			await play({ subscriptions: 'missing', stallMs: 150 });
			stage.sim.failNext({ path: '/subscriptions/start' }, { connection });
			const result = await start();
			expect(jsonOf(result)).toEqual([
				{ contentType: 'Audit.General', status: 'enabled', webhook: null, alreadyEnabled: false },
			]);
			expect(starts()).toHaveLength(1);
			expect(stage.sim.ledger.violations).toEqual([]);
		},
	);

	test('a start that did not work is tried again', async () => {
		await play({ subscriptions: 'missing' });
		stage.sim.failNext({ path: '/subscriptions/start' }, { status: 503 });
		expect(jsonOf(await start())).toMatchObject([{ status: 'enabled', alreadyEnabled: false }]);
		expect(starts()).toHaveLength(2);
	});

	test('a list of subscriptions that holds none but is not empty is asked for again', async () => {
		await play();
		stage.sim.failNext({ path: '/subscriptions/list' }, { body: '[[[]], null]' });
		expect(jsonOf(await subscription('getAll', { returnAll: true }))).toHaveLength(5);
	});

	test('“POST subscriptions/stop”', async () => {
		await play();
		const result = await subscription('stop', { contentType: 'Audit.General' });
		expect(jsonOf(result)).toMatchObject([{ contentType: 'Audit.General', stopped: true }]);
		expect(stage.sim.tenantState.subscriptions.get('Audit.General')?.status).toBe('disabled');
	});

	test('“Stopping loses everything until the next start”: nothing but Stop ever stops', async () => {
		await play({ subscriptions: { 'Audit.Exchange': 'missing' } });
		await subscription('getAll');
		await start();
		await stage.getEvents({ options: { startMissingSubscriptions: true } });
		await stage.run({ resource: 'setup', operation: 'check' });
		const poll = stage.createPoll();
		await poll.activate();
		await poll.tick();
		expect(requestsTo(stage.sim, '/subscriptions/stop')).toEqual([]);
	});

	test('“GET subscriptions/list -> array of {contentType, status, webhook}”', async () => {
		await play();
		expect(jsonOf(await subscription('getAll'))).toEqual(
			ALL_TYPES.map((contentType) => ({ contentType, status: 'enabled', webhook: null })),
		);
	});

	test('“/list may be []”', async () => {
		await play({ subscriptions: 'missing' });
		const result = await subscription('getAll');
		expect(result.error).toBeUndefined();
		expect(result.items).toEqual([]);
	});

	test('“/list may lack status”: such a subscription counts as enabled', async () => {
		await play({ faults: { subscriptionListShape: 'withoutStatus' } });
		expect(jsonOf(await start())).toMatchObject([{ alreadyEnabled: true }]);
		const result = await stage.getEvents({ options: { startMissingSubscriptions: true } });
		expect(result.error).toBeUndefined();
		expect(starts()).toEqual([]);
	});

	test('“Starting what is already enabled: 400 AF20024 … It is success”', async () => {
		await play({ subscriptions: 'missing' });
		stage.sim.failNext(
			{ path: '/subscriptions/start' },
			{
				status: 400,
				body: {
					error: {
						code: 'AF20024',
						message: 'The subscription is already enabled. No property change.',
					},
				},
			},
		);
		const result = await start();
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([{ contentType: 'Audit.General', alreadyEnabled: true }]);
	});

	test('“A start without a webhook on a subscription that has one removes the webhook: list first, start only what is missing”', async () => {
		await play({
			subscriptions: {
				'Audit.General': { webhook: 'https://example.com/hook', authId: 'kept' },
				'Audit.Exchange': 'missing',
			},
		});
		await start();
		const result = await stage.getEvents({ options: { startMissingSubscriptions: true } });
		expect(result.error).toBeUndefined();
		expect(starts().map(({ query }) => query.contentType)).toEqual(['Audit.Exchange']);
		expect(stage.sim.tenantState.subscriptions.get('Audit.General')?.webhook?.authId).toBe('kept');
		expect(stage.sim.ledger.violations).toEqual([]);
	});

	test.each([403, 429] as const)(
		'“Starts are limited to one per 15 minutes … the refusal arrives as HTTP 403 with code "429", or 429, and the wait is in the text only”: %i',
		async (startThrottleStatus) => {
			await play({
				subscriptions: 'missing',
				faults: { startThrottle: 'tenant', startThrottleStatus },
			});
			await start('Audit.General');
			stage.clock.advance(4_000);
			const before = stage.clock.now();
			const refused = await start('Audit.Exchange');
			expect(refused.error?.message).toMatch(/14 min|14m/);
			expect(stage.clock.now() - before).toBeLessThan(MINUTE);
			expect(starts()).toHaveLength(2);
		},
	);

	test('“Never start on every poll”: what is enabled is not started by the next run', async () => {
		await play({ subscriptions: 'missing', faults: { startThrottle: 'off' } });
		const options = { startMissingSubscriptions: true };
		await stage.getEvents({ options });
		expect(
			starts()
				.map(({ query }) => query.contentType)
				.sort(),
		).toEqual([...ALL_TYPES].sort());
		await stage.getEvents({ options });
		expect(starts()).toHaveLength(ALL_TYPES.length);
	});

	test('“An empty first poll is normal and so is a full one” after a start', async () => {
		await play({ subscriptions: 'missing', faults: { startThrottle: 'off' } });
		stage.sim.feed.addBlob({
			createdMs: stage.clock.now() - 10 * HOUR,
			events: [{ Id: 'back-fill' }],
		});
		const options = { startMissingSubscriptions: true };
		const first = await stage.getEvents({ options });
		expect(first.error).toBeUndefined();
		expect(first.items).toEqual([]);
		stage.clock.advance(3 * MINUTE);
		expect(eventsOf(await stage.getEvents({ options })).map(({ Id }) => Id)).toEqual(['back-fill']);
	});

	test('“Auditing off: … turn on the unified audit log; takes up to 60 minutes”, without the stack trace', async () => {
		await play({ auditingOff: true });
		const { error, run } = await start();
		const told = `${error?.message} ${(error as { description?: string }).description}`;
		expect(told).toMatch(/audit log.*switched off/i);
		expect(told).toMatch(/60 minutes/);
		expect(`${told} ${JSON.stringify(run.data.resultData.error)}`).not.toContain('MoveNext');
	});

	test('“Auditing off” is told by Setup > Check as well', async () => {
		await play({ auditingOff: true });
		const [{ ok, checks } = {}] = jsonOf(
			await stage.run({ resource: 'setup', operation: 'check' }),
		);
		expect(ok).toBe(false);
		const failing = (checks as Array<{ ok: boolean }>).filter((check) => !check.ok);
		expect(JSON.stringify(failing)).toMatch(/audit log|auditing/i);
	});

	test('a missing subscription is told with the way out (AF20022)', async () => {
		await play({ subscriptions: 'missing' });
		const { error } = await stage.getEvents({ contentTypes: ['Audit.General'] });
		expect(`${error?.message} ${(error as { description?: string }).description}`).toMatch(
			/no subscription.*Start/is,
		);
	});
});
