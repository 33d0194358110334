import { recordFailure, resetBackOff } from '../feed/checkpoint/backOff';
import { markUnstored, NO_BACK_OFF, type BackOff, type TypeState } from '../feed/checkpoint/state';
import { attempt } from '../feed/attempt';
import type { FeedFailure } from '../feed/failure';
import { startMissing, type SubscriptionSource } from '../feed/subscriptions';
import { HOUR_MS, MINUTE_MS } from '../feed/time';
import type { ContentType, Runtime } from '../feed/types';
import type { Session } from './collector/types';

/** First content of a new subscription takes up to 12 hours, by Microsoft's documentation. */
const FIRST_CONTENT_MS = 12 * HOUR_MS;

/** How often the list of subscriptions is looked at while all is well. */
const CHECK_EVERY_MS = HOUR_MS;

/** Longest pause after the list could not be had. */
const MAX_LOOK_WAIT_MS = HOUR_MS / 4;

/** Starts are limited to one in 15 minutes; the wait that Microsoft names is honoured where there is one, up to an hour. */
const START_WAIT_MS = 15 * MINUTE_MS;
const MAX_START_WAIT_MS = HOUR_MS;

export interface SubscriptionNews {
	/** Started for the first time here. */
	started: ContentType[];
	/** Had been enabled and was disabled by somebody else; started again. */
	restarted: ContentType[];
	/** Had been enabled, was missing from Microsoft's list and is there again: by a start without an answer, by somebody else, or by itself. */
	reappeared: ContentType[];
	failures: Array<{ contentType: ContentType; failure: FeedFailure }>;
}

/** What is known about subscriptions between polls. */
export interface SubscriptionState {
	checkedMs: number;
	/** Looks that came to nothing: the list was refused, or something was not answered. */
	looking: BackOff;
	/** Starts wait for Microsoft's throttle: what is missing until then is being mended. */
	throttledUntilMs: number;
	/** Why a type could not be started, as last told. */
	told: Map<ContentType, string>;
}

export function newSubscriptionState(): SubscriptionState {
	return { checkedMs: -Infinity, looking: { ...NO_BACK_OFF }, throttledUntilMs: 0, told: new Map() };
}

/** True if it is time to look, or a type cannot be listed and starts are allowed again. */
export function isCheckDue(session: Session, known: SubscriptionState, nowMs: number): boolean {
	if (nowMs < session.state.startNotBeforeMs || isWaiting(known.looking, nowMs)) return false;
	const failing = [...session.state.types.values()].some(({ listing }) => listing.failures > 0);
	const sinceMs = nowMs - known.checkedMs;
	// Our clock may have been set back.
	return failing || sinceMs >= CHECK_EVERY_MS || sinceMs < 0;
}

function isWaiting({ notBeforeMs }: BackOff, nowMs: number): boolean {
	return nowMs < notBeforeMs && notBeforeMs <= nowMs + MAX_LOOK_WAIT_MS;
}

/**
 * Starts what is missing: at most until the first refusal for too many starts, whose wait is remembered in the checkpoint.
 *
 * @throws FeedFailure if the list cannot be read
 */
export async function keepStarted(
	source: SubscriptionSource,
	session: Session,
	known: SubscriptionState,
	runtime: Pick<Runtime, 'now'>,
): Promise<SubscriptionNews> {
	const types = [...session.state.types.keys()];
	const news: SubscriptionNews = { started: [], restarted: [], reappeared: [], failures: [] };
	// Until it has come to its end. After growing pauses, not with every poll: each would wait for an answer that does not come.
	recordFailure(known.looking, runtime.now(), MAX_LOOK_WAIT_MS);
	const results = await startMissing(stoppingAtThrottle(source), types, runtime.now());
	const nowMs = runtime.now();
	for (const { contentType, alreadyEnabled, failure } of results) {
		const type = session.state.types.get(contentType);
		if (!type) continue;
		if (!failure) {
			known.told.delete(contentType);
			noteEnabled(session, type, alreadyEnabled, news, nowMs);
			continue;
		}
		if (!type.missing) markUnstored(session.state, 'settled');
		type.missing = true;
		if (isUnanswered(failure)) continue;
		waitAfter(session, known, failure, nowMs);
		if (failure.kind !== 'throttled') news.failures.push({ contentType, failure });
	}
	if (!results.some(({ failure }) => failure && isUnanswered(failure))) {
		known.checkedMs = nowMs;
		resetBackOff(known.looking);
	}
	return news;
}

/**
 * Nobody has refused the start, and it may have taken effect. It is all one which of the clocks that end a wait was the first: our
 * patience, the request's own time limit, or the connection's.
 */
function isUnanswered({ kind, status }: FeedFailure): boolean {
	return kind === 'cancelled' || (kind === 'transient' && status === undefined);
}

/** What was missing and is enabled has just been started: by us, by a start of ours whose answer did not come, or by somebody else. */
function noteEnabled(
	{ state }: Session,
	type: TypeState,
	alreadyEnabled: boolean,
	news: SubscriptionNews,
	nowMs: number,
): void {
	if (!alreadyEnabled || type.missing) {
		const again = alreadyEnabled ? news.reappeared : news.restarted;
		(type.subscribed ? again : news.started).push(type.contentType);
		// The pause after failed listings was for the missing subscription.
		type.listing = { ...NO_BACK_OFF };
		type.freshUntilMs = nowMs + FIRST_CONTENT_MS;
		delete type.missing;
		markUnstored(state, 'times');
	}
	if (!type.subscribed) {
		type.subscribed = true;
		markUnstored(state, 'times');
	}
}

/** No start on every poll: each counts against Microsoft's limit, the refused ones too. */
function waitAfter(session: Session, known: SubscriptionState, failure: FeedFailure, nowMs: number): void {
	const throttled = failure.kind === 'throttled';
	const askedMs = Math.min(failure.retryAfterMs ?? START_WAIT_MS, MAX_START_WAIT_MS);
	const waitMs = throttled ? askedMs : failure.kind === 'transient' ? START_WAIT_MS : HOUR_MS;
	session.state.startNotBeforeMs = Math.max(session.state.startNotBeforeMs, nowMs + waitMs);
	if (throttled) known.throttledUntilMs = nowMs + waitMs;
	markUnstored(session.state, 'settled');
}

/** One refusal for too many starts holds for all types: no more are sent. */
function stoppingAtThrottle(source: SubscriptionSource): SubscriptionSource {
	let refusal: FeedFailure | undefined;
	return {
		listSubscriptions: async () => await source.listSubscriptions(),
		async startSubscription(contentType, webhook) {
			if (refusal) throw refusal;
			const start = await attempt(
				async () => await source.startSubscription(contentType, webhook),
			);
			if (start.ok) return start.value;
			if (start.failure.kind === 'throttled') refusal = start.failure;
			throw start.failure;
		},
	};
}
