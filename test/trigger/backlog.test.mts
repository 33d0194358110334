import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { createCheckpoint, selectTypes } from '../../nodes/feed/checkpoint/state';
import type { ContentBlob } from '../../nodes/feed/types';
import { collect } from '../../nodes/trigger/collector/collect';
import { newSession } from '../../nodes/trigger/collector/session';
import type { CollectorPorts } from '../../nodes/trigger/collector/types';
import { createVirtualTime } from './collector/virtualTime.mts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = Date.parse('2026-03-02T10:00:00Z');
const BLOBS = 20_000;
const EVENTS_PER_BLOB = 3;
const REQUESTS_PER_MINUTE = 2_000;
const LOOK_AHEAD = 16;
const EVENT_BYTES = 1_300;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Megabytes in use. */
function heap(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed / 2 ** 20;
}

function blobAt(index: number): ContentBlob {
	const createdMs = NOW - 7 * DAY + 60 * MINUTE + Math.floor((index * (7 * DAY - 60 * MINUTE)) / BLOBS);
	return {
		contentType: 'Audit.Exchange',
		contentId: `20260302080000936019353$20260302080000486034089$audit_exchange$Audit_Exchange$emea${index}`,
		contentCreated: new Date(createdMs).toISOString(),
		createdMs,
	};
}

/** A tenant with seven days of content that answers at most {@link REQUESTS_PER_MINUTE}, as the governor would ask it. */
function createTenant(after: (ms: number) => Promise<void>, now: () => number) {
	let nextMs = 0;
	const take = async () => {
		nextMs = Math.max(nextMs, now()) + MINUTE / REQUESTS_PER_MINUTE;
		await after(nextMs - now() + 100);
	};
	const list: CollectorPorts['list'] = async (_type, { startMs, endMs }) => {
		await take();
		const blobs = Array.from({ length: BLOBS }, (_, index) => index)
			.map(blobAt)
			.filter(({ createdMs }) => createdMs >= startMs && createdMs < endMs);
		return { blobs };
	};
	const read: CollectorPorts['read'] = async ({ contentId }) => {
		await take();
		return Array.from({ length: EVENTS_PER_BLOB }, (_, index) => ({
			Id: `${contentId}.${index}`,
			text: Buffer.alloc(EVENT_BYTES, 'x').toString(),
		}));
	};
	return { list, read };
}

it('a backlog of 7 days and 20,000 blobs is drained once, at the rate of the quota, in flat memory', async () => {
	const time = createVirtualTime(NOW);
	const state = createCheckpoint(NOW);
	selectTypes(state, ['Audit.Exchange'], NOW - 7 * DAY + 10 * MINUTE, NOW);
	const session = newSession(state);
	const delivered = new Set<unknown>();
	const heaps: number[] = [];
	let repeated = 0;
	let lastMs = NOW;
	let mostDownloads = 0;
	let mostOpen = 0;
	let largestStored = 0;
	const ports: CollectorPorts = {
		...createTenant(time.after, time.now),
		matches: () => true,
		async emit(parts) {
			for (const { Id } of parts.flatMap(({ events }) => events)) {
				if (delivered.has(Id)) repeated++;
				delivered.add(Id);
			}
			if (parts.length > 0) lastMs = time.now();
			mostDownloads = Math.max(mostDownloads, session.downloads.size);
			mostOpen = Math.max(mostOpen, state.types.get('Audit.Exchange')?.open.size ?? 0);
			if (delivered.size >= ((heaps.length + 1) * BLOBS * EVENTS_PER_BLOB) / 8) heaps.push(heap());
			await time.after(500);
			return 'delivered';
		},
		save: (stored) => void (largestStored = Math.max(largestStored, JSON.stringify(stored).length)),
		report: ({ kind }) => expect(kind).toBe('nothing to report'),
		runtime: time.runtime(0),
		isBeingMended: () => false,
		cancel: () => undefined,
		storesOnReturn: false,
	};
	for (let polls = 0; delivered.size < BLOBS * EVENTS_PER_BLOB && polls < 20; polls++) {
		const options = {
			delivery: 'atLeastOnce' as const,
			maxEventsPerExecution: 1_000,
			parallelExecutions: 1,
			overlapMs: 120 * MINUTE,
			deliveryTimeoutMs: 360 * MINUTE,
			maxDeliveryAttempts: 0,
			lookAhead: () => LOOK_AHEAD,
			deadlineMs: time.now() + 5 * MINUTE,
		};
		await time.settle(collect({ session, ports, options }));
	}
	expect(delivered.size).toBe(BLOBS * EVENTS_PER_BLOB);
	expect(repeated).toBe(0);
	// What is known of delivered events here takes a few MB; one batch of the product's takes one.
	expect(Math.max(...heaps.slice(1)) - (heaps[0] ?? 0)).toBeLessThan(15);
	expect(mostDownloads).toBeLessThanOrEqual(2 * LOOK_AHEAD);
	// 4,000 that wait, and one window of a day that is listed by halves because it is full.
	expect(mostOpen).toBeLessThanOrEqual(5_500);
	expect(largestStored).toBeLessThan(256 * 1024);
	const atQuotaMs = (BLOBS / REQUESTS_PER_MINUTE) * MINUTE;
	expect(atQuotaMs / (lastMs - NOW)).toBeGreaterThan(0.9);
}, 300_000);
