import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IPollFunctions } from 'n8n-workflow';
import fc from 'fast-check';

import { isContentId } from '../../nodes/feed/contentEntry';
import { bytesOf } from '../../nodes/feed/checkpoint/storedCheckpoint';
import { decodeCheckpoint } from '../../nodes/feed/checkpoint/decodeCheckpoint';
import { encodeCheckpoint, MAX_CHECKPOINT_BYTES } from '../../nodes/feed/checkpoint/encodeCheckpoint';
import { REMEMBERED_EVENTS } from '../../nodes/feed/checkpoint/eventMemory';
import { beginPass, nextWindow } from '../../nodes/feed/checkpoint/listingPlan';
import { freshBlobs, nextWork } from '../../nodes/feed/checkpoint/nextWork';
import { packSet, unpackSet } from '../../nodes/feed/checkpoint/packedSet';
import type { BackOff, Checkpoint, OpenBlob } from '../../nodes/feed/checkpoint/state';
import { CONTENT_TYPES } from '../../nodes/feed/types';
import { openStore } from '../../nodes/trigger/staticData';
import { fuzz } from './support/campaign.mts';
import { faultOf } from './support/clear.mts';
import { json, number } from './support/hostile.mts';
import { mutatedBytes, mutatedJson } from './support/mutate.mts';

const NOW = Date.parse('2026-11-02T08:10:00Z');
const STATES = join(import.meta.dirname, '../trigger/upgrade/states');

type Stored = Record<string, Record<string, unknown>>;

/** What real releases left in n8n's database in the middle of their work. */
const states = readdirSync(STATES).map(
	(name) => (JSON.parse(readFileSync(join(STATES, name), 'utf8')) as { staticData: Stored }).staticData,
);
const checkpoints = states.map((state) => state['node:Trigger']?.checkpoint);

const storedCheckpoint = () =>
	fc.oneof(
		{ weight: 8, arbitrary: fc.constantFrom(...checkpoints).chain((stored) => mutatedJson(stored)) },
		// One number after the other that is none of ours.
		{ weight: 3, arbitrary: fc.tuple(fc.constantFrom(...checkpoints), fc.nat(), number).map(([stored, at, value]) => withNumber(stored, at, value)) },
		{
			weight: 2,
			arbitrary: fc
				.constantFrom(...checkpoints)
				.chain((stored) => mutatedBytes(Buffer.from(JSON.stringify(stored)), Buffer.from(JSON.stringify(stored))))
				.map((bytes) => parsed(bytes.toString('utf8'))),
		},
		{ weight: 1, arbitrary: json },
	);

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** The JSON with one of its numbers changed. */
function withNumber(stored: unknown, at: number, value: number): unknown {
	const text = JSON.stringify(stored);
	const numbers = [...text.matchAll(/(?<=[[:,])-?\d+(?=[,\]}])/g)];
	const chosen = numbers[at % numbers.length]!;
	return JSON.parse(text.slice(0, chosen.index) + JSON.stringify(value) + text.slice(chosen.index + chosen[0].length));
}

const isDate = (ms: number) => !Number.isNaN(new Date(ms).getTime());
const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;

function expectBackOff({ failures, notBeforeMs }: BackOff): void {
	expect([isCount(failures), isDate(notBeforeMs)]).toEqual([true, true]);
}

/** What everything that works with a checkpoint takes for granted. */
function expectSound(state: Checkpoint): void {
	expect(['events', 'blobs']).toContain(state.counts);
	expect([isCount(state.sequence), isCount(state.nextBatch), isDate(state.storedMs), isDate(state.startNotBeforeMs)]).toEqual([true, true, true, true]);
	expectBackOff(state.destination);
	expect(state.seenEvents.size).toBeLessThanOrEqual(REMEMBERED_EVENTS);
	for (const id of state.seenEvents) expect(id).toMatch(/^[0-9a-f]{14}$/);
	for (const [number, batch] of state.failedBatches) {
		expect(isCount(number) && number < state.nextBatch).toBe(true);
		expect([isCount(batch.attempts), isDate(batch.lastTriedMs), typeof batch.suspect]).toEqual([true, true, 'boolean']);
		expectBackOff(batch);
	}
	for (const [contentType, type] of state.types) {
		expect(CONTENT_TYPES).toContain(contentType);
		for (const ms of [type.startMs, type.finalMs, type.frontierMs, type.dayListedMs, type.rememberedMs]) expect(isDate(ms)).toBe(true);
		// Invariant 4 of state.ts: no listing starts before what is remembered.
		expect(type.rememberedMs).toBeLessThanOrEqual(type.finalMs);
		expect(['undefined', 'string']).toContain(typeof type.reported);
		expectBackOff(type.listing);
		expectBackOff(type.reading);
		for (const [bucket, values] of type.settled) {
			expect(Number.isSafeInteger(bucket)).toBe(true);
			for (const value of values) expect(value).toMatch(/^[0-9a-f]{14}$/);
		}
		for (const open of type.open.values()) expectOpen(state, open);
	}
}

