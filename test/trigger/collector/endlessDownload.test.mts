import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';
import { FeedFailure } from '../../../nodes/feed/failure';
import type { AuditEvent, ContentBlob } from '../../../nodes/feed/types';
import { collect } from '../../../nodes/trigger/collector/collect';
import { newSession } from '../../../nodes/trigger/collector/session';
import type { CollectorPorts } from '../../../nodes/trigger/collector/types';
import { HOUR, MINUTE } from './units.mts';
import { createVirtualTime } from './virtualTime.mts';

const NOW = Date.parse('2026-03-02T10:00:01.400Z');
const BUDGET = 5 * MINUTE;
const TYPE = 'Audit.Exchange';

function blobOf(contentId: string, createdMs: number): ContentBlob {
	return { contentType: TYPE, contentId, contentCreated: new Date(createdMs).toISOString(), createdMs };
}

describe('a download that no poll is long enough for', () => {
	it('waits like one that failed, so that the others get their turn although it is the oldest', async () => {
		const time = createVirtualTime(NOW);
		const state = createCheckpoint(NOW);
		selectTypes(state, [TYPE], NOW - HOUR, NOW);
		const blobs = [blobOf('endless', NOW - 30 * MINUTE), blobOf('good', NOW - 20 * MINUTE)];
		const delivered: string[] = [];
		let deadlineMs = 0;
		const ports: CollectorPorts = {
			list: async (_, { startMs, endMs }) =>
				await Promise.resolve({ blobs: blobs.filter(({ createdMs }) => createdMs >= startMs && createdMs < endMs) }),
			async read({ contentId }): Promise<AuditEvent[]> {
				if (contentId === 'good') return await Promise.resolve([{ Id: contentId }]);
				// The poll's end cancels it, which takes a moment.
				await time.after(deadlineMs - time.now() + 500);
				throw new FeedFailure({ kind: 'transient', message: 'It did not end' });
			},
			matches: () => true,
			async emit(parts) {
				for (const { Id } of parts.flatMap(({ events }) => events)) delivered.push(String(Id));
				return await Promise.resolve('delivered');
			},
			save: () => undefined,
			report: ({ kind }) => expect(kind).toBe('nothing to report'),
			runtime: time.runtime(0),
			isBeingMended: () => false,
			cancel: () => undefined,
			storesOnReturn: false,
		};
		const session = newSession(state);
		const poll = async () => {
			deadlineMs = time.now() + BUDGET;
			const options = {
				delivery: 'atLeastOnce' as const,
				...{ maxEventsPerExecution: 1_000, parallelExecutions: 1, maxDeliveryAttempts: 0, lookAhead: () => 1 },
				...{ overlapMs: 2 * HOUR, deliveryTimeoutMs: 6 * HOUR, deadlineMs },
			};
			const work = collect({ session, ports, options });
			await time.settle(work);
			await work;
			await time.advanceTo(deadlineMs + 1_000);
		};
		await poll();
		expect(state.types.get(TYPE)?.open.get('endless')?.reading.failures).toBe(1);
		await poll();
		expect(delivered).toEqual(['good']);
	});
});
