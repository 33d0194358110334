import { MINUTE_MS } from '../time';
import type { BackOff, Checkpoint } from './state';

/** One minute, doubled with every further failure, up to `maxMs`. */
export function backOffMs(failures: number, maxMs: number): number {
	return Math.min(MINUTE_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 20), maxMs);
}

/** A server may ask for a year; asking again now and then does no harm. */
const MAX_ASKED_WAIT_MS = 30 * MINUTE_MS;

/**
 * A wait that is being kept is never shortened: requests that were under way fail without naming it.
 *
 * @param waitMs what the server asked for, kept up to half an hour
 */
export function recordFailure(backOff: BackOff, nowMs: number, maxMs: number, waitMs = 0): void {
	backOff.failures++;
	const askedMs = Math.min(waitMs, MAX_ASKED_WAIT_MS);
	const untilMs = nowMs + Math.max(askedMs, backOffMs(backOff.failures, maxMs));
	backOff.notBeforeMs = Math.max(backOff.notBeforeMs, untilMs);
}

/**
 * The same where requests run side by side: those that were under way when the wait began are one failure with the one that began it,
 * or a moment's trouble would be waited for as long as hours of it.
 */
export function recordFailureOfMany(backOff: BackOff, nowMs: number, maxMs: number, waitMs = 0): void {
	if (backOff.notBeforeMs <= nowMs) recordFailure(backOff, nowMs, maxMs, waitMs);
	else backOff.notBeforeMs = Math.max(backOff.notBeforeMs, nowMs + Math.min(waitMs, MAX_ASKED_WAIT_MS));
}

export function resetBackOff(backOff: BackOff): void {
	backOff.failures = 0;
	backOff.notBeforeMs = 0;
}

/** Everything that waits may be tried now; how often it failed stays known. */
export function endWaits(state: Checkpoint): void {
	state.destination.notBeforeMs = 0;
	for (const batch of state.failedBatches.values()) batch.notBeforeMs = 0;
	for (const { listing, reading, open } of state.types.values()) {
		for (const wait of [listing, reading, ...[...open.values()].map((each) => each.reading)]) {
			wait.notBeforeMs = 0;
		}
	}
}