function expectOpen(state: Checkpoint, { blob, ranges, reading, listedMs }: OpenBlob): void {
	expect([isContentId(blob.contentId), typeof blob.contentCreated, isDate(blob.createdMs), isDate(listedMs)]).toEqual([true, 'string', true, true]);
	expect(blob.expiresMs === undefined || isDate(blob.expiresMs)).toBe(true);
	expectBackOff(reading);
	expect(ranges.length).toBeGreaterThan(0);
	let end = 0;
	for (const { from, to, batch } of ranges) {
		expect(isCount(from) && from >= end && (to === null || (isCount(to) && to >= from))).toBe(true);
		expect(batch === undefined || state.failedBatches.has(batch)).toBe(true);
		end = to ?? Infinity;
	}
}

/** Everything that a poll does with it first. */
function expectWorks(state: Checkpoint): void {
	for (const type of state.types.values()) nextWindow(beginPass(type, NOW), NOW);
	freshBlobs(state, NOW);
	nextWork(state, NOW, { probing: 0, busy: new Set(), fresh: 'untried', afterRetry: false });
	const stored = encodeCheckpoint(state, NOW);
	expect(bytesOf(stored)).toBeLessThanOrEqual(MAX_CHECKPOINT_BYTES);
	const again = decodeCheckpoint(JSON.parse(JSON.stringify(stored)));
	if ('problem' in again) throw new Error(again.problem);
	// As text, in which -0 is 0.
	expect(JSON.stringify(encodeCheckpoint(again, NOW))).toBe(JSON.stringify(stored));
}

describe('a stored checkpoint, however damaged,', () => {
	it('is one that can be read where it is not damaged at all', () => {
		for (const stored of checkpoints) {
			const state = decodeCheckpoint(stored);
			if ('problem' in state) throw new Error(state.problem);
			expectSound(state);
			expectWorks(state);
		}
	});

	fuzz('gives a sound state, or says what is wrong with it', 3_000, storedCheckpoint, (stored) => {
		const before = JSON.stringify(stored);
		const state = decodeCheckpoint(stored);
		expect(JSON.stringify(stored)).toBe(before);
		if ('problem' in state) {
			expect(faultOf(state.problem)).toBeUndefined();
			return;
		}
		expectSound(state);
		expectWorks(state);
	});
});

describe('static data, however damaged,', () => {
	const staticData = () => fc.tuple(storedCheckpoint(), fc.constantFrom(...states).chain((state) => mutatedJson(state.global ?? {})));

	fuzz('is where a poll can begin', 1_000, staticData, ([checkpoint, global]) => {
		const data: Record<string, unknown> = { checkpoint };
		const isObject = typeof global === 'object' && global !== null;
		const everything = { node: data, global: isObject ? global : {} };
		const node = {
			getNode: () => ({ id: 'trigger-node', name: 'Trigger' }),
			getWorkflowStaticData: (kind: 'node' | 'global') => everything[kind],
		} as unknown as IPollFunctions;
		const store = openStore(node);
		const { session, problem } = store.load(undefined, NOW);
		expectSound(session.state);
		if (problem !== undefined) {
			expect(faultOf(problem)).toBeUndefined();
			// Kept for a person to look at, and small.
			expect(data.checkpoint).toBeUndefined();
			expect(bytesOf(data.setAside)).toBeLessThan(8_000);
		}
		store.save(encodeCheckpoint(session.state, NOW));
		const again = openStore(node).load(undefined, NOW);
		expect(again.problem).toBeUndefined();
		expectSound(again.session.state);
	});
});

describe('a packed set', () => {
	const fingerprints = fc.array(fc.stringMatching(/^[0-9a-f]{14}$/), { maxLength: 300 });

	fuzz('is unpacked as it was', 500, () => fingerprints, (values) => {
		expect([...unpackSet(...packSet(new Set(values)))]).toEqual([...new Set(values)].sort());
	});

	fuzz('that is damaged has as many values as it says, or none', 1_000, () => fc.tuple(fingerprints, fc.oneof(number, fc.nat(400)), fc.base64String()), ([values, count, other]) => {
		const [own, packed] = packSet(new Set(values));
		for (const [size, text] of [[count, packed], [own, other], [count, other]] as const) {
			try {
				expect(unpackSet(size, text).size).toBe(Math.max(0, size));
			} catch (error) {
				expect(error).toBeInstanceOf(RangeError);
			}
		}
	});
});
