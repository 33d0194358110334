import fc from 'fast-check';

import { addContent, hasContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { decodeCheckpoint } from '../../../nodes/feed/checkpoint/decodeCheckpoint';
import { encodeCheckpoint } from '../../../nodes/feed/checkpoint/encodeCheckpoint';
import { REMEMBERED_EVENTS, rememberEvents } from '../../../nodes/feed/checkpoint/eventMemory';
import { fingerprint } from '../../../nodes/feed/checkpoint/fingerprint';
import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';
import type { Checkpoint, EventRange, OpenBlob, TypeState } from '../../../nodes/feed/checkpoint/state';
import { CONTENT_TYPES } from '../../../nodes/feed/types';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-03-02T10:00:00Z');
const MAX_STATIC_DATA = 256 * 1024;

/** What has piled up in a checkpoint. */
interface Pile {
	types: number;
	overlapHours: number;
	/** Settled blobs within the overlap, in all types together. */
	settled: number;
	/** Blobs in trouble, and others that are only listed; how long their IDs are. */
	troubled: number;
	listed: number;
	idLength: number;
	/** Pieces of each troubled blob that are not delivered, each in a failed batch of its own. */
	pieces: number;
}

const pile: fc.Arbitrary<Pile> = fc.record({
	types: fc.integer({ min: 1, max: 5 }),
	overlapHours: fc.constantFrom(1, 2, 24),
	settled: fc.constantFrom(0, 100, 20_000, 30_000),
	troubled: fc.constantFrom(0, 3, 300, 3_000),
	listed: fc.constantFrom(0, 1_000),
	idLength: fc.constantFrom(20, 110, 2_000),
	pieces: fc.constantFrom(1, 2, 20),
});

const eventIds = Array.from({ length: REMEMBERED_EVENTS }, (_, index) => fingerprint(`${index}`));

const settledId = (index: number) => `settled ${index}`;

function settledAt({ settled, overlapHours }: Pile, index: number): number {
	return NOW - Math.floor((index * overlapHours * HOUR) / settled);
}

function pileUp(of: Pile): Checkpoint {
	const state = createCheckpoint(NOW);
	selectTypes(state, CONTENT_TYPES.slice(0, of.types), NOW - 7 * DAY, NOW);
	const types = [...state.types.values()];
	const typeOf = (index: number) => types[index % types.length] as TypeState;
	for (const type of types) {
		type.finalMs = NOW - of.overlapHours * HOUR;
		// As after an earlier save that had more room.
		type.rememberedMs = type.finalMs;
		type.reported = 'AF10001';
	}
	for (let index = 0; index < of.settled; index++) {
		addContent(typeOf(index).settled, settledId(index), settledAt(of, index));
	}
	rememberEvents(state.seenEvents, eventIds);
	for (let index = 0; index < of.troubled + of.listed; index++) {
		const open = openBlob(of, index, typeOf(index));
		if (index < of.troubled) trouble(state, open, of.pieces);
		typeOf(index).open.set(open.blob.contentId, open);
	}
	return state;
}

function openBlob({ idLength }: Pile, index: number, { contentType }: TypeState): OpenBlob {
	const createdMs = NOW - Math.floor((((index * 7_919) % 1_000) / 1_000) * 7 * DAY);
	const expiration = new Date(createdMs + 7 * DAY).toISOString();
	// Quotes take twice their length in JSON, and times are kept as text if they are not plain.
	const odd = idLength > 200;
	return {
		blob: {
			contentType,
			contentId: `${index}$`.padEnd(idLength, odd ? '"' : '0'),
			contentCreated: new Date(createdMs).toISOString(),
			createdMs,
			contentExpiration: odd ? expiration.replace('Z', '0000Z') : expiration,
			expiresMs: createdMs + 7 * DAY,
		},
		ranges: [{ from: 0, to: null }],
		reading: { failures: 0, notBeforeMs: 0 },
		listedMs: createdMs,
		touched: false,
	};
}

function trouble(state: Checkpoint, open: OpenBlob, pieces: number): void {
	open.touched = true;
	open.reading = { failures: 3, notBeforeMs: NOW + HOUR };
	open.ranges = Array.from({ length: pieces }, (_, piece): EventRange => {
		const batch = state.nextBatch++;
		const times = { notBeforeMs: NOW, lastTriedMs: NOW };
		state.failedBatches.set(batch, { attempts: 12, failures: 2, suspect: false, ...times });
		return { from: piece * 20, to: piece * 20 + 10, batch };
	});
}

function store(state: Checkpoint): { bytes: number; again: Checkpoint } {
	const text = JSON.stringify(encodeCheckpoint(state, NOW));
	const again = decodeCheckpoint(JSON.parse(text));
	expect(again).not.toHaveProperty('problem');
	if ('problem' in again) throw new Error(again.problem);
	return { bytes: Buffer.byteLength(text), again };
}

/** As after a restart: would listing bring it to the workflow again? */
function comesAgain({ finalMs, rememberedMs, settled }: TypeState, id: string, createdMs: number): boolean {
	return createdMs >= Math.max(finalMs, rememberedMs) && !hasContent(settled, id, createdMs);
}

function lostIn(state: Checkpoint, again: Checkpoint): string[] {
	return [...state.types.values()].flatMap((type) => {
		const restarted = again.types.get(type.contentType) as TypeState;
		return [...type.open.values()].flatMap(({ blob: { contentId, createdMs }, ranges }) => {
			const stored = restarted.open.get(contentId);
			if (!stored) return comesAgain(restarted, contentId, createdMs) ? [] : [contentId];
			const covers = (at: number) => stored.ranges.some(({ from, to }) => from <= at && at < (to ?? Infinity));
			return ranges.every(({ from, to }) => covers(from) && covers((to ?? from + 1) - 1)) ? [] : [contentId];
		});
	});
}

function repeatedIn(of: Pile, again: Checkpoint): number {
	const types = [...again.types.values()];
	let count = 0;
	for (let index = 0; index < of.settled; index++) {
		const type = types[index % types.length] as TypeState;
		if (comesAgain(type, settledId(index), settledAt(of, index))) count++;
	}
	return count;
}

describe('whatever has piled up, the stored checkpoint', () => {
	it('takes no more than 256 KB, and loses nothing', () => {
		fc.assert(
			fc.property(pile, (of) => {
				const state = pileUp(of);
				const { bytes, again } = store(state);
				expect(bytes).toBeLessThanOrEqual(MAX_STATIC_DATA - 6 * 1024);
				expect(lostIn(state, again)).toEqual([]);
			}),
			{ seed: 1, numRuns: 30 },
		);
	}, 120_000);

	it.each([1, 2, 24])('has room for 20,000 settled blobs in an overlap of %d hours and 100 in trouble', (overlapHours) => {
		for (const types of [1, 5]) {
			const of = { types, overlapHours, settled: 20_000, troubled: 100, listed: 0, idLength: 110, pieces: 1 };
			const state = pileUp(of);
			for (const type of state.types.values()) for (const open of type.open.values()) delete open.ranges[0]?.batch;
			const { again } = store(state);
			expect(repeatedIn(of, again)).toBe(0);
			expect([...again.types.values()].reduce((sum, { open }) => sum + open.size, 0)).toBe(100);
		}
	});

	it('keeps the oldest blobs in trouble, which would hold the watermark back farthest', () => {
		const of = { types: 1, overlapHours: 2, settled: 0, troubled: 1_000, listed: 0, idLength: 110, pieces: 1 };
		const state = pileUp(of);
		const [type] = store(state).again.types.values();
		const oldestLeftOut = [...state.types.values()]
			.flatMap(({ open }) => [...open.values()])
			.filter(({ blob }) => !type?.open.has(blob.contentId))
			.reduce((oldest, { blob }) => Math.min(oldest, blob.createdMs), Infinity);
		expect(oldestLeftOut).toBeLessThan(NOW);
		expect(type?.finalMs).toBe(oldestLeftOut);
		expect([...(type?.open.values() ?? [])].every(({ blob }) => blob.createdMs <= oldestLeftOut)).toBe(true);
	});

	it('keeps the progress within a blob of many pieces, without their failed batches', () => {
		const of = { types: 1, overlapHours: 2, settled: 0, troubled: 1, listed: 0, idLength: 110, pieces: 1_000 };
		const { again } = store(pileUp(of));
		const [open] = [...again.types.values()].flatMap((type) => [...type.open.values()]);
		expect(open?.ranges).toHaveLength(1_000);
		expect(open?.ranges.at(-1)).toEqual({ from: 19_980, to: 19_990 });
		expect(again.failedBatches.size).toBe(0);
	});
});
