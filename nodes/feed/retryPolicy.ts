import type { FailureDetails } from './failure';
import { MINUTE_MS, SECOND_MS } from './time';

/** How often one request is tried in all, by what went wrong; kinds that are not listed are not repeated. */
const MAX_ATTEMPTS: Partial<Record<FailureDetails['kind'], number>> = {
	throttled: 8,
	transient: 5,
	unreadable: 4,
};

const REPEAT: BackOff = { baseMs: SECOND_MS, maxMs: 2 * MINUTE_MS };

/** A server may ask for a year; a workflow that waits longer than this for one request looks dead. */
export const MAX_RETRY_AFTER_MS = 5 * MINUTE_MS;

/**
 * May the request be repeated, and after how long? A throttled one needs no wait of its own: the governor makes everybody
 * wait, and lets those in first that were refused. Pure.
 *
 * @param attempt how often it was tried, 1 or more
 * @param random 0 <= x < 1
 * @returns milliseconds, or undefined for "give up"
 */
export function decideRetry(
	failure: Pick<FailureDetails, 'kind' | 'retryAfterMs'>,
	attempt: number,
	random: number,
): number | undefined {
	if (attempt >= (MAX_ATTEMPTS[failure.kind] ?? 1)) return undefined;
	return failure.kind === 'throttled' ? 0 : backOff(REPEAT, attempt, random, failure.retryAfterMs);
}

export interface BackOff {
	baseMs: number;
	maxMs: number;
}

/**
 * How long to wait before the next attempt: exponential, with jitter between half and the whole of it. A wait that the server
 * asked for is kept in full, up to five minutes.
 *
 * @param attempt 1 after the first that failed
 * @param random 0 <= x < 1
 * @returns milliseconds
 */
export function backOff(
	{ baseMs, maxMs }: BackOff,
	attempt: number,
	random: number,
	retryAfterMs?: number,
): number {
	// All who wait would otherwise come back in the same millisecond.
	if (retryAfterMs !== undefined) return Math.min(MAX_RETRY_AFTER_MS, retryAfterMs) + random * SECOND_MS;
	return Math.min(maxMs, baseMs * 2 ** (attempt - 1)) * (0.5 + random / 2);
}
