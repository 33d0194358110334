import { fingerprint } from './fingerprint';
import { packSet, unpackSet } from './packedSet';

/** Width of a bucket: what is forgotten together. */
const BUCKET_MS = 15 * 60_000;

/**
 * Which content blobs are settled: delivered, or reported as lost. Buckets by `contentCreated`, because that is the
 * clock of the checkpoint, and what is remembered may only be forgotten by the clock that decides what is listed again.
 */
export type ContentMemory = Map<number, Set<string>>;

/** Stored form: bucket number -> [count, packed fingerprints]. */
export type StoredContentMemory = Record<string, [count: number, packed: string]>;

function bucketOf(createdMs: number): number {
	return Math.floor(createdMs / BUCKET_MS);
}

/** Also content that was settled when its time could not be read. */
export function hasContent(memory: ContentMemory, contentId: string, createdMs: number): boolean {
	if (memory.get(bucketOf(createdMs))?.has(fingerprint(contentId))) return true;
	return hasContentOfAnyTime(memory, settledUndated(contentId));
}

/** Stands beside the contentId, so that a time that can be read at last does not make it another. */
function settledUndated(contentId: string): string {
	return `undated ${contentId}`;
}

/** @param latestMs the newest that the content can be, so that it is not forgotten while it may be listed */
export function addUndatedContent(memory: ContentMemory, contentId: string, latestMs: number): void {
	addContent(memory, contentId, latestMs);
	addContent(memory, settledUndated(contentId), latestMs);
}

/** For content of which nobody knows when it was created. */
export function hasContentOfAnyTime(memory: ContentMemory, contentId: string): boolean {
	const print = fingerprint(contentId);
	return [...memory.values()].some((values) => values.has(print));
}

export function addContent(memory: ContentMemory, contentId: string, createdMs: number): void {
	const bucket = bucketOf(createdMs);
	const values = memory.get(bucket);
	if (values) values.add(fingerprint(contentId));
	else memory.set(bucket, new Set([fingerprint(contentId)]));
}

/** Forgets the buckets that lie wholly before `beforeMs`. */
export function forgetContentBefore(memory: ContentMemory, beforeMs: number): void {
	for (const bucket of memory.keys()) {
		if ((bucket + 1) * BUCKET_MS <= beforeMs) memory.delete(bucket);
	}
}

/** End of the oldest bucket in milliseconds, or Infinity if nothing is remembered. */
export function oldestBucketEnd(memory: ContentMemory): number {
	let oldest = Infinity;
	for (const bucket of memory.keys()) oldest = Math.min(oldest, bucket);
	return (oldest + 1) * BUCKET_MS;
}

/** Buckets only grow, and most of them are at rest: their packed form is kept. */
const packedBuckets = new WeakMap<Set<string>, [count: number, packed: string]>();

function packBucket(values: Set<string>): [count: number, packed: string] {
	let packed = packedBuckets.get(values);
	if (packed?.[0] !== values.size) packedBuckets.set(values, (packed = packSet(values)));
	return packed;
}

/** Number, count and punctuation of one bucket. */
const BUCKET_BYTES = 24;

function bucketBytes(values: Set<string>): number {
	return packBucket(values)[1].length + BUCKET_BYTES;
}

/** What the stored form takes, at most. */
export function contentBytes(memory: ContentMemory): number {
	let bytes = 0;
	for (const values of memory.values()) bytes += bucketBytes(values);
	return bytes;
}

/** The stored forms of several memories; if `room` is too small for all of their buckets, of the newest. */
export function packContentMemories(memories: ContentMemory[], room: number): StoredContentMemory[] {
	const buckets = memories
		.flatMap((memory, index) => [...memory].map(([bucket, values]) => ({ index, bucket, values })))
		.sort((a, b) => b.bucket - a.bucket);
	const packed: StoredContentMemory[] = memories.map(() => ({}));
	let left = room;
	for (const { index, bucket, values } of buckets) {
		left -= bucketBytes(values);
		if (left < 0) break;
		packed[index]![bucket] = packBucket(values);
	}
	return packed;
}

/** Throws RangeError if a bucket is damaged. */
export function unpackContentMemory(stored: StoredContentMemory): ContentMemory {
	return new Map(
		Object.entries(stored).map(([bucket, [count, packed]]) => {
			// What is under no number would never be forgotten.
			if (!/^-?\d{1,12}$/.test(bucket)) throw new RangeError('remembered content without a time');
			return [Number(bucket), unpackSet(count, packed)];
		}),
	);
}
