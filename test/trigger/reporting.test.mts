import type { Emission } from '../engine/harness.mts';
import { MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

describe('what a trigger gives up', () => {
	const given = stageForEachTest();

	it('is told before n8n stores the checkpoint that forgets it: a kill must not come in between', async () => {
		const toldAtHandOver = new Map<unknown, number>();
		const trigger = given.stage.createTrigger(
			{ options: { maxDeliveryAttempts: 1, maxEventsPerExecution: 1 } },
			{
				onEmit: (emission) => {
					const id = emission.items[0]?.json.Id;
					toldAtHandOver.set(id, trigger.errors.length);
					emission.finish(id === 'a' ? 'error' : 'success');
				},
			},
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		given.stage.clock.advance(MINUTE);
		given.publish('b');
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'b']);
		expect([toldAtHandOver.get('a'), toldAtHandOver.get('b')]).toEqual([0, 1]);
	});

	it('is told at once if its run fails between two polls', async () => {
		let running: Emission | undefined;
		const trigger = given.stage.createTrigger(
			{ options: { maxDeliveryAttempts: 1 } },
			{ onEmit: (emission) => (emission.items.length > 0 ? (running = emission) : emission.finish('success')) },
		);
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		const { contentId } = given.publish('a');
		await trigger.tick();
		running?.finish('error');
		await new Promise((resolve) => setImmediate(resolve));
		expect(trigger.errors).toEqual([
			expect.objectContaining({ description: expect.stringContaining(contentId) }),
		]);
	});
});
