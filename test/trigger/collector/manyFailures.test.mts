import { arrived, chance, polls, publish, worldOf } from './scene.mts';
import { DAY, HOUR, MINUTE } from './units.mts';
import type { World } from './world.mts';

interface Feed {
	/** Of the events; every run fails that carries one of these. */
	share: number;
	/** Blobs of 50 events, every ten minutes. */
	perPoll: number;
	days: number;
}

async function feed(world: World, { share, perPoll, days }: Feed): Promise<{ healthy: number }> {
	const random = chance(7);
	let number = 0;
	let healthy = 0;
	for (let polled = 0; polled < days * 24 * 6; polled++) {
		for (let blobs = 0; blobs < perPoll; blobs++) {
			for (let event = 0; event < 50; event++) {
				if (random() < share) world.destination.poison(`${number}.${event}`);
				else healthy++;
			}
			publish(world, number++, 50);
		}
		await polls(world, 1, 10 * MINUTE);
	}
	return { healthy };
}

describe('events that fail by themselves, some in every batch', () => {
	it.each([
		{ share: 0.005, maxEventsPerExecution: 1_000, perPoll: 4, days: 1 },
		{ share: 0.02, maxEventsPerExecution: 1_000, perPoll: 4, days: 0.5 },
		{ share: 0.02, maxEventsPerExecution: 100, perPoll: 4, days: 0.5 },
		{ share: 0.1, maxEventsPerExecution: 1_000, perPoll: 1, days: 1 },
	])('keep the others for hours at most: $share of all, in batches of $maxEventsPerExecution', async (given) => {
		const { maxEventsPerExecution } = given;
		const world = worldOf({ options: { maxEventsPerExecution } });
		const { healthy } = await feed(world, given);
		const events = arrived(world);
		expect(new Set(events).size).toBe(events.length);
		expect(events.length / healthy).toBeGreaterThan(0.75);
		expect(world.reports).toEqual([]);
		expect(world.violations).toEqual([]);
	}, 300_000);
});

describe('many events in a row that all fail by themselves', () => {
	it.each([5, 20])('do not keep what comes after them: three runs of %s', async (size) => {
		const world = worldOf();
		let number = 0;
		for (; number < 3; number++) {
			publish(world, number, size);
			for (let event = 0; event < size; event++) world.destination.poison(`${number}.${event}`);
			await polls(world, 1, 10 * MINUTE);
		}
		const beganMs = world.time.now();
		for (let polled = 0; polled < 24 * 6; polled++) {
			publish(world, number++, 2);
			await polls(world, 1, 10 * MINUTE);
		}
		await polls(world, 3, 10 * MINUTE);
		expect((world.runs.find(({ effective }) => effective)?.startedMs ?? Infinity) - beganMs).toBeLessThan(HOUR);
		expect(new Set(arrived(world)).size).toBe((number - 3) * 2);
	}, 300_000);
});

describe('what failed while the destination was down', () => {
	it('comes within a quarter of an hour once it is back, however long each has waited', async () => {
		const world = worldOf({ options: { maxEventsPerExecution: 1 } });
		for (let number = 0; number < 3; number++) publish(world, number);
		world.destination.setMode('down');
		await polls(world, 24 * 12, 5 * MINUTE);
		world.destination.setMode('ok');
		const backMs = world.time.now();
		await polls(world, 12, 5 * MINUTE);
		const starts = world.runs.filter(({ effective }) => effective).map(({ startedMs }) => startedMs - backMs);
		expect(starts).toHaveLength(3);
		// The first may have to wait for the end of the pause.
		expect(starts[2]! - starts[0]!).toBeLessThanOrEqual(15 * MINUTE);
	});
});

