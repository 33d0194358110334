import { CONTENT_TYPES, type ContentBlob, type ContentType } from '../types';
import { unpackContentMemory } from './contentMemory';
import { unpackEventMemory } from './eventMemory';
import {
	createCheckpoint,
	createTypeState,
	type BackOff,
	type Checkpoint,
	type EventRange,
	type OpenBlob,
	type TypeState,
} from './state';
import {
	STORED_VERSION,
	type StoredBackOff,
	type StoredBlob,
	type StoredCheckpoint,
	type StoredType,
} from './storedCheckpoint';

/** Reads a stored checkpoint, of which nothing is kept; `problem` says, for the user, why it cannot be used. */
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
	state.counts = stored.counts === 'blobs' ? 'blobs' : 'events';
	state.sequence = time(stored.sequence);
	for (const [contentType, type] of Object.entries(stored.types)) {
		if (!(CONTENT_TYPES as readonly string[]).includes(contentType)) {
			throw new TypeError('an unknown content type');
		}
		state.types.set(contentType as ContentType, decodeType(contentType as ContentType, type));
	}
	state.seenEvents = unpackEventMemory(stored.seenEvents);
	state.failedBatches = new Map(stored.failedBatches.map(([number, batch]) => [number, { ...batch }]));
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
	if (stored.subscribed === true) type.subscribed = true;
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
