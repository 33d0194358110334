import fc from 'fast-check';

import {
	collect,
	type Collected,
	type CollectRequest,
	type CollectSource,
} from '../../nodes/feed/collect';
import { FeedFailure, type FailureKind } from '../../nodes/feed/failure';
import { DAY_MS, HOUR_MS } from '../../nodes/feed/time';
import type { ContentType, TimeWindow } from '../../nodes/feed/types';

const NOW = Date.UTC(2026, 2, 10, 12);
const RANGE = { startMs: NOW - 3 * DAY_MS, endMs: NOW };
const TYPES: ContentType[] = ['Audit.Exchange', 'Audit.General'];

interface Blob {
	type: ContentType;
	id: string;
	atMs: number;
	/** Listed in the window after as well. */
	twice?: boolean;
}

const failure = (kind: FailureKind) => new FeedFailure({ kind, message: kind });

function fake(
	blobs: Blob[],
	faults: { list?(type: ContentType, window: TimeWindow): void; read?(id: string): void } = {},
) {
	const listed: string[] = [];
	const read: string[] = [];
	const source: CollectSource<string> = {
		content: (type) => ({
			firstPage: async (window) => {
				listed.push(`${type} ${Math.round((NOW - window.endMs) / DAY_MS)}`);
				faults.list?.(type, window);
				const entries = blobs
					.filter(
						(blob) =>
							blob.type === type &&
							blob.atMs >= window.startMs - (blob.twice ? DAY_MS : 0) &&
							blob.atMs < window.endMs,
					)
					.map(({ id, atMs }) => ({ contentId: id, contentCreated: new Date(atMs).toISOString() }));
				return await Promise.resolve({ entries });
			},
			nextPage: async () => await Promise.reject(new Error('no further page')),
		}),
		read: async ({ contentId }) => {
			read.push(contentId);
			faults.read?.(contentId);
			return await Promise.resolve(`events of ${contentId}`);
		},
	};
	return { source, listed, read };
}

async function run(
	source: CollectSource<string>,
	change: Partial<CollectRequest> = {},
): Promise<Array<Collected<string>>> {
	const request = {
		contentTypes: TYPES,
		range: RANGE,
		newestFirst: false,
		lookAhead: () => 4,
		...change,
	};
	const steps: Array<Collected<string>> = [];
	for await (const step of collect(source, request, { now: () => NOW })) steps.push(step);
	return steps;
}

const ids = (steps: Array<Collected<string>>) =>
	steps.flatMap((step) =>
		step.type === 'blob' || step.type === 'unreadableBlob' ? [step.blob.contentId] : [],
	);
const of = <K extends Collected<string>['type']>(steps: Array<Collected<string>>, type: K) =>
	steps.filter((step): step is Extract<Collected<string>, { type: K }> => step.type === type);

const BLOBS: Blob[] = [
	{ type: 'Audit.General', id: 'd', atMs: NOW - HOUR_MS },
	{ type: 'Audit.Exchange', id: 'a', atMs: NOW - 60 * HOUR_MS },
	{ type: 'Audit.General', id: 'b', atMs: NOW - 60 * HOUR_MS },
	{ type: 'Audit.Exchange', id: 'c', atMs: NOW - 30 * HOUR_MS },
];

