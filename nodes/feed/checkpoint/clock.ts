import { DAY_MS, HOUR_MS } from '../time';
import { endWaits } from './backOff';
import { CLOCK_SKEW_MS } from './listingPlan';
import { markUnstored, type Checkpoint, type TypeState } from './state';

/**
 * To be called before a poll works with the checkpoint. A clock that was ahead and has been set back leaves times behind that are
 * still to come: what is said to be listed has not been, and waits would last until the clock has caught up. So that nothing is
 * lost, the overlap is taken from now; in return, content of that time may come twice. Less than the clocks may differ anyway
 * is covered by the margin that every listing has.
 *
 * @returns true if the clock was set back: passes that are under way are void then
 */
export function heedClock(state: Checkpoint, nowMs: number, overlapMs: number): boolean {
	const wasSetBack = nowMs < state.clockMs - CLOCK_SKEW_MS;
	state.clockMs = nowMs;
	if (!wasSetBack) return false;
	endWaits(state);
	state.startNotBeforeMs = Math.min(state.startNotBeforeMs, nowMs + HOUR_MS);
	state.storedMs = Math.min(state.storedMs, nowMs);
	for (const type of state.types.values()) setBack(type, nowMs, overlapMs);
	markUnstored(state, 'settled');
	return true;
}

function setBack(type: TypeState, nowMs: number, overlapMs: number): void {
	// It was "now" by the clock that was ahead.
	type.startMs = Math.min(type.startMs, nowMs);
	type.finalMs = Math.max(type.startMs, Math.min(type.finalMs, nowMs - overlapMs - CLOCK_SKEW_MS));
	type.frontierMs = Math.max(type.finalMs, Math.min(type.frontierMs, nowMs));
	type.rememberedMs = Math.min(type.rememberedMs, type.finalMs);
	// Which is listed at once, and the overlap with it.
	type.dayListedMs = Math.min(type.dayListedMs, nowMs - DAY_MS);
}
