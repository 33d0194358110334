import type { FailureDetails } from './failure';
import { MINUTE_MS, SECOND_MS } from './time';

/** How often one request is tried in all, by what went wrong; kinds that are not listed are not repeated. */
const MAX_ATTEMPTS: Partial<Record<FailureDetails['kind'], number>> = {
	throttled: 8,
	transient: 5,
	unreadable: 4,
};

/** Without a Retry-After: long enough for a part of the minute's quota to come back. */
const THROTTLE_BASE_MS = 10 * SECOND_MS;
const TRANSIENT_BASE_MS = SECOND_MS;
const MAX_BACKOFF_MS = 2 * MINUTE_MS;

/** A server may ask for a year; a workflow that waits longer than this for one request looks dead. */
export const MAX_RETRY_AFTER_MS = 5 * MINUTE_MS;

/**
 * May the request be repeated, and after how long? Exponential back-off with jitter between half and the whole of it; a wait
 * that the server asked for is kept in full, up to five minutes. Pure.
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
	const base = failure.kind === 'throttled' ? THROTTLE_BASE_MS : TRANSIENT_BASE_MS;
	const backoff = Math.min(MAX_BACKOFF_MS, base * 2 ** (attempt - 1)) * (0.5 + random / 2);
	if (failure.retryAfterMs === undefined) return backoff;
	// All who wait would otherwise come back in the same millisecond.
	const spread = random * SECOND_MS;
	return Math.min(MAX_RETRY_AFTER_MS, failure.retryAfterMs) + spread;
}
