import { HOUR, MINUTE, type StageOptions } from '../engine/support/stage.mts';
import type { Poll } from '../engine/harness.mts';
import { createTriggerStage, idsOf, type TriggerStage } from './stage.mts';

const REFUSAL = {
	status: 403,
	body: { error: { code: '429', message: 'Too many requests. Please retry again after 14m 56s.' } },
};

describe('the subscriptions behind a trigger', () => {
	let stage: TriggerStage;

	afterEach(async () => await stage.close());

	const requests = (part: string) => stage.sim.requestLog.filter(({ path }) => path.includes(part));
	const starts = () => requests('subscriptions/start').length;
	/** Those that an expired token did not make come twice. */
	const looks = () => requests('subscriptions/list').filter(({ status }) => status === 200).length;

	async function refused(options: StageOptions = {}, parameters = {}): Promise<Poll> {
		stage = await createTriggerStage({ subscriptions: 'missing', ...options });
		stage.sim.failNext({ path: 'subscriptions/start' }, REFUSAL);
		const trigger = stage.createTrigger(parameters);
		await trigger.activate();
		await trigger.tick();
		expect(starts()).toBe(1);
		return trigger;
	}

	it('are not started again before the start throttle allows it, also after n8n was started again', async () => {
		const trigger = await refused();
		const restarted = stage.kill(trigger, { activation: 'init' });
		stage.clock.advance(5 * MINUTE);
		await restarted.activate();
		await restarted.tick();
		expect(starts()).toBe(1);
		stage.clock.advance(11 * MINUTE);
		await restarted.tick();
		expect(starts()).toBe(2);
	});

	it('are not started again by an edit that is published while the start throttle lasts', async () => {
		const edited = (await refused()).restart({ activation: 'update' });
		await edited.activate();
		expect(starts()).toBe(1);
	});

	it('get no further start after one refusal for too many starts, whatever the content type', async () => {
		const contentTypes = ['Audit.General', 'Audit.Exchange'] as const;
		await refused({ contentTypes: [...contentTypes] }, { contentTypes });
	});

	it('are left alone if Start Missing Subscriptions is off', async () => {
		stage = await createTriggerStage({ subscriptions: 'missing' });
		const trigger = stage.createTrigger({ options: { startMissingSubscriptions: false } });
		await trigger.activate();
		for (let polls = 0; polls < 3; polls++) {
			stage.clock.advance(HOUR);
			await trigger.tick();
		}
		expect(starts()).toBe(0);
	});

	it('are looked at once an hour while all is well', async () => {
		stage = await createTriggerStage();
		const trigger = stage.createTrigger();
		await trigger.activate();
		const before = looks();
		for (let polls = 0; polls < 13; polls++) {
			stage.clock.advance(10 * MINUTE);
			await trigger.tick();
		}
		expect(looks() - before).toBe(2);
	});

	it('are not waited for when their list is not answered: the poll collects, and the next ones do not ask again at once', async () => {
		stage = await createTriggerStage();
		const trigger = stage.createTrigger();
		await trigger.activate();
		stage.clock.advance(HOUR);
		const asked = requests('subscriptions/list').length;
		stage.sim.failNext({ path: 'subscriptions/list', times: 99 }, { connection: 'silence' });
		const durations: number[] = [];
		for (const id of ['a', 'b', 'c', 'd', 'e']) {
			stage.clock.advance(MINUTE);
			stage.sim.feed.addBlob({ contentType: 'Audit.General', createdMs: stage.clock.now() - MINUTE, events: [{ Id: id }] });
			const beganMs = stage.clock.now();
			await trigger.tick();
			durations.push(stage.clock.now() - beganMs);
		}
		expect(idsOf(trigger)).toEqual(['a', 'b', 'c', 'd', 'e']);
		expect(Math.max(...durations)).toBeLessThan(30_000);
		// The first poll asks, then one after a minute or more, then one after another two.
		expect(requests('subscriptions/list').length - asked).toBeLessThanOrEqual(3);
	}, 30_000);

	it('get their start by a later poll, and nothing is told, if it was not answered in time', async () => {
		stage = await createTriggerStage();
		const trigger = stage.createTrigger();
		await trigger.activate();
		const status = () => stage.sim.tenantState.subscriptions.get('Audit.General')?.status;
		Object.assign(stage.sim.tenantState.subscriptions.get('Audit.General') ?? {}, { status: 'disabled' });
		stage.sim.failNext({ path: 'subscriptions/start' }, { connection: 'silence' });
		stage.clock.advance(HOUR);
		await trigger.tick();
		expect(status()).toBe('disabled');
		stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(status()).toBe('enabled');
		expect(trigger.errors.map(({ message }) => message).join()).not.toContain('could not be started');
	});

	it('get their start by a later poll, and nothing is told, if the connection broke each time', async () => {
		stage = await createTriggerStage();
		const trigger = stage.createTrigger();
		await trigger.activate();
		Object.assign(stage.sim.tenantState.subscriptions.get('Audit.General') ?? {}, { status: 'disabled' });
		stage.sim.failNext({ path: 'subscriptions/start', times: 5 }, { connection: 'reset' });
		for (const status of ['disabled', 'enabled']) {
			stage.clock.advance(status === 'disabled' ? HOUR : 5 * MINUTE);
			await trigger.tick();
			expect(stage.sim.tenantState.subscriptions.get('Audit.General')?.status).toBe(status);
		}
		expect(trigger.errors.map(({ message }) => message).join()).not.toContain('could not be started');
	});

	it('are told to have been missing, and their day before is listed, if the start took effect without an answer', async () => {
		stage = await createTriggerStage();
		const trigger = stage.createTrigger({ options: { overlapMinutes: 60 } });
		await trigger.activate();
		await trigger.tick();
		const subscription = stage.sim.tenantState.subscriptions.get('Audit.General') ?? { status: '' };
		subscription.status = 'disabled';
		stage.sim.failNext({ path: 'subscriptions/start' }, { connection: 'silence' });
		stage.clock.advance(12 * HOUR);
		await trigger.tick();
		subscription.status = 'enabled';
		stage.clock.advance(5 * MINUTE);
		await trigger.tick();
		expect(trigger.errors.map(({ message }) => message)).toContain('The subscription of Audit.General was missing for a while');
		// Within the day, and beyond the overlap.
		stage.publish('filled in', 6 * 60);
		stage.clock.advance(HOUR);
		await trigger.tick();
		expect(idsOf(trigger)).toContain('filled in');
	});

	it('get their start a quarter of an hour after one that failed in passing', async () => {
		stage = await createTriggerStage({ subscriptions: 'missing' });
		const trigger = stage.createTrigger();
		stage.sim.failNext({ path: 'subscriptions/start' }, { status: 503, headers: { 'retry-after': '60' } });
		await trigger.activate();
		for (const [minutes, status] of [[10, undefined], [10, 'enabled']] as const) {
			stage.clock.advance(minutes * MINUTE);
			await trigger.tick();
			expect(stage.sim.tenantState.subscriptions.get('Audit.General')?.status).toBe(status);
		}
	});

	it('are started again at the second poll after somebody disabled them, not after an hour', async () => {
		stage = await createTriggerStage();
		const trigger = stage.createTrigger();
		await trigger.activate();
		const subscription = stage.sim.tenantState.subscriptions.get('Audit.General');
		if (subscription) subscription.status = 'disabled';
		for (let polls = 0; polls < 2; polls++) {
			stage.clock.advance(5 * MINUTE);
			await trigger.tick();
		}
		expect(starts()).toBe(1);
	});
});
