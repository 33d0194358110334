import type { ContentType } from '../types';
import type { StoredContentMemory } from './contentMemory';
import type { Counts, FailedBatch } from './state';

export const STORED_VERSION = 1;

export type StoredBackOff = [failures: number, notBeforeMs: number];
export type StoredRange = [from: number, to: number | null, batch?: number];

/** contentId, contentCreated and contentExpiration: text if it is not plain ISO, else milliseconds. */
export type StoredBlob = [
	contentId: string,
	created: number | string,
	expires: number | string | null,
	listedMs: number,
	reading: StoredBackOff,
	ranges: StoredRange[],
	undated?: 1,
];

export interface StoredType {
	startMs: number;
	listedUpToMs: number;
	dayListedMs: number;
	/** Absent when it is over. */
	freshUntilMs?: number;
	rememberedMs: number;
	settled: StoredContentMemory;
	open: StoredBlob[];
	listing: StoredBackOff;
	reading: StoredBackOff;
	subscribed?: boolean;
	missing?: boolean;
	reported?: string;
}

/** What n8n keeps: plain JSON. */
export interface StoredCheckpoint {
	version: number;
	/** Absent: events. */
	counts?: Counts;
	sequence: number;
	savedMs: number;
	types: Partial<Record<ContentType, StoredType>>;
	seenEvents: string;
	failedBatches: Array<[number, FailedBatch]>;
	nextBatch: number;
	destination: StoredBackOff;
	startNotBeforeMs: number;
}

/** What n8n's database gets of it. */
export function bytesOf(stored: unknown): number {
	return Buffer.byteLength(JSON.stringify(stored));
}
