import { jest } from '@jest/globals';

import { HOUR, MINUTE } from '../engine/support/stage.mts';
import { createTriggerStage, idsOf, stageForEachTest, type TriggerStage } from './stage.mts';

describe('one blob that is hard to get', () => {
	const given = stageForEachTest();

	it('does not hold up those that are downloaded already, and follows in the same poll', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(10 * MINUTE);
		const { contentId } = given.publish('old', 3);
		given.publish('new', 1);
		given.stage.sim.failNext({ path: contentId }, { status: 503, headers: { 'retry-after': '60' } });
		await trigger.tick();
		const batches = trigger.emissions.map(({ items }) => items.map(({ json }) => json.Id));
		expect(batches.filter(({ length }) => length > 0)).toEqual([['new'], ['old']]);
	});
});

describe('a failed batch whose content is hard to get', () => {
	const given = stageForEachTest();

	it('does not hold up the news for longer than new content does, and follows when it can be had', async () => {
		const arrived: Array<[unknown, number]> = [];
		let begunMs = 0;
		let fails = true;
		const trigger = given.stage.createTrigger(
			{},
			{
				onEmit(run) {
					for (const { json } of run.items) arrived.push([json.Id, (given.stage.clock.now() - begunMs) / 1_000]);
					run.finish(fails && run.items.length > 0 ? 'error' : 'success');
				},
			},
		);
		await trigger.activate();
		await trigger.tick();
		given.stage.clock.advance(10 * MINUTE);
		const { contentId } = given.publish('slow', 3);
		await trigger.tick();
		fails = false;
		arrived.length = 0;
		given.stage.clock.advance(5 * MINUTE);
		given.stage.sim.failNext({ path: contentId, times: 1 }, { status: 503, headers: { 'retry-after': '100' } });
		given.publish('news', 1);
		begunMs = given.stage.clock.now();
		await trigger.tick();
		expect(arrived).toEqual([
			['news', expect.any(Number)],
			['slow', expect.any(Number)],
		]);
		expect(arrived[0]![1]).toBeLessThan(15);
		expect(arrived[1]![1]).toBeLessThan(110);
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
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^Audit\.General: Microsoft listed 1 entries without a usable content ID/),
		]);
	});

	it('are told when their content ID is one that no server would take', async () => {
		const trigger = stage.createTrigger();
		await trigger.activate();
		stage.clock.advance(20 * MINUTE);
		Object.assign(stage.sim.faults, { garbageEntries: 0, hostileContentIds: 1, contentIdTrick: 'long' });
		stage.sim.feed.addBlob({ contentType: 'Audit.General', createdMs: stage.clock.now() - MINUTE });
		await trigger.tick();
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('without a usable content ID'),
		]);
	});
});

describe('a subscription that was started just now', () => {
	let stage: TriggerStage;

	afterEach(async () => await stage.close());

	it('brings what Microsoft fills in afterwards for the day before its start', async () => {
		stage = await createTriggerStage({ blobs: 10, days: 0.8, subscriptions: 'missing' });
		const trigger = stage.createTrigger({ startFrom: 'last', output: 'reference' });
		await trigger.activate();
		for (let poll = 0; poll < 6; poll++) {
			await trigger.tick();
			stage.clock.advance(5 * MINUTE);
		}
		expect(trigger.emissions.flatMap(({ items }) => items)).toHaveLength(10);
		expect(stage.sim.requestLog.length).toBeLessThan(20);
	});

	it('brings it also if n8n was started again in between', async () => {
		stage = await createTriggerStage({ subscriptions: 'missing' });
		const before = stage.createTrigger({ startFrom: 'last' });
		await before.activate();
		await before.tick();
		const trigger = stage.kill(before, { activation: 'init' });
		await trigger.activate();
		await trigger.tick();
		stage.clock.advance(HOUR);
		stage.sim.feed.addBlob({
			contentType: 'Audit.General',
			createdMs: stage.clock.now() - 20 * HOUR,
			events: [{ Id: 'filled in', RecordType: 1, Operation: 'Test' }],
		});
		for (let poll = 0; poll < 4; poll++) {
			await trigger.tick();
			stage.clock.advance(5 * MINUTE);
		}
		expect(idsOf(trigger)).toEqual(['filled in']);
	});
});

describe('"fetch test event"', () => {
	let stage: TriggerStage;

	afterEach(async () => await stage.close());

	it.each([
		['no content ID can be used', { hostileContentIds: 1, contentIdTrick: 'long' }, /without a usable content ID/],
		['no blob can be read', { blobNotFound: 1 }, /does not exist/],
	] as const)('says why it shows nothing: %s', async (_, faults, message) => {
		stage = await createTriggerStage({ blobs: 2, days: 0.5, faults });
		await expect(stage.createTrigger().fetchTestEvent()).rejects.toThrow(message);
	});

	it('that gets no answer within its time says so, not that somebody canceled it', async () => {
		stage = await createTriggerStage({ blobs: 2, days: 0.5 });
		const withoutPatience = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
			const time = new AbortController();
			setTimeout(() => time.abort(), 100);
			return time.signal;
		});
		stage.sim.failNext({ path: '/subscriptions/content', times: Infinity }, { connection: 'silence' });
		const shown = stage.createTrigger().fetchTestEvent();
		await expect(shown).rejects.toMatchObject({
			message: 'Microsoft sent no events within 30 seconds',
			description: expect.stringContaining('Try again') as unknown,
		});
		withoutPatience.mockRestore();
	});
});

describe('a content list that is longer than one poll can read', () => {
	let stage: TriggerStage;

	afterEach(async () => await stage.close());

	it('does not keep a poll from handing events over, because each listing takes a second or more', async () => {
		stage = await createTriggerStage({ blobs: 10, days: 0.9 });
		const trigger = stage.createTrigger({
			startFrom: 'last',
			output: 'reference',
			options: { maxRequestsPerMinute: 5 },
		});
		await trigger.activate();
		await trigger.tick();
		expect(trigger.emissions.flatMap(({ items }) => items)).toHaveLength(10);
	});

	it('is read in shorter windows, until all of it has come', async () => {
		stage = await createTriggerStage({ blobs: 40, days: 0.9, faults: { pageSize: 1 } });
		const trigger = stage.createTrigger({
			startFrom: 'last',
			output: 'reference',
			options: { maxRequestsPerMinute: 4 },
		});
		await trigger.activate();
		for (let poll = 0; poll < 12; poll++) await trigger.tick();
		const ids = trigger.emissions.flatMap(({ items }) => items.map(({ json }) => json.contentId));
		expect(new Set(ids).size).toBe(40);
		expect(ids).toHaveLength(40);
		expect(trigger.errors).toEqual([]);
	}, 60_000);

	it('is told if not even a quarter of an hour can be read', async () => {
		stage = await createTriggerStage({ blobs: 200, days: 1, faults: { emptyPages: Infinity } });
		const trigger = stage.createTrigger({
			startFrom: 'last',
			output: 'reference',
			options: { maxRequestsPerMinute: 4 },
		});
		await trigger.activate();
		for (let poll = 0; poll < 40; poll++) {
			await trigger.tick();
			stage.clock.advance(15 * MINUTE);
		}
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			expect.stringContaining('within the time of a poll'),
		]);
	}, 60_000);
});
