import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { AFTER, idsOf, openScene, UPGRADE_MINUTE } from './scene.mts';
import type { RecordedState } from './scene.mts';

const STATES = join(import.meta.dirname, 'states');
const DONE_MINUTE = 40;

describe('an upgrade of the package, with the state that an earlier one left in n8n', () => {
	it.each(readdirSync(STATES))('%s: collection goes on without loss and without repeats', async (file) => {
		const recorded = JSON.parse(readFileSync(join(STATES, file), 'utf8')) as RecordedState;
		const scene = await openScene(UPGRADE_MINUTE);
		try {
			scene.failing = false;
			const trigger = scene.createTrigger(recorded.staticData);
			await trigger.activate();
			await scene.play(trigger, DONE_MINUTE, AFTER);
			const arrived = trigger.emissions.flatMap(idsOf);
			expect(recorded.stored.length).toBeGreaterThan(3);
			expect(arrived.filter((id) => recorded.stored.includes(id))).toEqual([]);
			expect(arrived).toEqual(expect.arrayContaining([...recorded.failed, 'g1', 'h1', 'h2', 'h3']));
			expect(arrived).toHaveLength(new Set(arrived).size);
			expect(trigger.errors).toEqual([]);
		} finally {
			await scene.close();
		}
	});
});
