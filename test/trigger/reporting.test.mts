import type { Emission } from '../engine/harness.mts';
import { MINUTE } from '../engine/support/stage.mts';
import { createTriggerStage, idsOf, type TriggerStage } from './stage.mts';

describe('what a trigger gives up', () => {
	let stage: TriggerStage;

	beforeEach(async () => {
		stage = await createTriggerStage();
	});

	afterEach(async () => await stage.close());

	const publish = (id: string) =>
		stage.sim.feed.addBlob({
			contentType: 'Audit.General',
			createdMs: stage.clock.now() - MINUTE,
			events: [{ Id: id, RecordType: 1, Operation: 'Test' }],
		});

	it('is told before n8n stores the checkpoint that forgets it: a kill must not come in between', async () => {
		const toldAtHandOver = new Map<unknown, number>();
		const trigger = stage.createTrigger(
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
		stage.clock.advance(5 * MINUTE);
		publish('a');
		stage.clock.advance(MINUTE);
		publish('b');
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a', 'b']);
		expect([toldAtHandOver.get('a'), toldAtHandOver.get('b')]).toEqual([0, 1]);
	});

	it('is told at once if its run fails between two polls', async () => {
		let running: Emission | undefined;
		const trigger = stage.createTrigger(
			{ options: { maxDeliveryAttempts: 1 } },
			{ onEmit: (emission) => (emission.items.length > 0 ? (running = emission) : emission.finish('success')) },
		);
		await trigger.activate();
		stage.clock.advance(5 * MINUTE);
		const { contentId } = publish('a');
		await trigger.tick();
		running?.finish('error');
		await new Promise((resolve) => setImmediate(resolve));
		expect(trigger.errors).toEqual([
			expect.objectContaining({ description: expect.stringContaining(contentId) }),
		]);
	});
});
