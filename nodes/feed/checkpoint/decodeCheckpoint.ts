import { isContentId } from '../contentEntry';
import { isTime, parseUtc } from '../time';
import { CONTENT_TYPES, type ContentBlob, type ContentType } from '../types';
import { unpackContentMemory } from './contentMemory';
import { unpackEventMemory } from './eventMemory';
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
import {
	STORED_VERSION,
	type StoredBackOff,
	type StoredBlob,
	type StoredCheckpoint,
	type StoredRange,
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
		// What JavaScript says of a value of the wrong kind helps nobody.
		const reason = error instanceof Damage || error instanceof RangeError ? error.message : 'a value has another form than it was stored in';
		return { problem: `It is damaged (${reason}).` };
	}
}

function decode(stored: StoredCheckpoint): Checkpoint {
	if (stored.version !== STORED_VERSION) throw new Damage('no format number');
	const state = createCheckpoint(time(stored.savedMs));
	state.unstored = 'nothing';
	state.counts = stored.counts === 'blobs' ? 'blobs' : 'events';
	state.sequence = count(stored.sequence);
	for (const [contentType, type] of Object.entries(stored.types)) {
		if (!(CONTENT_TYPES as readonly string[]).includes(contentType)) {
			throw new Damage('an unknown content type');
		}
		state.types.set(contentType as ContentType, decodeType(contentType as ContentType, type));
	}
	state.seenEvents = unpackEventMemory(stored.seenEvents);
	state.failedBatches = new Map(
		stored.failedBatches.map(([number, batch]) => [count(number), decodeBatch(batch)]),
	);
	for (const { batch } of [...state.types.values()].flatMap(rangesOf)) {
		if (batch === undefined || state.failedBatches.has(batch)) continue;
		throw new Damage('a batch is missing');
	}
	state.nextBatch = count(stored.nextBatch);
	if ([...state.failedBatches.keys()].some((number) => number >= state.nextBatch)) {
		throw new Damage('a batch has a number that is still to be given');
	}
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
	if (type.rememberedMs > type.finalMs) throw new Damage('more is listed again than is remembered');
	if (stored.freshUntilMs !== undefined) type.freshUntilMs = time(stored.freshUntilMs);
	type.settled = unpackContentMemory(stored.settled);
	for (const blob of stored.open) {
		const open = decodeBlob(contentType, blob);
		type.open.set(open.blob.contentId, open);
	}
	type.listing = decodeBackOff(stored.listing);
	type.reading = decodeBackOff(stored.reading);
	if (stored.subscribed === true) type.subscribed = true;
	if (stored.missing === true) type.missing = true;
	if (stored.reported !== undefined) type.reported = text(stored.reported);
	return type;
}

function decodeBlob(contentType: ContentType, stored: StoredBlob): OpenBlob {
	const [contentId, created, expires, listedMs, reading, ranges, undated] = stored;
	if (!isContentId(contentId)) throw new Damage('no content ID');
	const [createdMs, contentCreated] = decodeTime(created);
	const blob: ContentBlob = { contentType, contentId, contentCreated, createdMs };
	if (undated === 1) blob.undated = true;
	if (expires !== null) [blob.expiresMs, blob.contentExpiration] = decodeTime(expires);
	return {
		blob,
		ranges: decodeRanges(ranges),
		reading: decodeBackOff(reading),
		listedMs: time(listedMs),
		touched: true,
	};
}

/** In order and apart, as they are cut; only the last may have no end. */
function decodeRanges(stored: StoredRange[]): EventRange[] {
	if (stored.length === 0) throw new Damage('a blob without events to deliver');
	let end: number | null = 0;
	return stored.map(([from, to, batch]) => {
		if (end === null || count(from) < end || (to !== null && count(to) < from)) {
			throw new Damage('events of a blob are out of order');
		}
		end = to;
		return batch === undefined ? { from, to } : { from, to, batch: count(batch) };
	});
}

function decodeBatch({ attempts, failures, notBeforeMs, lastTriedMs, suspect }: FailedBatch): FailedBatch {
	return {
		attempts: count(attempts),
		failures: count(failures),
		notBeforeMs: time(notBeforeMs),
		lastTriedMs: time(lastTriedMs),
		suspect: suspect === true,
	};
}

function decodeTime(stored: number | string): [ms: number, text: string] {
	if (typeof stored === 'number') return [time(stored), new Date(stored).toISOString()];
	const blank = stored.indexOf(' ');
	const [ms, told] = [time(Number(stored.slice(0, blank))), stored.slice(blank + 1)];
	if (parseUtc(told) !== ms) throw new Damage('a time has two values');
	return [ms, told];
}

function decodeBackOff([failures, notBeforeMs]: StoredBackOff): BackOff {
	return { failures: count(failures), notBeforeMs: time(notBeforeMs) };
}

function time(value: number): number {
	if (!isTime(value)) throw new Damage('a time is missing');
	return value;
}

function count(value: number): number {
	if (!Number.isSafeInteger(value) || value < 0) throw new Damage('a number is missing');
	return value;
}

function text(value: string): string {
	if (typeof value !== 'string') throw new Damage('a text is missing');
	return value;
}

/** What is wrong, in words for the user. */
class Damage extends Error {}
