import { arrived, polls, publish, worldOf } from './scene.mts';
import { DAY, HOUR, MINUTE } from './units.mts';
import type { World } from './world.mts';

/** A trigger that has collected for a day by a clock that is ahead, which is then put right. Content 1 came shortly before. */
async function putRight(aheadMs: number): Promise<World> {
	const world = worldOf({ skewMs: aheadMs });
	// The last 24 hours have just been listed: what is older may be forgotten.
	await polls(world, 26, HOUR);
	publish(world, 1);
	await polls(world, 2, 5 * MINUTE);
	world.setClock(0);
	return world;
}

describe('a clock that was ahead and is put right', () => {
	it.each([
		['at work', () => undefined],
		['killed and started again', (world: World) => world.kill()],
	])('costs no event, after hours that were wrong: the trigger was %s', async (_, happens) => {
		const world = await putRight(5 * HOUR);
		happens(world);
		for (let number = 2; number < 14; number++) {
			await world.advance(30 * MINUTE);
			publish(world, number);
			await polls(world, 1, MINUTE);
		}
		await world.poll();
		const expected = Array.from({ length: 13 }, (__, index) => `${index + 1}.0`);
		expect([...new Set(arrived(world))]).toEqual(expected);
	});

	it('costs no content that is listed late: the overlap is taken from now', async () => {
		const world = await putRight(1.5 * HOUR);
		const createdMs = world.time.now() - HOUR;
		await world.advance(10 * MINUTE);
		await world.poll();
		publish(world, 2, 1, { createdMs });
		await polls(world, 5, 5 * MINUTE);
		expect(arrived(world)).toContain('2.0');
	});

	it('does not keep the overlap from being listed until it has caught up', async () => {
		const world = await putRight(1.5 * HOUR);
		await world.poll();
		const createdMs = world.time.now() - 20 * MINUTE;
		await world.advance(20 * MINUTE);
		publish(world, 2, 1, { createdMs });
		await polls(world, 1, MINUTE);
		expect(arrived(world)).toContain('2.0');
	});

	it('does not put off the daily listing of the last 24 hours either', async () => {
		const world = await putRight(5 * HOUR);
		await polls(world, 10, HOUR / 2);
		publish(world, 2, 1, { createdMs: world.time.now() - 4 * HOUR });
		await polls(world, 60, HOUR / 2);
		expect(arrived(world)).toContain('2.0');
	});

	it('ends the waits that were to end by the other clock', async () => {
		const world = worldOf({ skewMs: 5 * HOUR });
		await world.poll();
		world.destination.setMode('down');
		await world.advance(10 * MINUTE);
		publish(world, 1, 1, { createdMs: world.time.now() + 5 * HOUR });
		await polls(world, 30, 5 * MINUTE);
		expect(world.runs.length).toBeGreaterThan(3);
		world.setClock(0);
		world.destination.setMode('ok');
		await world.poll();
		expect(arrived(world)).toEqual(['1.0']);
	});

	it('by minutes, as clocks are all the time, brings nothing again', async () => {
		const world = worldOf({ skewMs: 9 * MINUTE });
		await world.poll();
		// So that a quarter of an hour, which is forgotten together, ends between what the two clocks may forget.
		await world.advance(6 * MINUTE);
		world.publishEdit({ output: 'reference' });
		const count = 25 * 20;
		for (let number = 1; number <= count; number++) {
			publish(world, number);
			await polls(world, 1, 3 * MINUTE);
		}
		world.setClock(0);
		await polls(world, 12, 5 * MINUTE);
		expect(arrived(world).length).toBeGreaterThan(count - 5);
		expect(new Set(arrived(world)).size).toBe(arrived(world).length);
	});

	it('costs nothing since a trigger was activated by it', async () => {
		const world = worldOf({ skewMs: 5 * HOUR });
		await world.poll();
		for (let number = 1; number <= 12; number++) {
			await world.advance(10 * MINUTE);
			publish(world, number);
			await world.poll();
		}
		world.setClock(0);
		await polls(world, 3, 10 * MINUTE);
		expect(new Set(arrived(world))).toEqual(new Set(numbers(1, 12)));
	});

	it('costs nothing that came in the days it was wrong, when polls listed times at which there was nothing yet', async () => {
		const world = worldOf();
		await polls(world, 10, HOUR / 2);
		world.setClock(5 * HOUR);
		for (let number = 1; number <= 100; number++) {
			await world.advance(30 * MINUTE);
			publish(world, number);
			await world.poll();
		}
		world.setClock(0);
		await polls(world, 3, 10 * MINUTE);
		expect(new Set(arrived(world))).toEqual(new Set(numbers(1, 100)));
		expect(world.reports).toEqual([]);
	});

	it('brings nothing again that is still remembered', async () => {
		const world = worldOf();
		await world.poll();
		for (let number = 1; number <= 12; number++) {
			await world.advance(10 * MINUTE);
			publish(world, number);
			await world.poll();
		}
		world.setClock(5 * HOUR);
		await polls(world, 3, 10 * MINUTE);
		world.setClock(0);
		await polls(world, 20, HOUR);
		expect(arrived(world)).toEqual(numbers(1, 12));
	});

	it('does not prolong the time that a run may take', async () => {
		const world = worldOf({ skewMs: 24 * HOUR });
		await world.poll();
		await world.advance(HOUR);
		publish(world, 1, 1, { createdMs: world.time.now() + 24 * HOUR - MINUTE });
		world.destination.setMode('hangs');
		await world.poll();
		world.setClock(0);
		world.destination.setMode('ok');
		await polls(world, 9, HOUR);
		expect(arrived(world)).toEqual(['1.0']);
	});

	it('does not keep a subscription fresh for longer than a day', async () => {
		const world = worldOf({ skewMs: 365 * DAY });
		await world.poll();
		const type = [...world.session().state.types.values()][0]!;
		type.freshUntilMs = world.time.now() + 365 * DAY + 12 * HOUR;
		world.setClock(0);
		await world.poll();
		expect(type.freshUntilMs - world.time.now()).toBeLessThanOrEqual(DAY);
	});

	it('does not prolong the life of content, nor the time until it is known to be gone', async () => {
		const world = worldOf({ skewMs: 5 * HOUR });
		await world.poll();
		await world.advance(10 * MINUTE);
		world.setReading('down');
		publish(world, 1, 1, { createdMs: world.time.now() + 5 * HOUR - MINUTE });
		await world.poll();
		const open = [...world.session().state.types.values()].flatMap((type) => [...type.open.values()])[0]!;
		open.goneSinceMs = world.time.now() + 5 * HOUR;
		world.setClock(0);
		world.session();
		expect(Math.max(open.listedMs, open.goneSinceMs)).toBeLessThanOrEqual(world.time.now());
	});

	it('during a poll that waits for a run does not keep it from ending in time', async () => {
		const world = worldOf({ skewMs: 5 * HOUR });
		await world.poll();
		await world.advance(10 * MINUTE);
		publish(world, 1, 1, { createdMs: world.time.now() + 5 * HOUR - MINUTE });
		world.destination.setMode('hangs');
		void world.time.after(30_000).then(() => world.setClock(0));
		await world.poll();
		expect(world.runs).toHaveLength(1);
		expect(world.violations).toEqual([]);
	});

	it('is noticed by a trigger that was renamed and has only the copy of its times', async () => {
		const world = worldOf({ skewMs: 5 * HOUR });
		await polls(world, 6, 10 * MINUTE);
		publish(world, 1, 1, { createdMs: world.time.now() + 5 * HOUR - MINUTE });
		await world.poll();
		world.kill();
		world.rename('new');
		world.setClock(0);
		await world.advance(10 * MINUTE);
		publish(world, 2);
		await polls(world, 3, 10 * MINUTE);
		expect(arrived(world)).toContain('2.0');
	});
});

function numbers(from: number, to: number): string[] {
	return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}.0`);
}
