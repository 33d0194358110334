import type { Emission } from '../engine/harness.mts';
import { DAY, HOUR, MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

describe('the trigger in n8n\'s engine', () => {
	const given = stageForEachTest();

	it('delivers nothing at activation, then each event once', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		expect(trigger.emissions).toEqual([]);
		given.stage.clock.advance(5 * MINUTE);
		given.publish(['a', 'b']);
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('c');
		await trigger.tick();
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'b', 'c']);
		expect(trigger.errors).toEqual([]);
	});

	it('reads the credential once a poll, not for each request, because n8n takes long for that', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		// Subscriptions are looked at as well.
		given.stage.clock.advance(HOUR);
		for (let i = 0; i < 20; i++) given.publish(String(i));
		const before = given.stage.engine.credentialReadings();
		await trigger.tick();
		expect(given.stage.sim.ledger.requests).toBeGreaterThan(20);
		expect(given.stage.engine.credentialReadings() - before).toBeLessThanOrEqual(2);
	});

	it('hands over Microsoft\'s record, and where it came from', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		const { contentId } = given.publish('a');
		await trigger.tick();
		expect(trigger.emissions.at(-1)?.items[0]?.json).toEqual({
			Id: 'a',
			RecordType: 1,
			Operation: 'Test',
			_content: expect.objectContaining({ contentId, contentType: 'Audit.General' }),
		});
	});

	it.each([
		['content', { events: [expect.objectContaining({ Id: 'a' })] }],
		['reference', {}],
	])('output %s is one item for each blob', async (output, more) => {
		const trigger = given.stage.createTrigger({ output });
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		const { contentId } = given.publish('a');
		await trigger.tick();
		const items = trigger.emissions.at(-1)?.items.map(({ json }) => json);
		expect(items).toEqual([
			{
				contentType: 'Audit.General',
				contentId,
				contentCreated: expect.any(String),
				contentExpiration: expect.any(String),
				...more,
			},
		]);
		expect(given.stage.sim.ledger.blobs.get(contentId)?.fetched).toBe(output === 'reference' ? 0 : 1);
	});

	it('begins with the last hours if asked to', async () => {
		given.stage.sim.feed.addBlob({ createdMs: given.stage.clock.now() - 2 * HOUR, events: [{ Id: 'in' }] });
		given.stage.sim.feed.addBlob({ createdMs: given.stage.clock.now() - 4 * HOUR, events: [{ Id: 'out' }] });
		const trigger = given.stage.createTrigger({ startFrom: 'last', lastAmount: 3, lastUnit: 'hours' });
		await trigger.activate();
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['in']);
	});

	it('hands a batch over again when its run failed', async () => {
		let failures = 1;
		const trigger = given.stage.createTrigger(
			{},
			{
				onEmit: (emission: Emission) =>
					emission.finish(emission.items.length > 0 && failures-- > 0 ? 'error' : 'success'),
			},
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'a']);
	});

	it.each(['canceled', 'crashed', 'error', undefined] as const)(
		'does not count a run that ended with %s as delivered',
		async (status) => {
			const trigger = given.stage.createTrigger({}, { onEmit: (emission) => emission.finish(status) });
			await trigger.activate();
			given.stage.clock.advance(5 * MINUTE);
			given.publish('a');
			await trigger.tick();
			given.stage.clock.advance(5 * MINUTE);
			await trigger.tick();
			expect(idsOf(trigger)).toEqual(['a', 'a']);
		},
	);

	it('counts a run that waits (a Wait node) as delivered', async () => {
		const trigger = given.stage.createTrigger({}, { onEmit: (emission) => emission.finish('waiting') });
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it('with at most once never repeats, though every run fails', async () => {
		const trigger = given.stage.createTrigger(
			{ delivery: 'atMostOnce' },
			{ onEmit: (emission) => emission.finish('error') },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		given.stage.clock.advance(HOUR);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it('stores the start with an empty run, so that a kill right after activation loses nothing', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		expect(trigger.emissions.map(({ items }) => items.length)).toEqual([0]);
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		given.stage.clock.advance(HOUR);
		const restarted = given.stage.kill(trigger, { activation: 'init' });
		await restarted.activate();
		await restarted.tick();
		expect(idsOf(restarted)).toEqual(['a']);
	});

	it('repeats after a kill only what could not be stored', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		for (const id of ['a', 'b']) {
			given.stage.clock.advance(5 * MINUTE);
			given.publish(id);
			await trigger.tick();
		}
		const restarted = given.stage.kill(trigger, { activation: 'init' });
		await restarted.activate();
		await restarted.tick();
		expect(idsOf(restarted)).toEqual(['b']);
	});

	it('keeps its place when the node is renamed, and a duplicated node starts fresh', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		const renamed = given.stage.kill(trigger, { node: { name: 'Audit log' } });
		const duplicate = trigger.restart({ node: { name: 'Trigger1', id: 'another-id' } });
		for (const each of [renamed, duplicate]) {
			await each.activate();
			await each.tick();
		}
		expect([idsOf(renamed), idsOf(duplicate)]).toEqual([['a'], []]);
	});

	it('does not fall back to what it left under its former name when it is renamed back', async () => {
		const first = given.stage.createTrigger();
		await first.activate();
		await first.tick();
		let current = first;
		for (const [id, name] of [
			['a', 'Audit log'],
			['b', 'Trigger'],
		] as const) {
			given.stage.clock.advance(5 * MINUTE);
			given.publish(id);
			current = given.stage.kill(current, { node: { name } });
			await current.activate();
			for (let tick = 0; tick < 60; tick++) {
				given.stage.clock.advance(15 * MINUTE);
				await current.tick();
			}
			expect(idsOf(current)).toEqual([id]);
		}
	});

	it('goes on from the newer copy in memory when n8n loads an older one', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		const edited = trigger.restart({ staticData: {} });
		await edited.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('b');
		await edited.tick();
		expect(idsOf(edited)).toEqual(['b']);
	});

	it('sets a damaged checkpoint aside, says so, and goes on from the copy of its times', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		const stored = trigger.stored();
		stored['node:Trigger'] = { checkpoint: { version: 1, sequence: 5 } };
		const restarted = given.stage.kill(trigger, { staticData: stored });
		await restarted.activate();
		await restarted.tick();
		expect(restarted.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('stored checkpoint cannot be used'),
		]);
		expect(idsOf(restarted)).toEqual(['a']);
		expect(restarted.staticData().setAside).toEqual({ version: 1, sequence: 5 });
	});

	it('keeps only the beginning of a large checkpoint that it sets aside: static data stays small', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		const stored = trigger.stored();
		stored['node:Trigger'] = { checkpoint: { version: 1, sequence: 5, junk: '"'.repeat(200_000) } };
		const restarted = given.stage.kill(trigger, { staticData: stored });
		await restarted.activate();
		await restarted.tick();
		expect(JSON.stringify(restarted.stored()).length).toBeLessThan(6_000);
		expect(restarted.staticData().setAside).toMatch(/^\{"version":1,"sequence":5/);
	});

	it('tells of an interval that was lost while n8n was down, once, and goes on', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(9 * DAY);
		given.publish('after');
		const restarted = given.stage.kill(trigger, { activation: 'init' });
		await restarted.activate();
		await restarted.tick();
		await restarted.tick();
		expect(restarted.errors.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Content of Audit\.General from .* UTC to .* UTC can no longer be listed$/),
		]);
		expect(idsOf(restarted)).toEqual(['after']);
	});

	it('starts a missing subscription once and reads it', async () => {
		await given.change({ subscriptions: 'missing' });
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		given.stage.clock.advance(HOUR);
		given.publish('a');
		await trigger.tick();
		const starts = given.stage.sim.requestLog.filter(({ path }) => path.includes('subscriptions/start'));
		expect(starts).toHaveLength(1);
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it('fetches a test event without moving the checkpoint', async () => {
		const trigger = given.stage.createTrigger();
		given.publish('a');
		const items = await trigger.fetchTestEvent();
		expect(items?.map(({ json }) => json.Id)).toEqual(['a']);
		expect(trigger.staticData()).toEqual({});
		expect(trigger.emissions).toEqual([]);
	});

	it('throws at activation what a person must mend', async () => {
		given.stage.sim.tenantState.secretState = 'expired';
		await expect(given.stage.createTrigger().activate()).rejects.toThrow('AADSTS7000222');
	});

	it('never throws while n8n starts: it tells once and goes on by itself when it is mended', async () => {
		const before = given.stage.createTrigger();
		await before.activate();
		await before.tick();
		given.stage.sim.tenantState.secretState = 'expired';
		given.stage.sim.revokeTokens();
		given.stage.clock.advance(HOUR);
		const trigger = given.stage.kill(before, { activation: 'init' });
		await expect(trigger.activate()).resolves.toBeUndefined();
		await trigger.tick();
		const told = trigger.errors.length;
		expect(told).toBeGreaterThan(0);
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(trigger.errors).toHaveLength(told);
		given.stage.sim.tenantState.secretState = 'ok';
		given.stage.clock.advance(2 * HOUR);
		given.publish('a');
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it('refuses Engine 2.0, whose runs report no end', async () => {
		const settings = { engineType: 'v2' } as never;
		await expect(given.stage.createTrigger({}, { settings }).activate()).rejects.toThrow('Engine 2.0');
	});

	it('does not poll twice at once', async () => {
		const trigger = given.stage.createTrigger({}, { onEmit: () => undefined });
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		const beganMs = given.stage.clock.now();
		const first = trigger.tick();
		await trigger.tick();
		// The other one goes on until its time is over, because the run does.
		expect(given.stage.clock.now() - beganMs).toBeLessThan(MINUTE);
		await first;
		expect(given.stage.clock.now() - beganMs).toBeGreaterThan(4 * MINUTE);
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it('waits in the next polls for a run that outlives its poll, and does not start it again', async () => {
		let running: Emission | undefined;
		const trigger = given.stage.createTrigger(
			{},
			{ onEmit: (emission) => (emission.items.length > 0 ? (running = emission) : emission.finish('success')) },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		await trigger.tick();
		given.publish('b');
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a']);
		running?.finish('success');
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'b']);
	});

	it('hands out a run again that does not end within the delivery timeout', async () => {
		const trigger = given.stage.createTrigger(
			{ options: { deliveryTimeoutMinutes: 30 } },
			{ onEmit: (emission) => (emission.items.length > 0 ? undefined : emission.finish('success')) },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		given.stage.clock.advance(20 * MINUTE);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a']);
		given.stage.clock.advance(20 * MINUTE);
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'a']);
	});

	it('honours the wait after too many starts of subscriptions', async () => {
		await given.change({ subscriptions: 'missing' });
		const refusal = { error: { code: '429', message: 'Too many requests. Please retry again after 14m 56s.' } };
		given.stage.sim.failNext({ path: 'subscriptions/start' }, { status: 403, body: refusal });
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		const starts = () => given.stage.sim.requestLog.filter(({ path }) => path.includes('subscriptions/start'));
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(starts()).toHaveLength(1);
		expect(trigger.errors).toEqual([]);
		given.stage.clock.advance(12 * MINUTE);
		await trigger.tick();
		expect(starts()).toHaveLength(2);
	});

	it('starts a subscription again that somebody disabled, and tells it', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		const subscription = given.stage.sim.tenantState.subscriptions.get('Audit.General');
		if (subscription) subscription.status = 'disabled';
		given.stage.clock.advance(2 * HOUR);
		await trigger.tick();
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			'The subscription of Audit.General had been disabled',
		]);
		expect(given.stage.sim.tenantState.subscriptions.get('Audit.General')?.status).toBe('enabled');
	});

	it('one content type that is refused does not hold up the others, and is told once', async () => {
		await given.change({
			contentTypes: ['Audit.General', 'DLP.All'],
			grantedRoles: ['ActivityFeed.Read'],
		});
		const trigger = given.stage.createTrigger({ contentTypes: ['Audit.General', 'DLP.All'] });
		await trigger.activate();
		for (const id of ['a', 'b']) {
			given.stage.clock.advance(2 * HOUR);
			given.publish(id);
			await trigger.tick();
		}
		expect(idsOf(trigger)).toEqual(['a', 'b']);
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('DLP.All cannot be read at present'),
		]);
	});

	it('survives that Microsoft cannot be reached while n8n starts, and resumes by itself', async () => {
		const before = given.stage.createTrigger();
		await before.activate();
		await before.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		given.stage.sim.failNext({ times: 40 }, { connection: 'reset' });
		const trigger = given.stage.kill(before, { activation: 'init' });
		await trigger.activate();
		await trigger.tick();
		for (let polls = 0; polls < 30 && idsOf(trigger).length === 0; polls++) {
			given.stage.clock.advance(5 * MINUTE);
			await trigger.tick();
		}
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it.each([
		['n8n refused it: the workflow is being switched off', (run: Emission) => run.reject(new Error('Published version not found for workflow'))],
		['n8n blocked it', (run: Emission) => run.finish(undefined)],
		['it was cancelled', (run: Emission) => run.finish('canceled')],
	])('does not count a run against its events if %s', async (_, end) => {
		let switchedOff = true;
		const trigger = given.stage.createTrigger(
			{ options: { maxDeliveryAttempts: 1 } },
			{ onEmit: (run) => (switchedOff && run.items.length > 0 ? end(run) : run.finish('success')) },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		switchedOff = false;
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'a']);
		expect(trigger.errors).toEqual([]);
	});

	it('counts a run that the workflow\'s own time limit ended: its events may be to blame', async () => {
		const timeout = new Error('The execution was cancelled because it timed out');
		const trigger = given.stage.createTrigger(
			{ options: { maxDeliveryAttempts: 1 } },
			{ onEmit: (run) => (run.items.length > 0 ? run.reject(timeout) : run.finish('success')) },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		expect(trigger.errors.map(({ message }) => message)).toEqual([expect.stringContaining('set aside')]);
	});

	it('names the content that was set aside in a failed execution', async () => {
		const trigger = given.stage.createTrigger(
			{ options: { maxDeliveryAttempts: 2 } },
			{ onEmit: (emission) => emission.finish(emission.items.length > 0 ? 'error' : 'success') },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		const { contentId } = given.publish('a');
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(trigger.errors).toEqual([
			expect.objectContaining({ description: expect.stringContaining(contentId) }),
		]);
	});
});
