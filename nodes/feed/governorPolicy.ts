import {
	createConcurrency,
	grow,
	shrinkAfterFault,
	shrinkAfterRefusal,
	takeLatency,
	type AdaptiveConcurrency,
} from './adaptiveConcurrency';
import { createArrivalLog, nthLastArrival, recordArrival, recordDeparture, type ArrivalLog } from './arrivalLog';
import { budgetAt, QUOTA_WINDOW_MS, type LearnedQuota } from './learnedQuota';
import { backOff } from './retryPolicy';
import {
	acceptedBetween,
	createStartLog,
	recordRefusal,
	recordStart,
	type StartLog,
} from './startLog';
import { MINUTE_MS, SECOND_MS } from './time';

/**
 * When may the next request of a tenant start? Pure: every function takes the time, which must not go back (steadyTime.ts), and
 * changes only the policy it is given.
 *
 * All of these must allow it:
 * - the pause for everybody while the server has asked to wait; after it, as at the very beginning, one request goes alone
 *   until it is answered (it settles the token, or finds out whether the pause was long enough);
 * - concurrency (adaptiveConcurrency.ts);
 * - the budget: at most N requests within any 60 seconds, counted from the answers of some to the starts of others, so that it
 *   holds however long they travel, and whether the server counts fixed or sliding windows. N is the user's setting; when the
 *   server refuses earlier, what it really allows is learned (learnedQuota.ts);
 * - pace: one budget may be used up in a burst; whoever needs more, or has learned that there is less, spreads it over the
 *   minute. Bursts would shut out other processes that share the quota, and could take a fixed window for one twice as large.
 */
export interface GovernorPolicy {
	settings: GovernorSettings;
	concurrency: AdaptiveConcurrency;
	inFlight: number;
	starts: StartLog;
	arrivals: ArrivalLog;
	learned?: LearnedQuota;
	/** When the next start is due, by the pace. */
	dueMs: number;
	pausedUntilMs: number;
	/** One request is to go alone, or is under way and has not been answered. */
	alone: 'due' | 'sent' | 'no';
	/** Pauses in a row after which the server still refused. */
	refusals: number;
	/** Answers to requests that started before this say nothing new. */
	decreasedAtMs: number;
}

export interface GovernorSettings {
	maxConcurrency: number;
	/** Never exceeded in any 60 seconds, whatever the server allows. */
	maxPerMinute: number;
}

/** So much faster than the budget is the pace, to make up for pauses. */
const PACE = 1.5;

/** Timers are late, and answers come in bunches: what the pace held back in this time may be made up for at once. */
const PACE_TOLERANCE_MS = SECOND_MS;

/** Whoever used up a whole budget in this time has more to do than one burst. */
const LOG_MS = 2 * QUOTA_WINDOW_MS;

/** Pause when the server names none: long enough for a part of the quota to come back, doubled while it does not. */
const PAUSE = { baseMs: 10 * SECOND_MS, maxMs: 2 * MINUTE_MS };

/** So many pauses in a row did not help: who waits is told instead of kept waiting. */
export const MAX_REFUSALS = 8;

export function createPolicy(settings: GovernorSettings): GovernorPolicy {
	return {
		settings,
		concurrency: createConcurrency(settings.maxConcurrency),
		inFlight: 0,
		starts: createStartLog(),
		arrivals: createArrivalLog(),
		dueMs: 0,
		pausedUntilMs: -Infinity,
		alone: 'due',
		refusals: 0,
		decreasedAtMs: -Infinity,
	};
}

/** Changes the user's settings while requests are under way. What the server taught stays. */
export function reconfigure(policy: GovernorPolicy, settings: GovernorSettings): void {
	policy.settings = settings;
	const { concurrency } = policy;
	concurrency.limit = Math.min(concurrency.limit, settings.maxConcurrency);
}

/** Requests that may start within any 60 seconds, at this time. */
export function budget({ learned, settings }: GovernorPolicy, nowMs: number): number {
	return learned ? Math.floor(budgetAt(learned, nowMs, settings.maxPerMinute)) : settings.maxPerMinute;
}

/** Whole milliseconds until the next start is allowed: 0 is now, Infinity is "when a request was answered or has ended". */
export function waitForStart(policy: GovernorPolicy, nowMs: number): number {
	if (nowMs < policy.pausedUntilMs) return Math.ceil(policy.pausedUntilMs - nowMs);
	if (policy.alone === 'sent' || policy.inFlight >= Math.floor(policy.concurrency.limit)) return Infinity;
	const free = budget(policy, nowMs) - policy.arrivals.unanswered;
	if (free <= 0) return Infinity;
	const oldestMs = nthLastArrival(policy.arrivals, free) ?? -Infinity;
	const isPaced = policy.learned !== undefined || nowMs - oldestMs < LOG_MS;
	// Both clocks count whole milliseconds.
	const wait = Math.max(oldestMs + QUOTA_WINDOW_MS + 1 - nowMs, isPaced ? policy.dueMs - nowMs : 0);
	return Math.max(0, Math.ceil(wait));
}

