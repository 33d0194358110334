import { MINUTE } from '../engine/support/stage.mts';
import { createTriggerStage, idsOf, type TriggerStage } from './stage.mts';

describe('one blob that is hard to get', () => {
	let stage: TriggerStage;

	beforeEach(async () => {
		stage = await createTriggerStage();
	});

	afterEach(async () => await stage.close());

	const publish = (id: string, minutesAgo: number) =>
		stage.sim.feed.addBlob({
			contentType: 'Audit.General',
			createdMs: stage.clock.now() - minutesAgo * MINUTE,
			events: [{ Id: id, RecordType: 1, Operation: 'Test' }],
		});

	it('does not hold up those that are downloaded already, and follows in the same poll', async () => {
		const trigger = stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		stage.clock.advance(10 * MINUTE);
		const { contentId } = publish('old', 3);
		publish('new', 1);
		stage.sim.failNext({ path: contentId }, { status: 503, headers: { 'retry-after': '60' } });
		await trigger.tick();
		const batches = trigger.emissions.map(({ items }) => items.map(({ json }) => json.Id));
		expect(batches.filter(({ length }) => length > 0)).toEqual([['new'], ['old']]);
	});
});

describe('news that come while a poll waits for a slow blob', () => {
	let stage: TriggerStage;

	afterEach(async () => await stage.close());

	it('are handed out when n8n’s next tick asks for them, and do not wait for that blob', async () => {
		let onSlow = () => {};
		stage = await createTriggerStage({
			onRequest: ({ status }) => {
				if (status === 503) onSlow();
			},
		});
		const publish = (id: string, minutesAgo: number) =>
			stage.sim.feed.addBlob({
				contentType: 'Audit.General',
				createdMs: stage.clock.now() - minutesAgo * MINUTE,
				events: [{ Id: id, RecordType: 1, Operation: 'Test' }],
			});
		const trigger = stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		stage.clock.advance(10 * MINUTE);
		const { contentId } = publish('slow', 3);
		stage.sim.failNext({ path: contentId }, { status: 503, headers: { 'retry-after': '120' } });
		const ticks: Array<Promise<unknown>> = [];
		onSlow = () => {
			publish('news', 1);
			ticks.push(trigger.tick());
		};
		ticks.push(trigger.tick());
		for (const tick of ticks) await tick;
		expect(ticks).toHaveLength(2);
		expect(idsOf(trigger)).toEqual(['news', 'slow']);
	});
});

describe('entries without a usable content ID', () => {
	let stage: TriggerStage;

	beforeEach(async () => {
		stage = await createTriggerStage({ faults: { garbageEntries: 1 } });
	});

	afterEach(async () => await stage.close());

	it('are told once, though they are listed at every poll', async () => {
		const trigger = stage.createTrigger();
		await trigger.activate();
		stage.clock.advance(20 * MINUTE);
		stage.sim.feed.addBlob({ contentType: 'Audit.General', createdMs: stage.clock.now() - MINUTE });
		for (let poll = 0; poll < 3; poll++) {
			await trigger.tick();
			stage.clock.advance(20 * MINUTE);
		}
		const told = stage.engine.logs.filter(({ message }) => message.includes('usable content ID'));
		expect(told.map(({ level }) => level)).toEqual(['warn']);
	});
});
