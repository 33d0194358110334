import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';
import { EndlessList } from '../../../nodes/feed/listing';
import { FeedFailure } from '../../../nodes/feed/failure';
import type { ContentBlob } from '../../../nodes/feed/types';
import { collect } from '../../../nodes/trigger/collector/collect';
import { newSession } from '../../../nodes/trigger/collector/session';
import type { CollectorPorts, Report } from '../../../nodes/trigger/collector/types';
import { arrived, polls, publish, TYPE, worldOf } from './scene.mts';
import { HOUR, MINUTE } from './units.mts';
import { createVirtualTime } from './virtualTime.mts';

const NOW = Date.parse('2026-03-02T10:00:01.400Z');
const BUDGET = 5 * MINUTE;

/** A tenant so big that listing takes its time; what does not end within its poll is cancelled. */
function bigTenant(minutesForADay: number, backHours: number) {
	const time = createVirtualTime(NOW);
	const state = createCheckpoint(NOW);
	const startMs = NOW - backHours * HOUR;
	selectTypes(state, ['Audit.Exchange'], startMs, NOW);
	const session = newSession(state);
	const delivered: string[] = [];
	let deadlineMs = 0;
	const blobAt = (createdMs: number): ContentBlob => {
		const contentCreated = new Date(createdMs).toISOString();
		return { contentType: 'Audit.Exchange', contentId: contentCreated, contentCreated, createdMs };
	};
	const ports: CollectorPorts = {
		async list(_, { startMs: from, endMs: to }) {
			expect([from % 1000, to % 1000]).toEqual([0, 0]);
			const takesMs = ((to - from) / (24 * HOUR)) * minutesForADay * MINUTE;
			await time.after(Math.min(takesMs, deadlineMs - time.now()));
			if (time.now() >= deadlineMs) throw new FeedFailure({ kind: 'cancelled', message: 'the time is over' });
			const blobs: ContentBlob[] = [];
			for (let at = startMs; at < to; at += HOUR) if (at >= from) blobs.push(blobAt(at));
			return { blobs };
		},
		read: async ({ contentId }) => await Promise.resolve([{ Id: contentId }]),
		matches: () => true,
		async emit(parts) {
			for (const { Id } of parts.flatMap(({ events }) => events)) delivered.push(String(Id));
			await time.after(100);
			return 'delivered';
		},
		save: () => undefined,
		report: ({ kind }) => expect(kind).toBe('nothing to report'),
		runtime: time.runtime(0),
		isBeingMended: () => false,
		cancel: () => undefined,
		storesOnReturn: false,
	};
	const options = {
		delivery: 'atLeastOnce' as const,
		...{ maxEventsPerExecution: 1_000, parallelExecutions: 1, maxDeliveryAttempts: 0, lookAhead: () => 4 },
		...{ overlapMs: 2 * HOUR, deliveryTimeoutMs: 6 * HOUR },
	};
	return {
		delivered,
		failures: () => state.types.get('Audit.Exchange')?.listing.failures,
		expected: Array.from({ length: backHours }, (_, index) => blobAt(startMs + index * HOUR).contentId),
		async poll() {
			deadlineMs = time.now() + BUDGET;
			const work = collect({ session, ports, options: { ...options, deadlineMs } });
			await time.settle(work);
			await work;
			await time.advanceTo(deadlineMs + 1_000);
		},
	};
}

describe('a list of content that takes longer than a poll', () => {
	it('is taken in shorter windows: a big tenant’s backlog is collected nevertheless', async () => {
		const { poll, delivered, expected, failures } = bigTenant(8, 72);
		for (let count = 0; count < 12; count++) {
			await poll();
			expect(failures()).toBe(0);
		}
		expect(delivered.filter((id) => expected.includes(id)).sort()).toEqual(expected);
	});

	it('goes on in the next poll where it stopped, also within the overlap', async () => {
		const { poll, delivered, expected } = bigTenant(100, 2);
		for (let count = 0; count < 12; count++) await poll();
		expect(delivered.filter((id) => expected.includes(id)).sort()).toEqual(expected);
	});
});