describe('at most once after failures', () => {
	it('batches are as large as wanted, and run side by side, although no run tells that it succeeded', async () => {
		const world = worldOf({ options: { maxEventsPerExecution: 1_000, parallelExecutions: 10 } });
		for (let number = 0; number < 10; number++) publish(world, number, 1_000);
		world.destination.setMode('down');
		await world.advance(MINUTE);
		await polls(world, 1, MINUTE);
		expect(world.session().state.freshEvents).toBe(500);
		world.destination.setMode('ok');
		world.publishEdit({ delivery: 'atMostOnce' });
		const from = world.runs.length;
		publish(world, 100, 3_000);
		await polls(world, 2, 10 * MINUTE);
		const fresh = world.runs.slice(from).filter(({ uids }) => uids[0]?.startsWith('100.'));
		expect(fresh.map(({ uids }) => uids.length)).toEqual([1_000, 1_000, 1_000]);
		expect(world.session().state.destination.failures).toBe(0);
	});
});

describe('a destination that is down for longer than Microsoft keeps content', () => {
	it('gets all that is still there within a day of its return, and what has expired is told', async () => {
		const world = worldOf();
		let number = 0;
		const hours = async (count: number) => {
			for (let polled = 0; polled < count * 6; polled++) {
				for (let blobs = 0; blobs < 3; blobs++) publish(world, number++, 2);
				await polls(world, 1, 10 * MINUTE);
			}
		};
		await hours(2);
		world.destination.setMode('down');
		await hours(7.5 * 24);
		world.destination.setMode('ok');
		const backMs = world.time.now();
		await hours(24);
		const events = new Set(arrived(world));
		const missing = world.blobs.filter(({ events: [first] }) => !events.has(String(first?.uid)));
		const couldBeHad = missing.filter(({ blob }) => (blob.expiresMs ?? 0) > backMs + DAY);
		// What came last may be on its way.
		expect(couldBeHad.filter(({ blob }) => blob.createdMs < world.time.now() - 20 * MINUTE)).toEqual([]);
		expect(world.reports.some(({ kind }) => kind === 'lostContent')).toBe(true);
	}, 300_000);
});

describe('with parallel executions', () => {
	it('a destination that was down for a moment is tried again after a minute, however many runs failed at once', async () => {
		const world = worldOf({ options: { parallelExecutions: 50, maxEventsPerExecution: 1 } });
		for (let number = 0; number < 50; number++) publish(world, number);
		world.destination.setMode('down');
		await world.advance(MINUTE);
		await world.poll();
		world.destination.setMode('ok');
		await polls(world, 5, MINUTE);
		expect(arrived(world)).toHaveLength(50);
	});

	it('one run that takes hours does not keep the destination from being tried', async () => {
		const world = worldOf({ options: { parallelExecutions: 4, maxEventsPerExecution: 1 } });
		world.destination.poison('0.0', 20 * HOUR);
		for (let number = 0; number < 4; number++) {
			publish(world, number);
			if (number > 0) world.destination.poison(`${number}.0`);
		}
		await world.advance(MINUTE);
		await world.poll();
		world.destination.heal();
		for (let number = 4; number < 10; number++) publish(world, number);
		await polls(world, 6, 5 * MINUTE);
		expect(arrived(world).sort()).toEqual(Array.from({ length: 9 }, (_, index) => `${index + 1}.0`));
	});

	it('what becomes due, or new, while a long run goes on is handed out beside it within the same poll', async () => {
		const world = worldOf({ options: { parallelExecutions: 4, maxEventsPerExecution: 1 } });
		world.destination.poison('0.0', 3 * HOUR);
		world.destination.poison('1.0');
		for (let number = 0; number < 2; number++) publish(world, number);
		await world.advance(MINUTE);
		void world.time.after(30_000).then(() => {
			publish(world, 2, 1, { createdMs: world.time.now() - 5_000 });
			// As a tick of n8n's does.
			world.session().newsDue = true;
		});
		await world.poll();
		expect(arrived(world)).toEqual(['2.0']);
		expect(world.runs.filter(({ uids }) => uids.includes('1.0')).length).toBeGreaterThan(2);
	});
});
