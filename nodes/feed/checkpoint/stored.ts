import { CONTENT_TYPES, type ContentBlob, type ContentType } from '../types';
import {
	contentCount,
	forgetContentBefore,
	oldestBucketEnd,
	packContentMemory,
	unpackContentMemory,
	type StoredContentMemory,
} from './contentMemory';
import { packEventMemory, unpackEventMemory } from './eventMemory';
import { DAY_MS } from '../time';
import { forgetSettled, watermark } from './recordListing';
import {
	createCheckpoint,
	createTypeState,
	type BackOff,
	type Checkpoint,
	type EventRange,
	type FailedBatch,
	type OpenBlob,
	type TypeState,
} from './state';

export const STORED_VERSION = 1;

/**
 * How many settled blobs are remembered beyond what the overlap needs. A tenant with more than that in a day has its
 * daily listing reach back only as far as the memory does, so that nothing is repeated.
 */
export const MAX_REMEMBERED_BLOBS = 20_000;

/** Untouched blobs are stored too when they come near the end of the seven days in which they can be listed. */
const SOON_UNLISTED_MS = 6.5 * DAY_MS;
const MAX_STORED_UNTOUCHED = 100;

type StoredBackOff = [failures: number, notBeforeMs: number];
type StoredRange = [from: number, to: number | null, batch?: number];

/** contentId, contentCreated and contentExpiration: text if it is not plain ISO, else milliseconds. */
type StoredBlob = [
	contentId: string,
	created: number | string,
	expires: number | string | null,
	listedMs: number,
	reading: StoredBackOff,
	ranges: StoredRange[],
];

interface StoredType {
	startMs: number;
	listedUpToMs: number;
	dayListedMs: number;
	rememberedMs: number;
	settled: StoredContentMemory;
	open: StoredBlob[];
	listing: StoredBackOff;
	reading: StoredBackOff;
	reported?: string;
}

/** What n8n keeps: plain JSON. */
export interface StoredCheckpoint {
	version: number;
	sequence: number;
	savedMs: number;
	types: Partial<Record<ContentType, StoredType>>;
	seenEvents: string;
	failedBatches: Array<[number, FailedBatch]>;
	nextBatch: number;
	destination: StoredBackOff;
	startNotBeforeMs: number;
}

/** Also forgets what no longer has to be remembered. */
export function encodeCheckpoint(state: Checkpoint, nowMs: number): StoredCheckpoint {
	const types = [...state.types.values()];
	const stored = new Map(types.map((type) => [type, storedBlobs(type, nowMs)]));
	const upTo = new Map(types.map((type) => [type, watermarkOf(type, stored.get(type) ?? [])]));
	forget(upTo);
	return {
		version: STORED_VERSION,
		sequence: state.sequence,
		savedMs: nowMs,
		types: Object.fromEntries(
			types.map((type) => [
				type.contentType,
				encodeType(type, upTo.get(type) ?? type.startMs, stored.get(type) ?? []),
			]),
		),
		seenEvents: packEventMemory(state.seenEvents),
		failedBatches: [...state.failedBatches].map(([number, batch]) => [number, { ...batch }]),
		nextBatch: state.nextBatch,
		destination: encodeBackOff(state.destination),
		startNotBeforeMs: state.startNotBeforeMs,
	};
}

function storedBlobs(type: TypeState, nowMs: number): OpenBlob[] {
	const touched: OpenBlob[] = [];
	const old: OpenBlob[] = [];
	for (const open of type.open.values()) {
		if (open.touched) touched.push(open);
		else if (open.blob.createdMs < nowMs - SOON_UNLISTED_MS) old.push(open);
	}
	old.sort((a, b) => a.blob.createdMs - b.blob.createdMs);
	return [...touched, ...old.slice(0, MAX_STORED_UNTOUCHED)];
}

function watermarkOf(type: TypeState, stored: OpenBlob[]): number {
	const ids = new Set(stored.map(({ blob }) => blob.contentId));
	return watermark(type, (contentId) => ids.has(contentId));
}

function forget(upTo: Map<TypeState, number>): void {
	for (const [type, watermarkMs] of upTo) forgetSettled(type, watermarkMs);
	let surplus = -MAX_REMEMBERED_BLOBS;
	for (const type of upTo.keys()) surplus += contentCount(type.settled);
	while (surplus > 0) {
		const [oldest, end] = oldestBucket(upTo);
		if (!oldest) return;
		const before = contentCount(oldest.settled);
		oldest.rememberedMs = Math.max(oldest.rememberedMs, end);
		forgetContentBefore(oldest.settled, end);
		surplus -= before - contentCount(oldest.settled);
	}
}

/** The type with the oldest bucket that lies wholly behind its watermark. */
function oldestBucket(upTo: Map<TypeState, number>): [TypeState | undefined, number] {
	let found: TypeState | undefined;
	let foundEnd = Infinity;
	for (const [type, watermarkMs] of upTo) {
		const end = oldestBucketEnd(type.settled) ?? Infinity;
		if (end <= watermarkMs && end < foundEnd) {
			found = type;
			foundEnd = end;
		}
	}
	return [found, foundEnd];
}

