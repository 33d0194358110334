import { DAY_MS, HOUR_MS } from '../time';
import { retentionEdge } from '../windows';
import { endWaits } from './backOff';
import { CLOCK_SKEW_MS } from './listingPlan';
import { markUnstored, type Checkpoint, type OpenBlob, type TypeState } from './state';

/** What is listed again begins so far inside what Microsoft keeps that it is listed before it is too old. */
const EDGE_DISTANCE_MS = HOUR_MS;

/**
 * A clock that was ahead and has been set back leaves times behind that are still to come, and nobody knows since when they are
 * wrong. So nothing is lost: all that Microsoft still lists is listed again, and what is no longer remembered may come twice.
 * Less than the clocks may differ anyway is covered by the margin that every listing has.
 *
 * @param mayRepeat false for a trigger that must deliver nothing twice: it goes on from now, and may miss what it did not list
 * @returns true if the clock was set back: passes that are under way are void then
 */
export function heedCheckpointClock(state: Checkpoint, nowMs: number, mayRepeat: boolean): boolean {
	const setBackMs = state.clockMs - nowMs;
	state.clockMs = nowMs;
	if (setBackMs <= CLOCK_SKEW_MS) return false;
	endWaits(state);
	state.startNotBeforeMs = Math.min(state.startNotBeforeMs, nowMs + HOUR_MS);
	state.storedMs = Math.min(state.storedMs, nowMs);
	for (const batch of state.failedBatches.values()) batch.lastTriedMs = Math.min(batch.lastTriedMs, nowMs);
	for (const type of state.types.values()) {
		// It may have been "now" by the clock that was ahead.
		type.startMs -= setBackMs;
		const listedAgainMs = mayRepeat ? retentionEdge(nowMs) + EDGE_DISTANCE_MS : nowMs;
		setBack(type, nowMs, Math.max(type.startMs, listedAgainMs));
	}
	markUnstored(state, 'settled');
	return true;
}

function setBack(type: TypeState, nowMs: number, listedUpToMs: number): void {
	type.finalMs = Math.min(type.finalMs, listedUpToMs);
	type.frontierMs = type.finalMs;
	type.rememberedMs = Math.min(type.rememberedMs, type.finalMs);
	delete type.unending;
	delete type.unread;
	// Which is listed at once, and the overlap with it.
	type.dayListedMs = Math.min(type.dayListedMs, nowMs - DAY_MS);
	type.overlapListedMs = Math.min(type.overlapListedMs, nowMs);
	if (type.freshUntilMs !== undefined) type.freshUntilMs = Math.min(type.freshUntilMs, nowMs + DAY_MS);
	for (const open of type.open.values()) setOpenBack(open, nowMs);
}

function setOpenBack(open: OpenBlob, nowMs: number): void {
	open.listedMs = Math.min(open.listedMs, nowMs);
	if (open.goneSinceMs !== undefined) open.goneSinceMs = Math.min(open.goneSinceMs, nowMs);
}
