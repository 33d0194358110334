import { MINUTE_MS } from './time';

/**
 * When may the next request of a tenant start? Pure: every function takes the time and changes only the policy it is given.
 *
 * Three limits, all of which must allow it:
 * - the quota: at most N starts within any 60 seconds, counted exactly (a sliding log), so that it holds whether the server
 *   counts fixed or sliding minutes. N starts at the user's setting, shrinks to what was really allowed when the server
 *   throttles, and grows back.
 * - concurrency: 1 until the first answer (it settles the token), then doubling while answers are good, halved on throttling
 *   (additive increase, multiplicative decrease, as in RFC 5681). n8n opens a connection per request, so concurrency is what
 *   hides latency.
 * - a pause for everybody while the server has asked to wait.
 */
export interface GovernorPolicy {
	maxConcurrency: number;
	/** The user's setting, and what it has been lowered to. */
	maxPerMinute: number;
	perMinute: number;
	concurrency: number;
	slowStart: boolean;
	inFlight: number;
	pausedUntilMs: number;
	/** Start times within the last minute, oldest first. */
	starts: number[];
	/** Answers to requests that started before this say nothing about the new limit. */
	decreasedAtMs: number;
	/** When the quota was last lowered or raised. */
	quotaChangedAtMs: number;
}

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#api-throttling */
export const BASELINE_PER_MINUTE = 2_000;

/** "Automatic": beyond this n8n's main thread is the limit, not latency. */
export const AUTOMATIC_CONCURRENCY = 50;

const FIRST_STEP = 16;
const QUOTA_WINDOW_MS = MINUTE_MS;
/** Travel times vary: a request counted at the end of our minute may arrive in the server's next. */
const QUOTA_SLACK_MS = 250;

export function createPolicy(options: {
	maxConcurrency: number;
	maxPerMinute: number;
}): GovernorPolicy {
	return {
		...options,
		perMinute: options.maxPerMinute,
		concurrency: 1,
		slowStart: true,
		inFlight: 0,
		pausedUntilMs: 0,
		starts: [],
		decreasedAtMs: -Infinity,
		quotaChangedAtMs: -Infinity,
	};
}

/** Changes the user's settings while requests are under way. */
export function reconfigure(
	policy: GovernorPolicy,
	options: { maxConcurrency: number; maxPerMinute: number },
): void {
	policy.maxConcurrency = options.maxConcurrency;
	// What the server taught stays; workflows with different settings may share the tenant.
	const isLowered = policy.perMinute < policy.maxPerMinute;
	policy.maxPerMinute = options.maxPerMinute;
	policy.perMinute = isLowered ? Math.min(policy.perMinute, options.maxPerMinute) : options.maxPerMinute;
	policy.concurrency = Math.min(policy.concurrency, options.maxConcurrency);
}

/** Milliseconds until the next start is allowed: 0 is now, Infinity is "when a request has ended". */
export function waitForStart(policy: GovernorPolicy, nowMs: number): number {
	if (nowMs < policy.pausedUntilMs) return policy.pausedUntilMs - nowMs;
	if (policy.inFlight >= Math.floor(policy.concurrency)) return Infinity;
	forgetOldStarts(policy, nowMs);
	const surplus = policy.starts.length - policy.perMinute;
	if (surplus < 0) return 0;
	return policy.starts[surplus]! + QUOTA_WINDOW_MS + QUOTA_SLACK_MS - nowMs;
}

function forgetOldStarts(policy: GovernorPolicy, nowMs: number): void {
	const horizon = nowMs - QUOTA_WINDOW_MS - QUOTA_SLACK_MS;
	let old = 0;
	while (old < policy.starts.length && policy.starts[old]! <= horizon) old++;
	if (old > 0) policy.starts.splice(0, old);
}

export function onStart(policy: GovernorPolicy, nowMs: number): void {
	policy.inFlight++;
	policy.starts.push(nowMs);
}

export type Outcome = 'success' | 'fault' | 'throttled' | 'neutral';

/**
 * Takes in how a request ended. `neutral` is an answer that says nothing about load (a refusal, a missing blob).
 *
 * @param pauseMs how long everybody waits after a throttled answer
 */
export function onEnd(
	policy: GovernorPolicy,
	nowMs: number,
	request: { startedMs: number; outcome: Outcome; pauseMs?: number },
): void {
	policy.inFlight--;
	const isNews = request.startedMs > policy.decreasedAtMs;
	if (request.outcome === 'success') {
		grow(policy, nowMs);
	} else if (request.outcome === 'neutral' && isFirstAnswer(policy)) {
		policy.concurrency = Math.min(policy.maxConcurrency, FIRST_STEP);
	} else if (request.outcome === 'fault' && isNews) {
		decrease(policy, nowMs, 0.75);
	} else if (request.outcome === 'throttled') {
		policy.pausedUntilMs = Math.max(policy.pausedUntilMs, nowMs + (request.pauseMs ?? 0));
		if (isNews) {
			lowerQuota(policy, nowMs);
			decrease(policy, nowMs, 0.5);
		}
	}
}

function grow(policy: GovernorPolicy, nowMs: number): void {
	const step = policy.slowStart ? 1 : 1 / policy.concurrency;
	const grown = isFirstAnswer(policy) ? FIRST_STEP : policy.concurrency + step;
	policy.concurrency = Math.min(policy.maxConcurrency, grown);
	if (policy.perMinute < policy.maxPerMinute && nowMs - policy.quotaChangedAtMs > QUOTA_WINDOW_MS) {
		policy.perMinute = Math.min(policy.maxPerMinute, Math.ceil(policy.perMinute * 1.1));
		policy.quotaChangedAtMs = nowMs;
	}
}

function isFirstAnswer(policy: GovernorPolicy): boolean {
	return policy.slowStart && policy.concurrency === 1;
}

function decrease(policy: GovernorPolicy, nowMs: number, factor: number): void {
	policy.slowStart = false;
	policy.concurrency = Math.max(1, policy.concurrency * factor);
	policy.decreasedAtMs = nowMs;
}

/** What was started within the last minute was too much. A few requests prove nothing: then others use the quota up. */
function lowerQuota(policy: GovernorPolicy, nowMs: number): void {
	forgetOldStarts(policy, nowMs);
	const allowed = Math.floor(policy.starts.length * 0.95);
	policy.perMinute = Math.max(Math.ceil(policy.maxPerMinute * 0.1), Math.min(policy.perMinute, allowed));
	policy.quotaChangedAtMs = nowMs;
}
