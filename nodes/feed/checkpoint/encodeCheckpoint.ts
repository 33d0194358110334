import { packContentMemories, type StoredContentMemory } from './contentMemory';
import { packEventMemory } from './eventMemory';
import { forgetSettledBlobs } from './forget';
import { watermark } from './recordListing';
import type { Checkpoint, TypeState } from './state';
import { encodeBackOff, storedBlobs, type StoredOpen } from './storedBlobs';
import { bytesOf, STORED_VERSION, type StoredCheckpoint, type StoredType } from './storedCheckpoint';

/**
 * n8n writes all static data of a workflow into one field of its database at each hand-over. Together with the copy of the
 * times and what was set aside (staticData.ts) it stays within 256 KB.
 */
export const MAX_CHECKPOINT_BYTES = 250 * 1024;

/**
 * What n8n is to keep. Also forgets what no longer has to be remembered.
 *
 * Never more than {@link MAX_CHECKPOINT_BYTES}, whatever happened: first comes what a restart cannot do without (times,
 * event Ids), then open blobs up to a limit of their own (storedBlobs.ts), and settled blobs get the rest. What has no room is
 * never lost, because the watermark lies before it (invariant 3); it may come twice, if the process ends.
 */
export function encodeCheckpoint(state: Checkpoint, nowMs: number): StoredCheckpoint {
	const types = [...state.types.values()];
	const open = storedBlobs(state, nowMs);
	const upTo = new Map(types.map((type) => [type, watermark(type, (each) => open.blobs.has(each))]));
	const stored = encodeAround(state, nowMs, upTo, open);
	const room = MAX_CHECKPOINT_BYTES - bytesOf(stored);
	forgetSettledBlobs(upTo, room);
	const settled = packContentMemories(
		types.map((type) => type.settled),
		room,
	);
	[...upTo].forEach(([type, listedUpToMs], index) => {
		stored.types[type.contentType] = encodeType(type, nowMs, listedUpToMs, open, settled[index]!);
	});
	return stored;
}

/** Everything but the settled blobs. */
function encodeAround(
	state: Checkpoint,
	nowMs: number,
	upTo: Map<TypeState, number>,
	open: StoredOpen,
): StoredCheckpoint {
	return {
		version: STORED_VERSION,
		counts: state.counts,
		sequence: state.sequence,
		// A clock that is being set back under a poll has to be noticed after a restart, too.
		savedMs: Math.max(nowMs, state.clockMs),
		types: Object.fromEntries(
			[...upTo].map(([type, listedUpToMs]) => [type.contentType, encodeType(type, nowMs, listedUpToMs, open, {})]),
		),
		seenEvents: packEventMemory(state.seenEvents),
		failedBatches: [...open.batches],
		nextBatch: state.nextBatch,
		destination: encodeBackOff(state.destination),
		startNotBeforeMs: state.startNotBeforeMs,
	};
}

function encodeType(
	type: TypeState,
	nowMs: number,
	listedUpToMs: number,
	{ blobs }: StoredOpen,
	settled: StoredContentMemory,
): StoredType {
	return {
		startMs: type.startMs,
		listedUpToMs,
		dayListedMs: type.dayListedMs,
		...(nowMs < (type.freshUntilMs ?? 0) ? { freshUntilMs: type.freshUntilMs } : {}),
		// A blob that lost its room moves the watermark back, and must not be taken for a settled one.
		rememberedMs: Math.min(type.rememberedMs, listedUpToMs),
		settled,
		open: [...type.open.values()].flatMap((each) => {
			const blob = blobs.get(each);
			return blob ? [blob] : [];
		}),
		listing: encodeBackOff(type.listing),
		reading: encodeBackOff(type.reading),
		...(type.subscribed ? { subscribed: true } : {}),
		...(type.missing ? { missing: true } : {}),
		...(type.reported === undefined ? {} : { reported: type.reported }),
	};
}
