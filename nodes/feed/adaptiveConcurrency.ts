/**
 * How many requests may run at the same time. n8n opens a connection per request, so concurrency is what hides latency; and
 * where more of it only makes every answer slower, more is of no use.
 */
export interface AdaptiveConcurrency {
	limit: number;
	/** Until the first refusal or fault each good answer adds one: that doubles it in the time of one answer. */
	slowStart: boolean;
	/** Milliseconds from start to answer, smoothed, and the best of that lately. */
	latencyMs: number;
	bestLatencyMs: number;
}

/** "Automatic": beyond this n8n's main thread is the limit, not latency. */
export const AUTOMATIC_CONCURRENCY = 50;

const FIRST_STEP = 16;

/** So many stay after faults, which need not come from too much load: a few requests that hang must not take every place. */
const LEFT_BY_FAULTS = 4;

/** Answers that take this many times as long as the best ones did: more requests would only queue. */
const SLOWED_DOWN = 2;

const SMOOTHING = 1 / 16;
/** The best latency is forgotten slowly, for networks and servers change: doubled after some 180 answers. */
const FORGETTING = 1 / 256;

export function createConcurrency(max: number): AdaptiveConcurrency {
	return { limit: Math.min(max, FIRST_STEP), slowStart: true, latencyMs: 0, bestLatencyMs: Infinity };
}

/** @param measuredMs within the same millisecond counts as one: a best of nothing would never be met again */
export function takeLatency(concurrency: AdaptiveConcurrency, measuredMs: number): void {
	const { latencyMs: before, bestLatencyMs: best } = concurrency;
	const latencyMs = Math.max(1, measuredMs);
	const smoothed = best === Infinity ? latencyMs : before + (latencyMs - before) * SMOOTHING;
	concurrency.latencyMs = smoothed;
	concurrency.bestLatencyMs = Math.min(smoothed, best * (1 + FORGETTING));
}

/** After a good answer. */
export function grow(concurrency: AdaptiveConcurrency, max: number): void {
	// Fewer than at the beginning queue nowhere, and the best latency may have been a lucky one.
	const isMany = concurrency.limit >= FIRST_STEP;
	if (isMany && concurrency.latencyMs > concurrency.bestLatencyMs * SLOWED_DOWN) return;
	const step = concurrency.slowStart ? 1 : 1 / concurrency.limit;
	concurrency.limit = Math.min(max, concurrency.limit + step);
}

/** After a refusal: multiplicative decrease, then additive increase (RFC 5681). */
export function shrinkAfterRefusal(concurrency: AdaptiveConcurrency): void {
	shrink(concurrency, 0.5, 1);
}

export function shrinkAfterFault(concurrency: AdaptiveConcurrency): void {
	shrink(concurrency, 0.75, Math.min(concurrency.limit, LEFT_BY_FAULTS));
}

function shrink(concurrency: AdaptiveConcurrency, factor: number, least: number): void {
	concurrency.slowStart = false;
	concurrency.limit = Math.max(least, concurrency.limit * factor);
}
