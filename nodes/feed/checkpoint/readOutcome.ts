import type { FailureKind, FeedFailure } from '../failure';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../time';
import { backOffMs, recordFailure, recordFailureOfMany, resetBackOff } from './backOff';
import { FAILURES_UNTIL_UNREADABLE, isFresh } from './nextWork';
import { closeRange } from './ranges';
import { markUnstored, type Checkpoint, type OpenBlob, type TypeState } from './state';

/** What usually passes. */
const PASSING: ReadonlySet<FailureKind> = new Set(['throttled', 'transient', 'unreadable', 'contentGone']);

const MAX_BLOB_WAIT_MS = 6 * HOUR_MS;
const MAX_TYPE_WAIT_MS = 15 * MINUTE_MS;

/**
 * Content of which Microsoft says for so long, without another answer in between, that it does not exist is given up: many
 * such blobs would otherwise fill the checkpoint until they expire.
 */
const GONE_AFTER_MS = HOUR_MS;

/**
 * That nothing can be read is told when it lasts, a refusal of several blobs sooner than what usually passes; and at most once a day,
 * because something may be read now and then.
 */
const TOLD_AFTER_MS = 5 * HOUR_MS;
const REFUSAL_TOLD_AFTER_MS = 15 * MINUTE_MS;
const TOLD_EVERY_MS = DAY_MS;

/** How long a blob is tried that came without a readable contentExpiration: what Microsoft documents. */
const DEFAULT_LIFE_MS = 7 * DAY_MS;

export function recordRead(state: Checkpoint, type: TypeState, open: OpenBlob, nowMs: number): void {
	// What was under way when the server asked to wait does not end the wait.
	if (type.reading.notBeforeMs <= nowMs) resetBackOff(type.reading);
	delete type.unread;
	if (open.reading.failures > 0) markUnstored(state, 'settled');
	resetBackOff(open.reading);
	delete open.goneSinceMs;
}

/**
 * A blob could not be read. It is tried again with back-off until it expires; other blobs go on meanwhile.
 *
 * @returns `lost` if it has expired, or Microsoft keeps saying that it does not exist: what was left of it is given up, and has to be reported
 */
export function recordUnread(
	state: Checkpoint,
	type: TypeState,
	open: OpenBlob,
	error: FeedFailure,
	nowMs: number,
): 'lost' | 'later' {
	if (error.kind === 'cancelled') return 'later';
	if (error.kind === 'throttled') {
		// Nobody got to look at the blob.
		recordFailureOfMany(type.reading, nowMs, MAX_TYPE_WAIT_MS, error.retryAfterMs);
		type.unread ??= { sinceMs: nowMs };
		return 'later';
	}
	if (saysGone(error)) open.goneSinceMs ??= nowMs;
	else delete open.goneSinceMs;
	const isGone = open.goneSinceMs !== undefined && nowMs - open.goneSinceMs >= GONE_AFTER_MS;
	if (isGone || nowMs >= (open.blob.expiresMs ?? open.listedMs + DEFAULT_LIFE_MS)) {
		endTurn(type, open);
		return lose(state, type, open);
	}
	// That content is gone says nothing about other content, and after an outage of a week there is much that is. A refusal may be
	// for all, or for this one: a proxy that does not like what is in it.
	// As long as nothing else can be read it may not be the blob, and once that is over nobody wants to wait for hours.
	const maxWaitMs = type.unread ? MAX_TYPE_WAIT_MS : MAX_BLOB_WAIT_MS;
	if (saysGone(error)) endTurn(type, open);
	else recordTypeFailure(type, open, nowMs);
	recordFailure(open.reading, nowMs, maxWaitMs, error.retryAfterMs);
	open.touched = true;
	markUnstored(state, 'settled');
	return 'later';
}

/**
 * True once if no content of the type can be read although it is listed, so that somebody should know: soon if several blobs are
 * refused, which will not pass by itself, else after some hours.
 */
export function isNewTrouble(type: TypeState, { kind }: FeedFailure, nowMs: number): boolean {
	const { unread, reading, unreadToldMs: toldMs = -Infinity } = type;
	if (!unread || toldMs >= unread.sinceMs || nowMs - toldMs < TOLD_EVERY_MS) return false;
	// One blob is told when it is lost.
	if (reading.failures < 2) return false;
	const isRefusal = reading.failures >= FAILURES_UNTIL_UNREADABLE && !PASSING.has(kind);
	if (nowMs - unread.sinceMs < (isRefusal ? REFUSAL_TOLD_AFTER_MS : TOLD_AFTER_MS)) return false;
	type.unreadToldMs = nowMs;
	return true;
}

/**
 * Blobs that fail again and again tell nothing about the others, so only first failures count against the type; until it is taken to
 * be unreadable, when each failure is one of the probe.
 */
function recordTypeFailure(type: TypeState, open: OpenBlob, nowMs: number): void {
	type.unread ??= { sinceMs: nowMs };
	const isUnreadable = type.reading.failures >= FAILURES_UNTIL_UNREADABLE;
	if (open.reading.failures > 0 && !isUnreadable) return;
	// What was under way when the wait began says nothing new.
	if (isUnreadable && type.reading.notBeforeMs > nowMs) return;
	type.reading.failures++;
	const tooMany = type.reading.failures - FAILURES_UNTIL_UNREADABLE + 1;
	if (tooMany <= 0) return;
	// A wait that Microsoft asked for may be the longer one.
	const untilMs = nowMs + backOffMs(tooMany, MAX_TYPE_WAIT_MS);
	type.reading.notBeforeMs = Math.max(type.reading.notBeforeMs, untilMs);
}

/**
 * Content that is there no more says nothing about other content, but it had its turn as the probe of an unreadable type: after an
 * outage longer than content lives there may be thousands of it, and what can be read again must not wait behind all that. Content of
 * a failed batch is no probe.
 */
function endTurn({ reading }: TypeState, { ranges }: OpenBlob): void {
	if (reading.failures >= FAILURES_UNTIL_UNREADABLE && ranges.some(isFresh)) reading.failures++;
}

/** Parts of it that a run holds already may still succeed. */
function lose(state: Checkpoint, type: TypeState, open: OpenBlob): 'lost' {
	markUnstored(state, 'urgent');
	for (const range of open.ranges.filter(({ taken }) => !taken)) {
		closeRange(state, type, open, range);
	}
	return 'lost';
}

/** A 404 without one of Microsoft's codes may be a gateway's that knows none of its paths at present: an outage, which passes. */
function saysGone({ kind, code }: FeedFailure): boolean {
	return kind === 'contentGone' && /^AF\d/i.test(code ?? '');
}