function encodeType(type: TypeState, listedUpToMs: number, open: OpenBlob[]): StoredType {
	return {
		startMs: type.startMs,
		listedUpToMs,
		dayListedMs: type.dayListedMs,
		rememberedMs: type.rememberedMs,
		settled: packContentMemory(type.settled),
		open: open.map(encodeBlob),
		listing: encodeBackOff(type.listing),
		reading: encodeBackOff(type.reading),
		...(type.reported === undefined ? {} : { reported: type.reported }),
	};
}

function encodeBlob({ blob, ranges, reading, listedMs }: OpenBlob): StoredBlob {
	return [
		blob.contentId,
		encodeTime(blob.contentCreated, blob.createdMs),
		blob.contentExpiration === undefined || blob.expiresMs === undefined
			? null
			: encodeTime(blob.contentExpiration, blob.expiresMs),
		listedMs,
		encodeBackOff(reading),
		ranges.map(({ from, to, batch }) => (batch === undefined ? [from, to] : [from, to, batch])),
	];
}

function encodeBackOff({ failures, notBeforeMs }: BackOff): StoredBackOff {
	return [failures, notBeforeMs];
}

function encodeTime(text: string, ms: number): number | string {
	return new Date(ms).toISOString() === text ? ms : `${ms} ${text}`;
}

/** Reads a stored checkpoint; `problem` says, for the user, why it cannot be used. */
export function decodeCheckpoint(stored: unknown): Checkpoint | { problem: string } {
	const version = (stored as Partial<StoredCheckpoint> | null)?.version;
	if (typeof version === 'number' && version > STORED_VERSION) {
		const reads = `format ${version}, this one reads ${STORED_VERSION}`;
		return { problem: `It was written by a newer version of this node (${reads}).` };
	}
	try {
		return decode(stored as StoredCheckpoint);
	} catch (error) {
		return { problem: `It is damaged (${(error as Error).message}).` };
	}
}

function decode(stored: StoredCheckpoint): Checkpoint {
	if (stored.version !== STORED_VERSION) throw new TypeError('no format number');
	const state = createCheckpoint(time(stored.savedMs));
	state.unstored = 'nothing';
	state.sequence = time(stored.sequence);
	for (const [contentType, type] of Object.entries(stored.types)) {
		if (!(CONTENT_TYPES as readonly string[]).includes(contentType)) {
			throw new TypeError('an unknown content type');
		}
		state.types.set(contentType as ContentType, decodeType(contentType as ContentType, type));
	}
	state.seenEvents = unpackEventMemory(stored.seenEvents);
	state.failedBatches = new Map(stored.failedBatches);
	for (const { batch } of [...state.types.values()].flatMap(rangesOf)) {
		if (batch === undefined || state.failedBatches.has(batch)) continue;
		throw new TypeError('a batch is missing');
	}
	state.nextBatch = time(stored.nextBatch);
	state.destination = decodeBackOff(stored.destination);
	state.startNotBeforeMs = time(stored.startNotBeforeMs);
	return state;
}

function rangesOf({ open }: TypeState): EventRange[] {
	return [...open.values()].flatMap(({ ranges }) => ranges);
}

function decodeType(contentType: ContentType, stored: StoredType): TypeState {
	const type = createTypeState(contentType, time(stored.startMs), time(stored.dayListedMs));
	type.finalMs = time(stored.listedUpToMs);
	type.frontierMs = type.finalMs;
	type.rememberedMs = time(stored.rememberedMs);
	type.settled = unpackContentMemory(stored.settled);
	for (const blob of stored.open) {
		const open = decodeBlob(contentType, blob);
		type.open.set(open.blob.contentId, open);
	}
	type.listing = decodeBackOff(stored.listing);
	type.reading = decodeBackOff(stored.reading);
	if (stored.reported !== undefined) type.reported = stored.reported;
	return type;
}

function decodeBlob(contentType: ContentType, stored: StoredBlob): OpenBlob {
	const [contentId, created, expires, listedMs, reading, ranges] = stored;
	const [createdMs, contentCreated] = decodeTime(created);
	const blob: ContentBlob = { contentType, contentId, contentCreated, createdMs };
	if (expires !== null) [blob.expiresMs, blob.contentExpiration] = decodeTime(expires);
	return {
		blob,
		ranges: ranges.map(([from, to, batch]) => (batch === undefined ? { from, to } : { from, to, batch })),
		reading: decodeBackOff(reading),
		listedMs: time(listedMs),
		touched: true,
	};
}

function decodeTime(stored: number | string): [ms: number, text: string] {
	if (typeof stored === 'number') return [time(stored), new Date(stored).toISOString()];
	const blank = stored.indexOf(' ');
	return [time(Number(stored.slice(0, blank))), stored.slice(blank + 1)];
}

function decodeBackOff([failures, notBeforeMs]: StoredBackOff): BackOff {
	return { failures: time(failures), notBeforeMs: time(notBeforeMs) };
}

/** Any number of the stored form. */
function time(value: number): number {
	if (typeof value !== 'number' || !Number.isFinite(value)) throw new TypeError('a number is missing');
	return value;
}
