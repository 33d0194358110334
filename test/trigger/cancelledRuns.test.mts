import type { Emission } from '../engine/support/poll.mts';
import { MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

describe('one event for which n8n runs nothing to its end', () => {
	const given = stageForEachTest();

	it.each([
		['each of its runs is cancelled', (run: Emission) => run.finish('canceled'), 0],
		['n8n cannot store it', (run: Emission) => run.reject(new RangeError('Invalid string length')), 1],
	])('is alone at last, so that neither its neighbours nor the news are kept back: %s', async (_, end, givenUp) => {
		const isPoison = (run: Emission) => run.items.some(({ json }) => json.Id === 'poison');
		const trigger = given.stage.createTrigger(
			{ options: { maxDeliveryAttempts: 15 } },
			{ onEmit: (run) => (isPoison(run) ? end(run) : run.finish('success')) },
		);
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(10 * MINUTE);
		for (const id of ['a', 'b', 'poison', 'c', 'd']) given.publish(id, 1);
		for (let poll = 0; poll < 24 * 12; poll++) {
			await trigger.tick();
			given.stage.clock.advance(5 * MINUTE);
			if (poll % 48 === 0) given.publish(`news ${poll}`, 1);
		}
		const runs = trigger.emissions.filter(({ items }) => items.length > 0);
		const ids = runs.filter((run) => !isPoison(run)).flatMap(({ items }) => items.map(({ json }) => json.Id));
		expect([...ids].sort()).toEqual(['a', 'b', 'c', 'd', ...[0, 48, 96, 144, 192, 240].map((poll) => `news ${poll}`)].sort());
		// It waits for longer each time.
		expect(runs.filter(isPoison).length).toBeLessThan(40);
		expect(idsOf(trigger)).toContain('poison');
		expect(trigger.errors).toHaveLength(givenUp);
	}, 60_000);
});
