import { arrived, polls, publish, worldOf } from './scene.mts';
import { DAY, HOUR, MINUTE } from './units.mts';

/** Parts of the promise for which a random history is too rarely the right one. */
describe('the daily listing', () => {
	it('brings stragglers of the last 24 hours that were listed long after the overlap, and nothing again', async () => {
		const world = worldOf();
		publish(world, 1);
		await polls(world, 20, HOUR);
		publish(world, 2, 1, { createdMs: world.time.now() - 15 * HOUR });
		await polls(world, 6, HOUR);
		expect(arrived(world)).toEqual(['1.0', '2.0']);
	});
});

describe('blobs that cannot be downloaded for a week', () => {
	it('are kept when Microsoft no longer lists them and n8n is started again', async () => {
		const world = worldOf();
		world.setReading('throttled');
		for (let number = 1; number <= 3; number++) publish(world, number, 1, { lifeMs: 20 * DAY });
		await polls(world, Math.floor(6.7 * 24), HOUR);
		world.kill();
		await world.advance(DAY);
		world.setReading('ok');
		await polls(world, 24, HOUR);
		expect(arrived(world)).toEqual(['1.0', '2.0', '3.0']);
	});
});

describe('progress without a run', () => {
	it('is stored before it is older than a short overlap: a kill makes nothing be read again beyond it', async () => {
		const world = worldOf({ matches: () => false, options: { overlapMs: 15 * MINUTE } });
		for (let number = 0; number < 55; number++) {
			publish(world, number);
			await polls(world, 1, MINUTE);
		}
		const killedMs = world.time.now();
		world.kill();
		world.reads.clear();
		await polls(world, 5, MINUTE);
		const again = world.blobs.filter(({ blob }) => world.reads.has(blob.contentId));
		expect(again.length).toBeGreaterThan(0);
		expect(Math.min(...again.map(({ blob }) => blob.createdMs))).toBeGreaterThanOrEqual(killedMs - 27 * MINUTE);
	});
});

describe('a blob of whose rest nothing is wanted', () => {
	it.each([
		['repeats', { matches: () => true }],
		['events that the filters do not let through', { matches: ({ uid }: { uid?: unknown }) => uid !== '1.2' }],
	])('is done with when the last that is wanted is handed out, and not read again after a kill: %s', async (rest, settings) => {
		const world = worldOf({ ...settings, options: { maxEventsPerExecution: 2, delivery: 'atMostOnce' } });
		publish(world, 1, 3);
		if (rest === 'repeats') world.blobs[0]!.events[2]!.Id = '1.0';
		await world.advance(MINUTE);
		await world.poll();
		expect(arrived(world)).toEqual(['1.0', '1.1']);
		world.kill();
		world.reads.clear();
		await polls(world, 2, MINUTE);
		expect([...world.reads.keys()]).toEqual([]);
	});
});

describe('at most once', () => {
	it('goes on handing out what is new while every run fails', async () => {
		const world = worldOf({ options: { delivery: 'atMostOnce', maxEventsPerExecution: 1 } });
		world.destination.setMode('down');
		for (let number = 1; number <= 6; number++) publish(world, number);
		await world.advance(MINUTE);
		await world.poll();
		expect(world.runs).toHaveLength(6);
	});
});

describe('parallel executions', () => {
	const parallel = { maxEventsPerExecution: 1, parallelExecutions: 3 };

	it('go at once, as many as are allowed', async () => {
		const world = worldOf({ options: parallel });
		world.destination.setMode('hangs');
		for (let number = 1; number <= 5; number++) publish(world, number);
		await polls(world, 2, MINUTE);
		expect(world.runs).toHaveLength(3);
		expect(world.violations).toEqual([]);
	});

	it('become one probe at a time when the destination is down', async () => {
		const world = worldOf({ options: { ...parallel, deliveryTimeoutMs: 2 * HOUR } });
		world.destination.setMode('down');
		for (let number = 1; number <= 6; number++) publish(world, number);
		await polls(world, 3, 5 * MINUTE);
		world.destination.setMode('hangs');
		const before = world.runs.length;
		await polls(world, 6, 10 * MINUTE);
		expect(world.runs.length - before).toBe(1);
	});
});

describe('blobs that cannot be read', () => {
	it('do not keep younger ones from arriving in the same poll', async () => {
		const world = worldOf();
		publish(world, 1, 1, { broken: true });
		await world.advance(MINUTE);
		publish(world, 2);
		await world.advance(MINUTE);
		await world.poll();
		expect(arrived(world)).toEqual(['2.0']);
	});

	it('count against their content type when they fail for the first time, not again and again', async () => {
		const world = worldOf();
		for (let round = 1; round <= 3; round++) {
			for (let number = 1; number <= 4; number++) publish(world, round * 10 + number, 1, { broken: true });
			await world.advance(MINUTE);
			publish(world, round * 10);
			await world.advance(MINUTE);
			await world.poll();
			expect(arrived(world).at(-1)).toBe(`${round * 10}.0`);
			await world.advance(20 * MINUTE);
		}
	});
});
