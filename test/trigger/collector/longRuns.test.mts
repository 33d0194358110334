import type { ContentType } from '../../../nodes/feed/types';
import { DAY, HOUR, MINUTE } from './units.mts';
import { createWorld, type World, type WorldSettings } from './world.mts';

const TYPE: ContentType = 'Audit.Exchange';
const MAX_STATIC_DATA = 256 * 1024;

function worldOf(settings: Partial<WorldSettings> = {}): World {
	return createWorld({
		types: [TYPE],
		skewMs: 0,
		startBackMs: 0,
		pollBudgetMs: 5 * MINUTE,
		random: () => 0.5,
		options: {},
		...settings,
	});
}

function publish(world: World, number: number, events: number, createdMs = world.time.now()): void {
	const expiresMs = createdMs + 7 * DAY;
	world.publish({
		blob: {
			contentType: TYPE,
			contentId: `20260302080000936019353$20260302080000486034089$audit_exchange$${number}`,
			contentCreated: new Date(createdMs).toISOString(),
			createdMs,
			contentExpiration: new Date(expiresMs).toISOString(),
			expiresMs,
		},
		events: Array.from({ length: events }, (_, index) => {
			const uid = `${number}.${index}`;
			return { Id: uid, uid };
		}),
		visibleMs: Math.max(createdMs, world.time.now()),
	});
}

function arrivals(world: World): Map<string, number> {
	const counts = new Map<string, number>();
	for (const run of world.runs.filter(({ effective }) => effective)) {
		for (const uid of run.uids) counts.set(uid, (counts.get(uid) ?? 0) + 1);
	}
	return counts;
}

