import { DAY_MS } from '../time';
import type { BackOff, Checkpoint, FailedBatch, OpenBlob } from './state';
import { bytesOf, type StoredBackOff, type StoredBlob, type StoredRange } from './storedCheckpoint';

/** Untouched blobs are stored too when they come near the end of the seven days in which they can be listed. */
const SOON_UNLISTED_MS = 6.5 * DAY_MS;

/** What all of them may take, with the failed batches they belong to: some 500 blobs in trouble. */
const MAX_OPEN_BYTES = 96 * 1024;

/** A blob in more pieces than fit here is stored without its failed batches: its failed events go out as new ones after a restart. */
const MAX_BLOB_BYTES = 4 * 1024;

export interface StoredOpen {
	blobs: Map<OpenBlob, StoredBlob>;
	batches: Map<number, FailedBatch>;
}

/**
 * The open blobs that are stored themselves, oldest first as far as there is room. One without room holds the watermark back
 * instead and is listed again after a restart; only what was known of it is lost then, so that events of it may come twice.
 * The oldest come first because they would hold the watermark back farthest, and are the first that cannot be listed any more.
 */
export function storedBlobs({ types, failedBatches }: Checkpoint, nowMs: number): StoredOpen {
	const stored: StoredOpen = { blobs: new Map(), batches: new Map() };
	const candidates = [...types.values()]
		.flatMap((type) => [...type.open.values()])
		.filter((open) => open.touched || open.blob.createdMs < nowMs - SOON_UNLISTED_MS)
		.sort((a, b) => a.blob.createdMs - b.blob.createdMs);
	let room = MAX_OPEN_BYTES;
	for (const open of candidates) {
		const blob = encodeBlob(open);
		const batches = batchesOf(blob, failedBatches).filter(([number]) => !stored.batches.has(number));
		const bytes = bytesOf(blob) + batches.reduce((sum, batch) => sum + bytesOf(batch), 0);
		if (bytes > room) continue;
		room -= bytes;
		stored.blobs.set(open, blob);
		for (const [number, batch] of batches) stored.batches.set(number, { ...batch });
	}
	return stored;
}

function batchesOf(blob: StoredBlob, failed: Checkpoint['failedBatches']): Array<[number, FailedBatch]> {
	const numbers = new Set(blob[5].flatMap(([, , number]) => number ?? []));
	return [...numbers].flatMap((number) => {
		const batch = failed.get(number);
		return batch ? [[number, batch] satisfies [number, FailedBatch]] : [];
	});
}

function encodeBlob({ blob, ranges, reading, listedMs }: OpenBlob): StoredBlob {
	const encoded: StoredBlob = [
		blob.contentId,
		encodeTime(blob.contentCreated, blob.createdMs),
		blob.contentExpiration === undefined || blob.expiresMs === undefined
			? null
			: encodeTime(blob.contentExpiration, blob.expiresMs),
		listedMs,
		encodeBackOff(reading),
		ranges.map(({ from, to, batch }) => (batch === undefined ? [from, to] : [from, to, batch])),
	];
	if (blob.undated) encoded.push(1);
	if (bytesOf(encoded) > MAX_BLOB_BYTES) encoded[5] = withoutBatches(encoded[5]);
	return encoded;
}

function withoutBatches(ranges: StoredRange[]): StoredRange[] {
	const merged: StoredRange[] = [];
	for (const [from, to] of ranges) {
		const last = merged[merged.length - 1];
		if (last?.[1] === from) last[1] = to;
		else merged.push([from, to]);
	}
	return merged;
}

export function encodeBackOff({ failures, notBeforeMs }: BackOff): StoredBackOff {
	return [failures, notBeforeMs];
}

function encodeTime(text: string, ms: number): number | string {
	return new Date(ms).toISOString() === text ? ms : `${ms} ${text}`;
}
