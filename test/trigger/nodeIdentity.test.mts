import type { IDataObject } from 'n8n-workflow';

import { HOUR, MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

const COPY = 'office365ManagementTrigger:';

describe('whose checkpoint it is', () => {
	const given = stageForEachTest();

	it('a renamed node keeps a batch that failed behind the watermark', async () => {
		const trigger = given.stage.createTrigger({}, {
			onEmit: (emission) => {
				const bad = emission.items.some(({ json }) => json.Id === 'poison');
				emission.finish(bad ? 'error' : 'success');
			},
		});
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('poison');
		await trigger.tick();
		for (let hour = 0; hour < 12; hour++) {
			given.stage.clock.advance(HOUR);
			given.publish(`good ${hour}`);
			await trigger.tick();
		}
		const renamed = given.stage.kill(trigger, { node: { name: 'Audit log' }, onEmit: undefined });
		await renamed.activate();
		await renamed.tick();
		expect(idsOf(renamed)).toContain('poison');
	});

	it('a kill between the copy and the checkpoint leaves the checkpoint in force', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		for (const id of ['a', 'b']) {
			given.stage.clock.advance(5 * MINUTE);
			given.publish(id);
			await trigger.tick();
		}
		const stored = trigger.stored();
		const copies = stored.global as Record<string, IDataObject>;
		const key = Object.keys(copies).find((each) => each.startsWith(COPY)) ?? '';
		const copy = copies[key] as IDataObject & { sequence: number };
		copies[key] = { ...copy, sequence: copy.sequence + 1 };
		const restarted = given.stage.kill(trigger, { staticData: stored, activation: 'init' });
		await restarted.activate();
		await restarted.tick();
		// The copy knows nothing of what was delivered and would bring both again.
		expect(idsOf(restarted)).toEqual(['b']);
	});

	it('a new node that takes a name that became free does not go on from the old checkpoint', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		const other = given.stage.kill(trigger, { node: { id: 'another-id' } });
		await other.activate();
		await other.tick();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('b');
		await other.tick();
		expect(idsOf(other)).toEqual(['b']);
		expect(other.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('belongs to another node'),
		]);
	});
});