export function onStart(policy: GovernorPolicy, nowMs: number): void {
	policy.inFlight++;
	recordStart(policy.starts, nowMs, nowMs - LOG_MS);
	recordDeparture(policy.arrivals);
	const interval = QUOTA_WINDOW_MS / (PACE * budget(policy, nowMs));
	policy.dueMs = Math.max(policy.dueMs, nowMs - PACE_TOLERANCE_MS) + interval;
	if (policy.alone === 'due') policy.alone = 'sent';
}

/**
 * The server has begun to answer a request well; its body may take long. At most once for a request, and not after its end.
 *
 * @param isContent of a blob: these are many and alike, so that their latency can be compared
 */
export function onAnswer(policy: GovernorPolicy, nowMs: number, startedMs: number, isContent: boolean): void {
	recordArrival(policy.arrivals, nowMs, nowMs - LOG_MS);
	if (isContent) takeLatency(policy.concurrency, nowMs - startedMs);
	accepted(policy, nowMs, startedMs);
}

/**
 * How a request ended that the quota let pass.
 * - `neutral`: with an answer that says nothing about load (no permission, a missing blob).
 * - `fault`: with an answer that promises better if repeated, or with none.
 * - `cancelled`: before its answer, because nobody wanted that any more.
 */
export type Outcome = 'success' | 'neutral' | 'fault' | 'cancelled';

/** @param wasAnswered {@link onAnswer} was told of it */
export function onEnd(
	policy: GovernorPolicy,
	nowMs: number,
	startedMs: number,
	outcome: Outcome,
	wasAnswered = false,
): void {
	policy.inFlight--;
	if (!wasAnswered) recordArrival(policy.arrivals, nowMs, nowMs - LOG_MS);
	if (outcome === 'success' || outcome === 'neutral') accepted(policy, nowMs, startedMs);
	else goAloneAgain(policy);
	if (outcome === 'success') grow(policy.concurrency, policy.settings.maxConcurrency);
	if (outcome === 'fault' && startedMs > policy.decreasedAtMs) {
		shrinkAfterFault(policy.concurrency);
		policy.decreasedAtMs = nowMs;
	}
}

function accepted(policy: GovernorPolicy, nowMs: number, startedMs: number): void {
	const { learned, settings } = policy;
	if (startedMs >= policy.pausedUntilMs) {
		policy.alone = 'no';
		policy.refusals = 0;
	}
	// Back at the user's setting nothing is left of it.
	if (learned && budgetAt(learned, nowMs, settings.maxPerMinute) >= settings.maxPerMinute) delete policy.learned;
}

/** Whoever went alone in vain is followed by another one alone, until the server is well. */
function goAloneAgain(policy: GovernorPolicy): void {
	if (policy.alone === 'sent') policy.alone = 'due';
}

/**
 * A request ended because the quota is used up: everybody waits. Of those that were under way together, the first to be
 * refused says how much was too much.
 *
 * @param wait what the answer asks for, and chance: 0 <= x < 1
 * @param wasAnswered {@link onAnswer} was told of it: the refusal came with status 200
 */
export function onRefusal(
	policy: GovernorPolicy,
	nowMs: number,
	startedMs: number,
	wait: { retryAfterMs?: number; random: number },
	wasAnswered = false,
): void {
	policy.inFlight--;
	goAloneAgain(policy);
	if (!wasAnswered) recordArrival(policy.arrivals, nowMs, nowMs - LOG_MS);
	recordRefusal(policy.starts, startedMs);
	if (startedMs > policy.decreasedAtMs) learn(policy, nowMs, startedMs);
	else if (wait.retryAfterMs === undefined) return;
	const waitMs = backOff(PAUSE, Math.max(1, policy.refusals), wait.random, wait.retryAfterMs);
	policy.pausedUntilMs = Math.max(policy.pausedUntilMs, nowMs + waitMs);
}

function learn(policy: GovernorPolicy, nowMs: number, startedMs: number): void {
	const perMinute = acceptedBetween(policy.starts, startedMs - QUOTA_WINDOW_MS, startedMs);
	policy.learned = { perMinute, atMs: nowMs };
	policy.dueMs = nowMs;
	policy.decreasedAtMs = nowMs;
	policy.refusals++;
	policy.alone = 'due';
	shrinkAfterRefusal(policy.concurrency);
}