describe('over days', () => {
	it('one poison event fails every run that carries it, for 8 days: everything else arrives once', async () => {
		const world = worldOf();
		world.destination.poison('30.3');
		let number = 0;
		for (let hours = 0; hours < 8 * 24; hours++) {
			for (let i = 0; i < 6; i++) {
				publish(world, number++, 5);
				await world.poll();
				await world.advance(10 * MINUTE);
			}
		}
		await world.poll();
		const counts = arrivals(world);
		expect(counts.get('30.3')).toBeUndefined();
		expect(counts.size).toBe(number * 5 - 1);
		expect([...counts.values()].every((count) => count === 1)).toBe(true);
		expect(world.runs.filter(({ effective }) => !effective).length).toBeLessThan(100);
		expect(world.reports.map(({ kind }) => kind)).toEqual(['lostContent']);
		expect(world.violations).toEqual([]);
	}, 300_000);

	it('a destination is down for 6 hours: everything arrives once, few executions fail, nothing new is handed out', async () => {
		const world = worldOf();
		let number = 0;
		const polls = async (hours: number) => {
			for (let minutes = 0; minutes < hours * 60; minutes += 5) {
				publish(world, number++, 20);
				await world.poll();
				await world.advance(5 * MINUTE);
			}
		};
		await polls(2);
		world.destination.setMode('down');
		await polls(6);
		const failed = world.runs.filter(({ effective }) => !effective);
		world.destination.setMode('ok');
		await polls(4);
		await world.poll();
		expect(failed.length).toBeLessThan(25);
		expect(new Set(failed.flatMap(({ uids }) => uids)).size).toBeLessThan(6 * 20);
		expect(arrivals(world).size).toBe(number * 20);
		expect([...arrivals(world).values()].every((count) => count === 1)).toBe(true);
		expect(world.violations).toEqual([]);
	}, 300_000);

	it('events that fail by themselves, in every batch, do not keep the others from arriving', async () => {
		const world = worldOf({ options: { maxEventsPerExecution: 10 } });
		for (let number = 0; number < 40; number++) {
			if (number % 4 === 0) world.destination.poison(`${number}.1`);
			publish(world, number, 5);
		}
		for (let polls = 0; polls < 24 * 12 * 2; polls++) {
			await world.poll();
			await world.advance(5 * MINUTE);
		}
		expect(arrivals(world).size).toBe(40 * 5 - 10);
		expect([...arrivals(world).values()].every((count) => count === 1)).toBe(true);
	}, 300_000);

	it('events whose runs fail after an hour leave the others their turn, so that none expires', async () => {
		const world = worldOf();
		const failing = 8;
		for (let number = 0; number < failing; number++) {
			world.destination.poison(`${number}.0`, HOUR);
			publish(world, number, 1);
			await world.poll();
			await world.advance(30 * MINUTE);
		}
		const halfHours = 5 * 24 * 2;
		for (let number = failing; number < failing + halfHours; number++) {
			publish(world, number, 1);
			await world.poll();
			await world.advance(30 * MINUTE);
		}
		// What came last may still wait for its turn.
		expect(arrivals(world).size).toBeGreaterThan(halfHours - 10);
		expect([...arrivals(world).values()].every((count) => count === 1)).toBe(true);
		expect(world.reports).toEqual([]);
	}, 300_000);

	it('who sets maxDeliveryAttempts is told once which content was set aside', async () => {
		const world = worldOf({ options: { maxDeliveryAttempts: 5 } });
		world.destination.poison('1.0');
		for (let number = 0; number < 3; number++) publish(world, number, 4);
		for (let polls = 0; polls < 24; polls++) {
			await world.poll();
			await world.advance(HOUR);
		}
		expect(world.reports).toEqual([
			expect.objectContaining({ kind: 'setAside', attempts: 5 }),
		]);
		const [report] = world.reports;
		expect(report?.kind === 'setAside' && report.contentIds.some((id) => id.endsWith('$1'))).toBe(true);
		const attempts = world.runs.filter(({ uids }) => uids.includes('1.0'));
		expect(attempts).toHaveLength(5);
	});

	it('a month without one matching event, then a kill: nothing is read again beyond the overlap, nothing reported', async () => {
		const world = worldOf({ matches: () => false });
		let number = 0;
		for (let polls = 0; polls < 30 * 24 * 2; polls++) {
			if (polls % 3 === 0) publish(world, number++, 2);
			await world.poll();
			await world.advance(30 * MINUTE);
		}
		expect(Math.max(...world.reads.values())).toBe(1);
		for (let polls = 0; polls < 2; polls++) {
			publish(world, number++, 2);
			await world.advance(MINUTE);
			await world.poll();
		}
		const killedMs = world.time.now();
		world.kill();
		world.blobs.forEach(({ blob }) => world.reads.set(blob.contentId, 0));
		for (let polls = 0; polls < 10; polls++) {
			await world.poll();
			await world.advance(30 * MINUTE);
		}
		const again = world.blobs.filter(({ blob }) => (world.reads.get(blob.contentId) ?? 0) > 0);
		const oldest = Math.min(...again.map(({ blob }) => blob.createdMs));
		expect(again.length).toBeGreaterThan(0);
		expect(oldest).toBeGreaterThanOrEqual(killedMs - 2 * HOUR);
		expect(world.runs).toEqual([]);
		expect(world.reports).toEqual([]);
		expect(world.emptyRuns).toBeLessThan(30 * 24 + 10);
	}, 300_000);

	it('hours without one matching event, then a kill: what was read is stored within an hour', async () => {
		const world = worldOf({ matches: () => false, options: { overlapMs: DAY } });
		for (let number = 0; number < 10 * 12; number++) {
			publish(world, number, 1);
			await world.poll();
			await world.advance(5 * MINUTE);
		}
		world.kill();
		world.reads.clear();
		await world.poll();
		expect(world.reads.size).toBeGreaterThan(0);
		expect(world.reads.size).toBeLessThanOrEqual(13);
	});

	it('a backlog of 7 days and 20,000 blobs is drained once, the stored checkpoint within its bound throughout', async () => {
		const world = worldOf({
			startBackMs: 7 * DAY - 10 * MINUTE,
			pollBudgetMs: 5 * MINUTE,
			options: { lookAhead: () => 16 },
		});
		const span = 7 * DAY - HOUR;
		const now = world.time.now();
		for (let number = 0; number < 20_000; number++) {
			publish(world, number, 3, now - span + Math.floor((number * span) / 20_000));
		}
		let polls = 0;
		for (; arrivals(world).size < 60_000 && polls < 60; polls++) {
			await world.poll();
			expect(world.session().state.types.get(TYPE)?.open.size).toBeLessThanOrEqual(7_000);
			await world.advance(MINUTE);
		}
		const counts = arrivals(world);
		expect(counts.size).toBe(60_000);
		expect([...counts.values()].every((count) => count === 1)).toBe(true);
		expect([...world.reads.values()].reduce((sum, reads) => sum + reads, 0)).toBeLessThan(20_500);
		expect(polls).toBeLessThan(5);
		expect(world.largestStored).toBeLessThan(MAX_STATIC_DATA);
		expect(world.violations).toEqual([]);
	}, 300_000);
});
