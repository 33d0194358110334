import { DAY_MS } from '../time';
import { packContentMemory } from './contentMemory';
import { packEventMemory } from './eventMemory';
import { forgetSettledBlobs } from './forget';
import { watermark } from './recordListing';
import type { BackOff, Checkpoint, OpenBlob, TypeState } from './state';
import {
	STORED_VERSION,
	type StoredBackOff,
	type StoredBlob,
	type StoredCheckpoint,
	type StoredType,
} from './storedCheckpoint';

/** Untouched blobs are stored too when they come near the end of the seven days in which they can be listed. */
const SOON_UNLISTED_MS = 6.5 * DAY_MS;
const MAX_STORED_UNTOUCHED = 100;

/** Also forgets what no longer has to be remembered. */
export function encodeCheckpoint(state: Checkpoint, nowMs: number): StoredCheckpoint {
	const types = [...state.types.values()];
	const stored = new Map(types.map((type) => [type, storedBlobs(type, nowMs)]));
	const upTo = new Map(types.map((type) => [type, watermarkOf(type, stored.get(type) ?? [])]));
	forgetSettledBlobs(upTo);
	return {
		version: STORED_VERSION,
		counts: state.counts,
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
		...(type.subscribed ? { subscribed: true } : {}),
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
