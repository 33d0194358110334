import { recordFailure, resetBackOff } from '../feed/checkpoint/backOff';
import { markUnstored, NO_BACK_OFF, type BackOff } from '../feed/checkpoint/state';
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
	failures: Array<{ contentType: ContentType; failure: FeedFailure }>;
}

/** What is known about subscriptions between polls. */
export interface SubscriptionState {
	checkedMs: number;
	/** Looks that came to nothing: the list was refused, or not answered in time. */
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
	const news: SubscriptionNews = { started: [], restarted: [], failures: [] };
	const looked = await attempt(async () => await startMissing(stoppingAtThrottle(source), types, runtime.now()));
	// After growing pauses, not with every poll: each would wait for an answer that does not come.
	const cutShort = !looked.ok || looked.value.some(({ failure }) => failure?.kind === 'cancelled');
	if (cutShort) recordFailure(known.looking, runtime.now(), MAX_LOOK_WAIT_MS);
	else resetBackOff(known.looking);
	if (!looked.ok) throw looked.failure;
	known.checkedMs = runtime.now();
	for (const { contentType, alreadyEnabled, failure } of looked.value) {
		// There was no time for it; Microsoft has refused nothing.
		if (failure?.kind === 'cancelled') continue;
		if (failure) {
			waitAfter(session, known, failure, runtime.now());
			if (failure.kind !== 'throttled') news.failures.push({ contentType, failure });
			continue;
		}
		known.told.delete(contentType);
		const type = session.state.types.get(contentType);
		if (!alreadyEnabled) {
			(type?.subscribed ? news.restarted : news.started).push(contentType);
			allowListing(session, contentType);
			if (type) type.freshUntilMs = runtime.now() + FIRST_CONTENT_MS;
			markUnstored(session.state, 'times');
		}
		if (type && !type.subscribed) {
			type.subscribed = true;
			markUnstored(session.state, 'times');
		}
	}
	return news;
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

/** The pause after failed listings was for the missing subscription. */
function allowListing(session: Session, contentType: ContentType): void {
	const type = session.state.types.get(contentType);
	if (type) type.listing = { failures: 0, notBeforeMs: 0 };
}
