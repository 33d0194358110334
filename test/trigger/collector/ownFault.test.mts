import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';
import { FeedFailure } from '../../../nodes/feed/failure';
import type { AuditEvent, ContentBlob } from '../../../nodes/feed/types';
import { collect } from '../../../nodes/trigger/collector/collect';
import { newSession } from '../../../nodes/trigger/collector/session';
import type { CollectorPorts } from '../../../nodes/trigger/collector/types';
import { TYPE } from './scene.mts';
import { HOUR, MINUTE } from './units.mts';
import { createVirtualTime } from './virtualTime.mts';

const NOW = Date.parse('2026-03-02T10:00:01.400Z');

/** A poll in which one type is listed and its first blob read, while the other type and the second blob are still asked for. */
function pollOf(change: Partial<CollectorPorts>, listed?: () => ContentBlob[]) {
	const time = createVirtualTime(NOW);
	const state = createCheckpoint(NOW);
	selectTypes(state, [TYPE, 'Audit.General'], NOW - HOUR, NOW);
	const session = newSession(state);
	const blobs = ['quick', 'slow'].map((contentId, index): ContentBlob => {
		const createdMs = NOW - (10 - index) * MINUTE;
		return { contentType: TYPE, contentId, contentCreated: new Date(createdMs).toISOString(), createdMs };
	});
	let underway = 0;
	let end = () => {};
	const cancelled = new Promise<void>((resolve) => (end = resolve));
	async function untilCancelled(andMs: number): Promise<never> {
		underway++;
		await cancelled;
		await time.after(andMs);
		underway--;
		throw new FeedFailure({ kind: 'cancelled', message: 'cancelled' });
	}
	const ports: CollectorPorts = {
		list: async (type) =>
			await (type === TYPE ? Promise.resolve({ blobs: listed?.() ?? blobs }) : untilCancelled(200)),
		read: async ({ contentId }): Promise<AuditEvent[]> =>
			await (contentId === 'quick' ? Promise.resolve([{ Id: contentId }]) : untilCancelled(100)),
		cancel: () => end(),
		matches: () => true,
		emit: async () => await Promise.resolve('delivered'),
		save: () => undefined,
		report: () => undefined,
		runtime: time.runtime(0),
		isBeingMended: () => false,
		storesOnReturn: false,
		...change,
	};
	const options = {
		delivery: 'atLeastOnce' as const,
		...{ maxEventsPerExecution: 1, parallelExecutions: 1, maxDeliveryAttempts: 1, lookAhead: () => 4 },
		...{ overlapMs: 2 * HOUR, deliveryTimeoutMs: 6 * HOUR, deadlineMs: NOW + 5 * MINUTE },
	};
	const work = collect({ session, ports, options });
	return { time, session, work, underway: () => underway };
}

const fault = new TypeError('a fault of the program');
const broken = () => {
	throw fault;
};

describe('a poll that ends with a fault of the program', () => {
	it.each([
		['in the filters', { matches: broken }],
		['in the storing', { save: broken }],
		['in what follows the end of a run', { emit: async () => await Promise.resolve('failed' as const), report: broken }],
	])('%s leaves no listing and no download behind', async (_, change) => {
		const { time, session, work, underway } = pollOf(change);
		work.catch(() => undefined);
		expect(await time.settle(work, NOW + MINUTE)).toBe(true);
		await expect(work).rejects.toBe(fault);
		expect([underway(), session.downloads.size]).toEqual([0, 0]);
	});

	it('in the listing of one type leaves no listing of another behind', async () => {
		const { time, work, underway } = pollOf({}, () => broken());
		work.catch(() => undefined);
		expect(await time.settle(work, NOW + MINUTE)).toBe(true);
		await expect(work).rejects.toBe(fault);
		expect(underway()).toBe(0);
	});

	it('in the listing of one type ends with it, although the others were listed', async () => {
		const list: CollectorPorts['list'] = async (type) => {
			if (type === TYPE) return await Promise.resolve({ blobs: [] });
			throw fault;
		};
		const { time, work } = pollOf({ list });
		work.catch(() => undefined);
		expect(await time.settle(work, NOW + MINUTE)).toBe(true);
		await expect(work).rejects.toBe(fault);
	});
});