describe('a collection', () => {
	it('hands out blobs by contentCreated and contentId across types, whatever ends first and however far it reads ahead', async () => {
		const many = fc.uniqueArray(
			fc.record({
				type: fc.constantFrom(...TYPES),
				id: fc.stringMatching(/^[a-zA-Z0-9]{1,2}$/),
				atMs: fc.integer({ min: 0, max: 71 }).map((hours) => NOW - hours * HOUR_MS - 1),
			}),
			{ selector: ({ id }) => id, maxLength: 12 },
		);
		await fc.assert(
			fc.asyncProperty(
				fc.scheduler(),
				many,
				fc.integer({ min: 1, max: 5 }),
				fc.boolean(),
				async (scheduler, blobs, lookAhead, newestFirst) => {
					const { source } = fake(blobs);
					const read = async (blob: Parameters<typeof source.read>[0]) =>
						await scheduler.schedule(source.read(blob));
					const steps = run({ ...source, read }, { lookAhead: () => lookAhead, newestFirst });
					await scheduler.waitFor(steps);
					const order = [...blobs]
						.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
						.map(({ id }) => id);
					expect(ids(await steps)).toEqual(newestFirst ? order.reverse() : order);
				},
			),
			{ seed: 19, numRuns: 60 },
		);
	});

	it('reads a blob that is listed in two windows once', async () => {
		const { source, read } = fake(BLOBS.map((blob) => ({ ...blob, twice: true })));
		expect(ids(await run(source))).toEqual(['a', 'b', 'c', 'd']);
		expect(read).toHaveLength(4);
	});

	it.each<FailureKind>([
		'contentGone',
		'unreadable',
		'transient',
		'throttled',
		'permission',
		'badRequest',
	])('goes on after a blob that is %s, and tells it in its place', async (kind) => {
		const { source } = fake(BLOBS, {
			read: (id) => {
				if (id === 'b') throw failure(kind);
			},
		});
		const steps = await run(source);
		expect(ids(steps)).toEqual(['a', 'b', 'c', 'd']);
		expect(of(steps, 'unreadableBlob')).toMatchObject([
			{ blob: { contentId: 'b', contentType: 'Audit.General' }, failure: { kind } },
		]);
	});

	it('goes on after a content type that is refused, and does not ask for it again in every window', async () => {
		const { source, listed } = fake(BLOBS, {
			list: (type) => {
				if (type === 'Audit.Exchange') throw failure('permission');
			},
		});
		const range = { startMs: NOW - 7 * DAY_MS + HOUR_MS, endMs: NOW };
		const steps = await run(source, { range });
		expect(ids(steps)).toEqual(['b', 'd']);
		expect(of(steps, 'unlisted').length).toBeGreaterThan(0);
		expect(listed.filter((line) => line.startsWith('Audit.Exchange')).length).toBeLessThan(5);
		expect(listed.filter((line) => line.startsWith('Audit.General'))).toHaveLength(7);
	});

	it('asks once for each type when all of them are refused', async () => {
		const { source, listed } = fake(BLOBS, {
			list: () => {
				throw failure('permission');
			},
		});
		const steps = await run(source);
		expect(listed).toEqual(['Audit.Exchange 2', 'Audit.General 2']);
		expect(steps.map(({ type }) => type)).toEqual(['unlisted', 'unlisted']);
	});

	it('goes on after a window that could not be listed, and lists that type in the other windows', async () => {
		const { source } = fake(BLOBS, {
			list: (type, window) => {
				if (type === 'Audit.Exchange' && window.startMs === RANGE.startMs)
					throw failure('transient');
			},
		});
		const steps = await run(source);
		expect(ids(steps)).toEqual(['b', 'c', 'd']);
		expect(of(steps, 'unlisted')).toMatchObject([
			{
				contentType: 'Audit.Exchange',
				window: { startMs: RANGE.startMs, endMs: RANGE.startMs + DAY_MS },
			},
		]);
	});

	it.each<FailureKind>(['cancelled', 'signIn'])(
		'ends at once when nothing more can succeed: %s',
		async (kind) => {
			const listing = fake(BLOBS, {
				list: () => {
					throw failure(kind);
				},
			});
			await expect(run(listing.source)).rejects.toMatchObject({ kind });
			expect(listing.read).toEqual([]);
			const reading = fake(BLOBS, {
				read: () => {
					throw failure(kind);
				},
			});
			await expect(run(reading.source, { lookAhead: () => 1 })).rejects.toMatchObject({ kind });
			expect(reading.read).toEqual(['a']);
		},
	);

	it('tells for each type and window what can no longer be listed and what is unusable', async () => {
		const { source } = fake([{ type: 'Audit.General', id: '..', atMs: NOW - HOUR_MS }]);
		const range = { startMs: NOW - 7 * DAY_MS - HOUR_MS, endMs: NOW };
		const listed = of(await run(source, { range, contentTypes: ['Audit.General'] }), 'listed');
		expect(listed).toHaveLength(8);
		expect(listed.filter(({ lost }) => lost)).toMatchObject([{ lost: { startMs: range.startMs } }]);
		expect(listed.map(({ unusable }) => unusable).filter((count) => count > 0)).toEqual([1]);
	});

	it('lists two windows beyond the one that is read, once the first could be listed', async () => {
		const days = [5, 4, 3, 2, 1];
		const blobs = days.map((day): Blob => ({ type: 'Audit.Exchange', id: `${day}`, atMs: NOW - day * DAY_MS }));
		const listedAt: Record<string, number> = {};
		const { source, listed } = fake(blobs, { read: (id) => void (listedAt[id] = listed.length) });
		const range = { startMs: NOW - 5 * DAY_MS, endMs: NOW };
		await run(source, { range, contentTypes: ['Audit.Exchange'], lookAhead: () => 1 });
		expect(listedAt).toEqual({ 5: 1, 4: 4, 3: 5, 2: 5, 1: 5 });
	});

	it('with the newest first lists no older window and reads no older blob than its reader needs', async () => {
		const { source, listed, read } = fake(BLOBS);
		const request = { contentTypes: TYPES, range: RANGE, newestFirst: true, lookAhead: () => 1 };
		for await (const step of collect(source, request, { now: () => NOW })) {
			if (step.type === 'blob') break;
		}
		expect(read).toEqual(['d']);
		expect(listed).toEqual(['Audit.Exchange 0', 'Audit.General 0']);
	});
});