describe('a content type whose list is not answered', () => {
	it('does not hold up the others: what they have arrives in the same poll', async () => {
		const world = worldOf({ types: ['Audit.General', TYPE], random: () => 0.9 });
		world.setListing([], ['Audit.General']);
		for (let number = 1; number <= 3; number++) {
			publish(world, number);
			await world.advance(MINUTE);
			await world.poll();
			expect(arrived(world).at(-1)).toBe(`${number}.0`);
		}
		expect(world.violations).toEqual([]);
	});

	it('is told when that lasts, although each poll only ran out of time', async () => {
		const world = worldOf({ random: () => 0.9 });
		world.setListing([], [TYPE]);
		await polls(world, 150, 5 * MINUTE);
		const failure = expect.objectContaining({ message: expect.stringContaining('within the time of a poll') });
		expect(world.reports).toEqual([expect.objectContaining({ kind: 'typeFailed', contentType: TYPE, failure })]);
	});
});

describe('a quarter of an hour whose list has no end', () => {
	const START = NOW - HOUR;
	const ENDLESS = NOW - 30 * MINUTE;

	/** Polls for so many hours; content comes every five minutes. `ends`: when the list has an end after all. */
	async function collectFor(hours: number, ends: () => boolean, breaks: () => FeedFailure) {
		const time = createVirtualTime(NOW);
		const state = createCheckpoint(NOW);
		selectTypes(state, [TYPE], START, NOW);
		const session = newSession(state);
		const delivered: string[] = [];
		const told: Report[] = [];
		const ports: CollectorPorts = {
			async list(_, { startMs, endMs }, found) {
				await time.after(50);
				const blobs: ContentBlob[] = [];
				for (let createdMs = START; createdMs <= time.now(); createdMs += 5 * MINUTE) {
					const contentCreated = new Date(createdMs).toISOString();
					if (createdMs < startMs || createdMs >= endMs) continue;
					blobs.push({ contentType: TYPE, contentId: contentCreated, contentCreated, createdMs });
				}
				if (startMs > ENDLESS || ENDLESS >= endMs || ends()) return { blobs };
				found(blobs.slice(0, 1));
				throw breaks();
			},
			read: async ({ contentId }) => await Promise.resolve([{ Id: contentId }]),
			matches: () => true,
			async emit(parts) {
				for (const { blob } of parts) delivered.push(blob.contentId);
				return await Promise.resolve('delivered');
			},
			save: () => undefined,
			report: (report) => void told.push(report),
			runtime: time.runtime(0),
			...{ isBeingMended: () => false, cancel: () => undefined, storesOnReturn: false },
		};
		for (const endMs = NOW + hours * HOUR; time.now() < endMs; ) {
			const options = {
				delivery: 'atLeastOnce' as const,
				...{ maxEventsPerExecution: 1_000, parallelExecutions: 1, maxDeliveryAttempts: 0, lookAhead: () => 4 },
				...{ overlapMs: 2 * HOUR, deliveryTimeoutMs: 6 * HOUR, deadlineMs: time.now() + 4 * MINUTE },
			};
			const work = collect({ session, ports, options });
			await time.settle(work);
			await work;
			await time.advanceTo(time.now() + 5 * MINUTE);
		}
		const missing: string[] = [];
		for (let createdMs = START; createdMs < time.now() - HOUR; createdMs += 5 * MINUTE) {
			const contentId = new Date(createdMs).toISOString();
			if (!delivered.includes(contentId)) missing.push(contentId);
		}
		return { delivered, told, missing, finalMs: state.types.get(TYPE)?.finalMs ?? 0, endMs: time.now() };
	}
	const endless = () => new EndlessList(20_000, 1);
	const slow = () => new FeedFailure({ kind: 'cancelled', message: 'the time is over' });

	it.each([['until it is given up', endless], ['as long as the poll lasts', slow]])('%s does not stop what comes after it, is told, and given up', async (_, breaks) => {
		const { delivered, told, missing, finalMs, endMs } = await collectFor(24, () => false, breaks);
		expect(told).toEqual([{ kind: 'lostInterval', interval: expect.objectContaining({ contentType: TYPE, unending: true }) as unknown }]);
		const [interval] = told.flatMap((report) => (report.kind === 'lostInterval' ? [report.interval] : []));
		expect(interval!.endMs - interval!.startMs).toBeLessThanOrEqual(15 * MINUTE);
		for (const contentId of missing) {
			expect(Date.parse(contentId)).toBeGreaterThanOrEqual(interval!.startMs);
			expect(Date.parse(contentId)).toBeLessThan(interval!.endMs);
		}
		expect(missing.length).toBeLessThan(3);
		expect(new Set(delivered).size).toBe(delivered.length);
		expect(finalMs).toBeGreaterThan(endMs - 4 * HOUR);
	});

	it('is tried again meanwhile, and nothing is missing once it has an end', async () => {
		let lists = 0;
		const { told, missing } = await collectFor(24, () => ++lists > 20, endless);
		expect([told, missing]).toEqual([[], []]);
	});
});

