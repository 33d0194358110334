import type { Checkpoint, EventRange, FailedBatch, OpenBlob, TypeState } from './state';

/** After this many runs in a row failed, the destination is taken to be down: nothing new is handed out. */
export const FAILURES_UNTIL_DOWN = 3;

/** After this many blobs in a row could not be read, one at a time is tried. */
export const FAILURES_UNTIL_UNREADABLE = 5;

export type NextWork = { kind: 'retry'; batch: number } | { kind: 'fresh' };

/** What this poll is about already. */
export interface Underway {
	/** Number of runs that were begun while everything failed. */
	probing: number;
	/** Failed batches that are running, or of which nothing can be read now. */
	busy: ReadonlySet<number>;
	/** New events: in a prepared batch, perhaps in open blobs, or none that can be read now. */
	fresh: 'ready' | 'untried' | 'none';
	/** What was handed out last was a failed batch: new events have their turn. */
	afterRetry: boolean;
}

export function isDown(state: Checkpoint): boolean {
	return state.destination.failures >= FAILURES_UNTIL_DOWN;
}

/**
 * What may be handed out next.
 *
 * Normally a failed batch whose wait is over and new events take turns: runs may take so long until they fail that one of several
 * failed batches is always due, and new events would wait until they expire. When everything fails, one batch at a time probes, with
 * back-off: the smallest that was not tried alone yet, because there may be an event in every batch that fails by itself. New events
 * take turns with them, the newest first (prepare.ts): all that failed, and what came after it, may fail by itself.
 */
export function nextWork(
	state: Checkpoint,
	nowMs: number,
	runs: Underway,
): NextWork | undefined {
	const hasFresh =
		runs.fresh === 'ready' || (runs.fresh === 'untried' && freshBlobs(state, nowMs).length > 0);
	const waiting = [...state.failedBatches]
		.filter(([number]) => !runs.busy.has(number))
		.sort(([, a], [, b]) => a.lastTriedMs - b.lastTriedMs);
	if (!isDown(state)) {
		const due = waiting.find(([, batch]) => batch.notBeforeMs <= nowMs);
		if (due && !(runs.afterRetry && hasFresh)) return { kind: 'retry', batch: due[0] };
		return hasFresh ? { kind: 'fresh' } : undefined;
	}
	if (runs.probing > 0 || nowMs < state.destination.notBeforeMs) return undefined;
	return probe(state, waiting, hasFresh);
}

function probe(
	state: Checkpoint,
	waiting: Array<[number, FailedBatch]>,
	hasFresh: boolean,
): NextWork | undefined {
	const sizes = batchSizes(state);
	const sizeOf = ([number]: [number, FailedBatch]) => sizes.get(number) ?? 0;
	const [promising] = waiting
		.filter((batch) => batch[1].failures === 0 || sizeOf(batch) > 1)
		.sort((a, b) => sizeOf(a) - sizeOf(b));
	const turn = state.destination.failures % 2 === 0;
	const chosen = turn || !hasFresh ? (promising ?? waiting[0]) : undefined;
	if (chosen) return { kind: 'retry', batch: chosen[0] };
	return hasFresh ? { kind: 'fresh' } : undefined;
}

function batchSizes(state: Checkpoint): Map<number, number> {
	const sizes = new Map<number, number>();
	for (const type of state.types.values()) {
		for (const { ranges } of type.open.values()) {
			for (const { batch, from, to } of ranges) {
				if (batch === undefined) continue;
				sizes.set(batch, (sizes.get(batch) ?? 0) + (to ?? Infinity) - from);
			}
		}
	}
	return sizes;
}

/** The ranges of a failed batch, in the order of blobs and events. */
export function rangesOfBatch(
	state: Checkpoint,
	batch: number,
): Array<{ type: TypeState; open: OpenBlob; range: EventRange }> {
	return openRanges([...state.types.values()], (range) => range.batch === batch);
}

/**
 * Blobs with events that are new to the workflow and may be read now, oldest first. Of a type whose blobs cannot be read
 * at present there is at most one.
 */
export function freshBlobs(state: Checkpoint, nowMs: number): OpenBlob[] {
	const blobs: OpenBlob[] = [];
	for (const type of state.types.values()) {
		if (type.reading.notBeforeMs > nowMs) continue;
		const ready = [...type.open.values()].filter(
			(open) => open.reading.notBeforeMs <= nowMs && open.ranges.some(isFresh),
		);
		// One by one: the arguments of a call have to fit on the stack, and a day of a big tenant does not.
		const chosen = type.reading.failures < FAILURES_UNTIL_UNREADABLE ? ready : probeBlob(type, ready);
		for (const open of chosen) blobs.push(open);
	}
	return blobs.sort(byCreation);
}

export function isFresh(range: EventRange): boolean {
	return range.batch === undefined && !range.taken;
}

/**
 * The blob in trouble that has waited the longest, the oldest new one and the newest take turns: the trouble may be over, or it may be
 * that of a few hours of content, which what came later does not share.
 */
function probeBlob({ reading: { failures } }: TypeState, ready: OpenBlob[]): OpenBlob[] {
	const fresh = ready.filter(({ reading }) => reading.failures === 0).sort(byCreation);
	const troubled = ready
		.filter(({ reading }) => reading.failures > 0)
		.sort((a, b) => a.reading.notBeforeMs - b.reading.notBeforeMs);
	const turns = [troubled[0], fresh[0], fresh[fresh.length - 1]];
	const chosen = turns[failures % turns.length] ?? fresh[0] ?? troubled[0];
	return chosen ? [chosen] : [];
}

function byCreation({ blob: a }: OpenBlob, { blob: b }: OpenBlob): number {
	if (a.createdMs !== b.createdMs) return a.createdMs - b.createdMs;
	return a.contentId < b.contentId ? -1 : 1;
}

function openRanges(types: TypeState[], wanted: (range: EventRange) => boolean) {
	return types.flatMap((type) =>
		[...type.open.values()]
			.sort(byCreation)
			.flatMap((open) => open.ranges.filter(wanted).map((range) => ({ type, open, range }))),
	);
}
