import { HOUR, MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

describe('a trigger that is switched on', () => {
	const given = stageForEachTest();

	it('has its start fixed when the activation is over, for n8n to store', async () => {
		const trigger = given.stage.createTrigger({ startFrom: 'last', lastAmount: 3, lastUnit: 'hours' });
		const activatedMs = given.stage.clock.now();
		await trigger.activate();
		expect(trigger.staticData()).toMatchObject({
			checkpoint: { types: { 'Audit.General': { startMs: activatedMs - 3 * HOUR } } },
		});
	});

	it('does not mind that Microsoft cannot be reached at that moment', async () => {
		given.stage.sim.failNext({ times: 40 }, { connection: 'reset' });
		await expect(given.stage.createTrigger().activate()).resolves.toBeUndefined();
	});

	it('is refused at every publish, not only the first, while there is something that a person must mend', async () => {
		let trigger = given.stage.createTrigger();
		await trigger.activate();
		given.stage.sim.tenantState.secretState = 'expired';
		given.stage.sim.revokeTokens();
		for (let publishes = 0; publishes < 4; publishes++) {
			trigger = trigger.restart({ activation: 'update' });
			await expect(trigger.activate()).rejects.toThrow('AADSTS7000222');
		}
	});

	it('refuses an overlap with which late content would be missed', async () => {
		const trigger = given.stage.createTrigger({ options: { overlapMinutes: 14 } });
		await expect(trigger.activate()).rejects.toThrow('Overlap');
	});

	it('tells what is wrong with its parameters once, not at every poll', async () => {
		const trigger = given.stage.createTrigger({ options: { overlapMinutes: 14 } }, { activation: 'init' });
		await trigger.activate();
		await trigger.tick();
		await trigger.tick();
		expect(trigger.errors.map(({ message }) => message)).toEqual([expect.stringContaining('Overlap')]);
	});

	it.each([
		['by a person tries at once what had failed', 'update', 2],
		['by a start of n8n keeps to the waits', 'init', 1],
	] as const)('%s', async (_, activation, handedOut) => {
		const trigger = given.stage.createTrigger({}, { onEmit: (emission) => emission.finish('error') });
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		const again = trigger.restart({ activation });
		await again.activate();
		await again.tick();
		expect([...idsOf(trigger), ...idsOf(again)].filter((id) => id === 'a')).toHaveLength(handedOut);
	});

	it('goes on by itself after two minutes without Microsoft and then with 401, while n8n starts', async () => {
		const before = given.stage.createTrigger();
		await before.activate();
		await before.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		given.stage.sim.failNext({ times: 30 }, { connection: 'reset' });
		const trigger = given.stage.kill(before, { activation: 'init' });
		await trigger.activate();
		await trigger.tick();
		const unauthorized = { status: 401, body: { Message: 'Authorization has been denied for this request.' } };
		given.stage.sim.failNext({ times: 10 }, unauthorized);
		for (let polls = 0; polls < 12; polls++) {
			given.stage.clock.advance(5 * MINUTE);
			await trigger.tick();
		}
		expect(idsOf(trigger)).toEqual(['a']);
	});
});
