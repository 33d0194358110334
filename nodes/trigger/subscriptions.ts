import { markUnstored } from '../feed/checkpoint/state';
import { attempt } from '../feed/attempt';
import type { FeedFailure } from '../feed/failure';
import { startMissing, type SubscriptionSource } from '../feed/subscriptions';
import { HOUR_MS, MINUTE_MS } from '../feed/time';
import type { ContentType, Runtime } from '../feed/types';
import type { Session } from './collector/types';

/** How often the list of subscriptions is looked at while all is well. */
const CHECK_EVERY_MS = HOUR_MS;

/** Starts are limited to one in 15 minutes; the wait that Microsoft names is honoured where there is one. */
const START_WAIT_MS = 15 * MINUTE_MS;

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
	/** Types that were seen enabled by this process. */
	enabled: Set<ContentType>;
}

export function newSubscriptionState(): SubscriptionState {
	return { checkedMs: -Infinity, enabled: new Set() };
}

/** True if it is time to look, or a type cannot be listed and starts are allowed again. */
export function isCheckDue(session: Session, known: SubscriptionState, nowMs: number): boolean {
	if (nowMs < session.state.startNotBeforeMs) return false;
	const failing = [...session.state.types.values()].some(({ listing }) => listing.failures > 0);
	return failing || nowMs - known.checkedMs >= CHECK_EVERY_MS;
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
	const results = await startMissing(stoppingAtThrottle(source), types, runtime.now());
	known.checkedMs = runtime.now();
	for (const { contentType, alreadyEnabled, failure } of results) {
		if (failure?.kind === 'throttled') {
			session.state.startNotBeforeMs = runtime.now() + (failure.retryAfterMs ?? START_WAIT_MS);
			markUnstored(session.state, 'settled');
		} else if (failure) {
			news.failures.push({ contentType, failure });
		} else {
			if (!alreadyEnabled) {
				(known.enabled.has(contentType) ? news.restarted : news.started).push(contentType);
				allowListing(session, contentType);
			}
			known.enabled.add(contentType);
		}
	}
	return news;
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
