import { HAS_DURABLE_SCHEDULER } from '../n8nVersion.mts';
import { HOUR, MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

(HAS_DURABLE_SCHEDULER ? describe : describe.skip)('the trigger under n8n’s durable scheduler', () => {
	const given = stageForEachTest();

	it('with durable cursors stores with the return of the poll instead of an empty run', async () => {
		const trigger = given.stage.createTrigger({}, { budgetMs: 36_000, scheduler: 'cursors' });
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		expect(trigger.emissions.map(({ items }) => items.length)).toEqual([1]);
		const { checkpoint } = trigger.stored()['node:Trigger'] as { checkpoint?: { seenEvents: string } };
		expect(checkpoint?.seenEvents).not.toBe('');
	});

	it('without durable cursors stores with an empty run: its return stores nothing', async () => {
		const trigger = given.stage.createTrigger({}, { budgetMs: 36_000, scheduler: 'noCursors' });
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		await trigger.tick();
		given.stage.clock.advance(2 * HOUR);
		await trigger.tick();
		expect(trigger.emissions.map(({ items }) => items.length)).toEqual([0, 1, 0]);
		const { checkpoint } = trigger.stored()['node:Trigger'] as { checkpoint?: { seenEvents: string } };
		expect(checkpoint?.seenEvents).not.toBe('');
	});

	it.each(['cursors', 'noCursors'] as const)(
		'collects also if its budget is set to that of the default poller: %s',
		async (scheduler) => {
			const trigger = given.stage.createTrigger({}, { budgetMs: 300_000, scheduler });
			for (const id of ['a', 'b', 'c', 'd']) {
				await trigger.tick();
				given.stage.clock.advance(5 * MINUTE);
				given.publish(id);
			}
			await trigger.tick();
			await trigger.tick();
			expect(idsOf(trigger)).toEqual(['a', 'b', 'c', 'd']);
		},
	);
});
