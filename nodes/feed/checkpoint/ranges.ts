import { addContent, addUndatedContent } from './contentMemory';
import { markUnstored, type Checkpoint, type EventRange, type OpenBlob, type TypeState } from './state';

/** Events of one blob that are handed out together; their end is known because the blob has been read. */
export interface TakenRange {
	open: OpenBlob;
	range: EventRange & { to: number };
}

/** How many events the blob has at least, by what was read of it before. */
export function knownLength({ length = 0, ranges }: OpenBlob): number {
	// What begins behind the first event is the rest of a blob that had one there.
	return Math.max(length, ...ranges.map(({ from, to }) => to ?? (from > 0 ? from + 1 : 0)));
}

/** Cuts `range` at `at`; the part behind it becomes a range of its own, and is returned. */
export function cutRange(open: OpenBlob, range: EventRange, at: number): EventRange {
	const rest: EventRange = { ...range, from: at };
	range.to = at;
	open.ranges.splice(open.ranges.indexOf(range) + 1, 0, rest);
	return rest;
}

/** Removes a range that is delivered, empty or given up; a blob without ranges is settled. */
export function closeRange(
	state: Checkpoint,
	type: TypeState,
	open: OpenBlob,
	range: EventRange,
): void {
	const index = open.ranges.indexOf(range);
	// A run may end after its ranges were replaced (counting.ts).
	if (index < 0) return;
	open.ranges.splice(index, 1);
	open.touched = true;
	markUnstored(state, 'settled');
	if (open.ranges.length === 0) settle(state, type, open);
}

/** The blob is done with: delivered, or lost and reported. */
export function settle(state: Checkpoint, type: TypeState, open: OpenBlob): void {
	const { contentId, createdMs, undated } = open.blob;
	type.open.delete(contentId);
	if (undated) addUndatedContent(type.settled, contentId, Math.max(createdMs, open.listedMs));
	else if (createdMs >= type.rememberedMs) addContent(type.settled, contentId, createdMs);
	markUnstored(state, 'settled');
}
