import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';
import { FeedFailure } from '../../../nodes/feed/failure';
import type { ContentBlob, ContentType, TimeWindow } from '../../../nodes/feed/types';
import { collect } from '../../../nodes/trigger/collector/collect';
import { newSession } from '../../../nodes/trigger/collector/session';
import type { BatchPart, CollectorPorts } from '../../../nodes/trigger/collector/types';
import { HOUR, MINUTE } from './units.mts';
import { createVirtualTime } from './virtualTime.mts';

const NOW = Date.parse('2026-03-02T10:00:01.400Z');
const NEWS: ContentType = 'Audit.Exchange';

/** Two batches of `type` have failed; from then on all works, but the download of whatever is new outlasts every poll. */
function scene(type: ContentType, isDown: boolean) {
	const time = createVirtualTime(NOW);
	const state = createCheckpoint(NOW);
	selectTypes(state, ['Audit.Exchange', 'Audit.SharePoint'], NOW - HOUR, NOW);
	const blobs: ContentBlob[] = [];
	const add = (contentId: string, createdMs: number, contentType: ContentType) =>
		blobs.push({ contentType, contentId, contentCreated: new Date(createdMs).toISOString(), createdMs });
	add('failed 1', NOW - 40 * MINUTE, type);
	add('failed 2', NOW - 39 * MINUTE, type);
	// A success between the failures: then it is not the destination.
	if (!isDown) add('good', NOW - 38 * MINUTE, type);
	const delivered: unknown[] = [];
	let failing = true;
	let deadlineMs = 0;
	const ports: CollectorPorts = {
		list: async (wanted, { startMs, endMs }: TimeWindow) =>
			await Promise.resolve({
				blobs: blobs.filter(({ createdMs, contentType }) => contentType === wanted && createdMs >= startMs && createdMs < endMs),
			}),
		async read({ contentId }) {
			if (!contentId.startsWith('slow')) return [{ Id: contentId }];
			await time.after(deadlineMs - time.now() + 500);
			throw new FeedFailure({ kind: 'transient', message: 'Its download did not end within the time of a poll' });
		},
		matches: () => true,
		async emit(parts: BatchPart[]) {
			const ids = parts.flatMap(({ events }) => events).map(({ Id }) => Id);
			await time.after(100);
			if (failing && !ids.includes('good')) return 'failed';
			delivered.push(...ids);
			return 'delivered';
		},
		...{ save: () => undefined, report: () => undefined, cancel: () => undefined, isBeingMended: () => false },
		...{ runtime: time.runtime(0), storesOnReturn: false },
	};
	const session = newSession(state);
	async function poll(): Promise<void> {
		deadlineMs = time.now() + 5 * MINUTE;
		const work = collect({
			session,
			ports,
			options: {
				...{ delivery: 'atLeastOnce', maxEventsPerExecution: 1, parallelExecutions: 1, maxDeliveryAttempts: 0 },
				...{ lookAhead: () => 4, overlapMs: 2 * HOUR, deliveryTimeoutMs: 6 * HOUR, deadlineMs },
			},
		});
		await time.settle(work);
		await work;
	}
	return {
		...{ poll, delivered, time },
		addSlow: (number: number) => add(`slow ${number}`, time.now() - 1_000, NEWS),
		mend: () => void (failing = false),
	};
}

describe('failed batches while everything new is slow to download', () => {
	it.each([
		['the same content type', NEWS, false],
		['another content type', 'Audit.SharePoint', false],
		['the same content type, the destination down before', NEWS, true],
		['another content type, the destination down before', 'Audit.SharePoint', true],
	] as const)('are tried again all the same: %s', async (_, type, isDown) => {
		const { poll, addSlow, mend, delivered, time } = scene(type, isDown);
		await poll();
		await time.advanceTo(NOW + 70_000);
		await poll();
		mend();
		for (let number = 1; number <= 8; number++) {
			addSlow(number);
			await time.advanceTo(time.now() + MINUTE);
			await poll();
		}
		expect(delivered).toEqual(expect.arrayContaining(['failed 1', 'failed 2']));
	});
});
