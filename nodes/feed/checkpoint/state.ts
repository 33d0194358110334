import type { ContentBlob, ContentType } from '../types';
import type { ContentMemory } from './contentMemory';
import type { EventMemory } from './eventMemory';

/**
 * The checkpoint of one trigger, as it is worked on in memory; encodeCheckpoint.ts turns it into what n8n keeps.
 *
 * Invariants, for each content type:
 *
 * 1. Every blob with `startMs <= contentCreated < finalMs` that the API listed within the overlap of its contentCreated
 *    has been listed here.
 * 2. A blob that has been listed here is either in `open` or settled, never neither.
 * 3. What is stored covers every open blob: it either lies behind the stored watermark, to be listed again after a
 *    restart, or it is stored itself.
 * 4. Every settled blob with `contentCreated >= rememberedMs` is in `settled`, and no listing starts before `rememberedMs`:
 *    so no settled blob is taken for a new one. Both are measured by contentCreated.
 * 5. What is stored is bounded, whatever happens (encodeCheckpoint.ts). What has no room gives up 4 for the time after a
 *    restart, never 3: it is listed again, and may be delivered again.
 */
export interface Checkpoint {
	/** What the indices of ranges count: events of a blob, or the blob as one thing (`output: reference`). */
	counts: Counts;
	/** Grows with every save: of two copies the one with the greater number is the newer. */
	sequence: number;
	types: Map<ContentType, TypeState>;
	seenEvents: EventMemory;
	/** Batches whose run did not succeed, by number. */
	failedBatches: Map<number, FailedBatch>;
	/** The number that the next failed batch gets. */
	nextBatch: number;
	/** Runs that failed in a row, and when the next may be tried once everything fails. */
	destination: BackOff;
	/** How many new events go into one batch at most (freshSize.ts); undefined: as many as the user wants. Not stored. */
	freshEvents?: number;
	/** No subscription may be started before this time (start throttle). */
	startNotBeforeMs: number;
	/** Our clock when it was last looked at: it may be set back. */
	clockMs: number;
	/** When n8n last stored this checkpoint, as far as is known. */
	storedMs: number;
	/** What has changed since then: `urgent` must not be reported twice or lost, `settled` would be read again. */
	unstored: Unstored;
}

export type Counts = 'events' | 'blobs';

export type Unstored = 'nothing' | 'times' | 'settled' | 'urgent';

export interface BackOff {
	failures: number;
	notBeforeMs: number;
}

export interface TypeState {
	contentType: ContentType;
	/** Nothing that was created before this is delivered. */
	startMs: number;
	/** Invariant 1: listing is complete up to here. */
	finalMs: number;
	/** Up to here content has been listed at least once. Not stored: a restart begins at the watermark. */
	frontierMs: number;
	/**
	 * The subscription was started a short while ago: until then Microsoft may fill in content of the day before the start.
	 */
	freshUntilMs?: number;
	/** How often what begins at `finalMs` could not be listed to its end, while later content could. Not stored. */
	unending?: number;
	/** When the whole overlap was last listed, and when the last 24 hours were. */
	overlapListedMs: number;
	dayListedMs: number;
	/** Invariant 4. */
	rememberedMs: number;
	settled: ContentMemory;
	open: Map<string, OpenBlob>;
	/** Back-off after listings that failed, and after several blobs in a row that could not be read. */
	listing: BackOff;
	reading: BackOff;
	/** Since when no content of it could be read, and when that was last told. Not stored: after a restart it is found out anew. */
	unread?: { sinceMs: number };
	unreadToldMs?: number;
	/** Its subscription was seen enabled: found disabled, somebody else did it. */
	subscribed?: boolean;
	/** It was found not enabled. Our start may have worked all the same: a lost answer tells nothing. */
	missing?: boolean;
	/** What was last reported as wrong with this type, so that it is reported once. */
	reported?: string;
}

/** A blob that has been listed and is not settled. */
export interface OpenBlob {
	blob: ContentBlob;
	/** What of it is still to be delivered, in order. */
	ranges: EventRange[];
	/** Downloads that failed, and when to try again. */
	reading: BackOff;
	/** Since when Microsoft says that it does not exist. Not stored: a restart gives it another hour. */
	goneSinceMs?: number;
	/** How many events it was read with. Not stored: after a restart only what is left of it tells (knownLength). */
	length?: number;
	/** When it was first listed. */
	listedMs: number;
	/** Something is known of it that another listing would not tell (progress, failures): it has to be stored. */
	touched: boolean;
}

/** Events `from` <= index < `to` of a blob; `to` is null until the blob has been read to its end. */
export interface EventRange {
	from: number;
	to: number | null;
	/** The failed batch it belongs to. */
	batch?: number;
	/** Part of a batch that is prepared or running. Not stored: after a restart no run is ours. */
	taken?: boolean;
}

/** A batch to hand out again as it was, until it is halved. Its ranges carry its number. */
export interface FailedBatch {
	/** How often its events were handed out, and how often in this composition. */
	attempts: number;
	failures: number;
	notBeforeMs: number;
	lastTriedMs: number;
	/** Something else succeeded after it failed: the destination works, so it is the batch. */
	suspect: boolean;
}

export const NO_BACK_OFF: Readonly<BackOff> = { failures: 0, notBeforeMs: 0 };

export function createCheckpoint(nowMs: number): Checkpoint {
	return {
		counts: 'events',
		sequence: 0,
		types: new Map(),
		seenEvents: new Set(),
		failedBatches: new Map(),
		nextBatch: 1,
		destination: { ...NO_BACK_OFF },
		startNotBeforeMs: 0,
		clockMs: nowMs,
		storedMs: nowMs,
		unstored: 'urgent',
	};
}

export function createTypeState(
	contentType: ContentType,
	startMs: number,
	nowMs: number,
): TypeState {
	return {
		contentType,
		startMs,
		finalMs: startMs,
		frontierMs: startMs,
		overlapListedMs: 0,
		dayListedMs: nowMs,
		rememberedMs: startMs,
		settled: new Map(),
		open: new Map(),
		listing: { ...NO_BACK_OFF },
		reading: { ...NO_BACK_OFF },
	};
}

/** Brings the content types in line with the node's parameters; a new one starts at `startMs`. */
export function selectTypes(
	state: Checkpoint,
	wanted: readonly ContentType[],
	startMs: number,
	nowMs: number,
): void {
	for (const contentType of [...state.types.keys()]) {
		if (!wanted.includes(contentType)) {
			state.types.delete(contentType);
			markUnstored(state, 'urgent');
		}
	}
	for (const contentType of wanted) {
		if (state.types.has(contentType)) continue;
		state.types.set(contentType, createTypeState(contentType, startMs, nowMs));
		markUnstored(state, 'urgent');
	}
}

const URGENCY: Unstored[] = ['nothing', 'times', 'settled', 'urgent'];

export function markUnstored(state: Checkpoint, what: Unstored): void {
	if (URGENCY.indexOf(what) > URGENCY.indexOf(state.unstored)) state.unstored = what;
}
