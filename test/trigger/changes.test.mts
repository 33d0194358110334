import { recordFailure } from '../../nodes/feed/checkpoint/backOff';
import { MINUTE } from '../engine/support/stage.mts';
import { createTriggerStage, idsOf, type TriggerStage } from './stage.mts';

const TYPES = { contentTypes: ['Audit.General'] };
const events = ['a', 'b', 'c'].map((Id) => ({ Id, Operation: 'Test', RecordType: 1 }));

describe('the trigger, when something changes around it', () => {
	let stage: TriggerStage;

	afterEach(async () => await stage.close());

	async function ticks(trigger: { tick(): Promise<void> }, count: number, minutes: number): Promise<void> {
		for (let tick = 0; tick < count; tick++) {
			stage.clock.advance(minutes * MINUTE);
			await trigger.tick();
		}
	}

	it.each([
		['reference', 'events'],
		['reference', 'content'],
	])('delivers all events of a failed blob after its Output changed from %s to %s', async (from, to) => {
		stage = await createTriggerStage();
		const failing = stage.createTrigger(
			{ output: from },
			{ onEmit: (emission) => emission.finish('error') },
		);
		await failing.activate();
		stage.clock.advance(5 * MINUTE);
		stage.sim.feed.addBlob({ contentType: 'Audit.General', createdMs: stage.clock.now(), events });
		await ticks(failing, 1, 1);
		expect(failing.emissions.length).toBeGreaterThan(0);
		const edited = failing.restart({
			parameters: { ...TYPES, output: to },
			onEmit: (emission) => emission.finish('success'),
		});
		await edited.activate();
		await ticks(edited, 30, 10);
		const delivered = edited.emissions.flatMap(({ items }) =>
			items.flatMap(({ json }) => (to === 'content' ? (json.events as Array<{ Id: string }>) : [json])),
		);
		expect([...new Set(delivered.map(({ Id }) => Id))].sort()).toEqual(['a', 'b', 'c']);
		expect(edited.errors).toEqual([]);
	});

	it('keeps delivering references when its Output changed from events in the middle of a blob', async () => {
		stage = await createTriggerStage();
		let runs = 0;
		const first = stage.createTrigger(
			{ options: { maxEventsPerExecution: 1 } },
			{ onEmit: (emission) => emission.finish(runs++ === 0 ? 'success' : 'error') },
		);
		await first.activate();
		stage.clock.advance(5 * MINUTE);
		const { contentId } = stage.sim.feed.addBlob({
			contentType: 'Audit.General',
			createdMs: stage.clock.now(),
			events,
		});
		await ticks(first, 1, 1);
		expect(idsOf(first)[0]).toBe('a');
		const edited = first.restart({
			parameters: { ...TYPES, output: 'reference' },
			onEmit: (emission) => emission.finish('success'),
		});
		await edited.activate();
		await ticks(edited, 30, 10);
		expect(edited.emissions.flatMap(({ items }) => items.map(({ json }) => json.contentId))).toContain(contentId);
	});

	it('delivers one reference of a blob whose next events were prepared when its Output changed', async () => {
		stage = await createTriggerStage();
		const first = stage.createTrigger(
			{ options: { maxEventsPerExecution: 1 } },
			// The run outlives its poll, so that the next batch waits for the next one.
			{ onEmit: (emission) => (emission.items.length > 0 ? undefined : emission.finish('success')) },
		);
		await first.activate();
		stage.clock.advance(5 * MINUTE);
		stage.sim.feed.addBlob({ contentType: 'Audit.General', createdMs: stage.clock.now(), events });
		await ticks(first, 1, 1);
		expect(idsOf(first)).toEqual(['a']);
		const edited = first.restart({
			parameters: { ...TYPES, output: 'reference', options: { maxEventsPerExecution: 1, parallelExecutions: 2 } },
			onEmit: (emission) => emission.finish('success'),
		});
		await edited.activate();
		await ticks(edited, 30, 10);
		expect(edited.emissions.flatMap(({ items }) => items)).toHaveLength(1);
	});

	it('forgets a content type that was removed: added again it begins anew', async () => {
		stage = await createTriggerStage({ contentTypes: ['Audit.General', 'Audit.Exchange'] });
		const types = (...contentTypes: string[]) => ({ parameters: { contentTypes } });
		let trigger = stage.createTrigger(types('Audit.General', 'Audit.Exchange').parameters);
		await trigger.activate();
		await ticks(trigger, 1, 5);
		const without = (trigger = trigger.restart(types('Audit.General')));
		await trigger.activate();
		stage.clock.advance(5 * MINUTE);
		stage.sim.feed.addBlob({ contentType: 'Audit.Exchange', createdMs: stage.clock.now(), events: [{ Id: 'gap' }] });
		await ticks(trigger, 1, 5);
		trigger = trigger.restart(types('Audit.General', 'Audit.Exchange'));
		await trigger.activate();
		stage.clock.advance(5 * MINUTE);
		stage.sim.feed.addBlob({ contentType: 'Audit.Exchange', createdMs: stage.clock.now(), events: [{ Id: 'new' }] });
		await ticks(trigger, 1, 5);
		expect([...idsOf(without), ...idsOf(trigger)]).toEqual(['new']);
	});

	it('ends its poll when the workflow is switched off and n8n refuses its batches, which come when it is on again', async () => {
		stage = await createTriggerStage();
		let handedOver = 0;
		const trigger = stage.createTrigger(
			{ options: { maxEventsPerExecution: 1 } },
			{
				onEmit: (emission) => {
					if (emission.items.length > 0) handedOver++;
					if (handedOver < 2) emission.finish('success');
					else emission.reject(new Error('Published version not found for workflow'));
				},
			},
		);
		await trigger.activate();
		stage.clock.advance(5 * MINUTE);
		const many = Array.from({ length: 8 }, (_, index) => ({ Id: `${index}`, Operation: 'Test', RecordType: 1 }));
		stage.sim.feed.addBlob({ contentType: 'Audit.General', createdMs: stage.clock.now() - MINUTE, events: many });
		const beforeMs = stage.clock.now();
		await trigger.tick();
		expect(handedOver).toBeLessThan(7);
		expect(stage.clock.now() - beforeMs).toBeLessThan(MINUTE / 4);
		const again = trigger.restart({ onEmit: (emission) => emission.finish('success') });
		await again.activate();
		await ticks(again, 12, 5);
		expect(idsOf(again).sort()).toEqual(['1', '2', '3', '4', '5', '6', '7']);
	});

	it('does not send a start on every poll for a type that is refused, and tells the refusal once', async () => {
		const contentTypes = ['Audit.General' as const, 'DLP.All' as const];
		stage = await createTriggerStage({
			contentTypes,
			grantedRoles: ['ActivityFeed.Read'],
			subscriptions: { 'DLP.All': 'missing' },
		});
		const trigger = stage.createTrigger({ contentTypes });
		await trigger.activate();
		await ticks(trigger, 120, 1);
		const starts = stage.sim.requestLog.filter(({ path }) => path.includes('subscriptions/start'));
		expect(starts.length).toBeGreaterThan(0);
		// One an hour in two hours; each is sent twice, because a refusal (401) renews the token first.
		expect(starts.length).toBeLessThanOrEqual(6);
		const told = trigger.errors.filter(({ message }) => message.includes('could not be started'));
		expect(told).toHaveLength(1);
	});
});

describe('a wait that the server asked for', () => {
	it('is kept up to half an hour: a server may ask for a year', () => {
		const backOff = { failures: 0, notBeforeMs: 0 };
		recordFailure(backOff, 1_000, 15 * MINUTE, 365 * 24 * 60 * MINUTE);
		expect(backOff.notBeforeMs).toBe(1_000 + 30 * MINUTE);
	});
});