describe('a list of content that has no end', () => {
	const blobs = Array.from({ length: 3 }, (_, index): ContentBlob => {
		const createdMs = NOW - (index + 1) * MINUTE;
		return { contentType: TYPE, contentId: `blob-${index}`, contentCreated: new Date(createdMs).toISOString(), createdMs };
	});
	/** Its pages take a while, and bring what they bring. */
	const endings: Array<[string, () => FeedFailure]> = [
		['as long as the poll lasts', () => new FeedFailure({ kind: 'cancelled', message: 'the time is over' })],
		['until it is given up', () => new EndlessList(20_000, 3)],
	];

	it.each(endings)('%s: what it has brought arrives once, it is asked for in shorter windows, and told', async (_, failure) => {
		const time = createVirtualTime(NOW);
		const state = createCheckpoint(NOW);
		selectTypes(state, [TYPE], NOW - 20 * HOUR, NOW);
		const session = newSession(state);
		const delivered: string[] = [];
		const told: string[] = [];
		const windows: number[] = [];
		let deadlineMs = 0;
		const ports: CollectorPorts = {
			async list(__, { startMs, endMs }, found) {
				windows.push((endMs - startMs) / HOUR);
				found(blobs);
				await time.after(deadlineMs - time.now() - 1_000);
				throw failure();
			},
			read: async ({ contentId }) => await Promise.resolve([{ Id: contentId }]),
			matches: () => true,
			async emit(parts) {
				for (const { blob } of parts) delivered.push(blob.contentId);
				return await Promise.resolve('delivered');
			},
			save: () => undefined,
			report: (report) => void told.push(report.kind),
			runtime: time.runtime(0),
			isBeingMended: () => false,
			cancel: () => undefined,
			storesOnReturn: false,
		};
		for (let count = 0; count < 80; count++) {
			deadlineMs = time.now() + BUDGET;
			const options = {
				delivery: 'atLeastOnce' as const,
				...{ maxEventsPerExecution: 1_000, parallelExecutions: 1, maxDeliveryAttempts: 0, lookAhead: () => 4 },
				...{ overlapMs: 2 * HOUR, deliveryTimeoutMs: 6 * HOUR, deadlineMs },
			};
			await time.settle(collect({ session, ports, options }));
			await time.advanceTo(deadlineMs + 10 * MINUTE);
		}
		expect(delivered.sort()).toEqual(blobs.map(({ contentId }) => contentId));
		expect(state.types.get(TYPE)?.finalMs).toBe(NOW - 20 * HOUR);
		expect(Math.min(...windows)).toBe(0.25);
		expect(told).toEqual(['typeFailed']);
	});
});
