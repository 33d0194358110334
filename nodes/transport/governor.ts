import type { FeedFailure } from '../feed/failure';
import { createFairQueue } from '../feed/fairQueue';
import {
	createPolicy,
	MAX_REFUSALS,
	onAnswer,
	onEnd,
	onRefusal,
	onStart,
	reconfigure,
	waitForStart,
	type GovernorSettings,
	type Outcome,
} from '../feed/governorPolicy';
import { steadyTime } from '../feed/steadyTime';
import type { Runtime } from '../feed/types';
import { cancelled, onAbort } from './cancel';

/** A place for one request. */
export interface Slot {
	/** The answer has begun and is a good one. */
	answered(isContent: boolean): void;
	/** To be called exactly once. */
	end(outcome: Outcome): void;
	/**
	 * Instead of `end`, when the quota is used up: everybody waits.
	 *
	 * @returns milliseconds; Infinity if waiting has not helped for long: then all who are in the queue get the failure, too
	 */
	refuse(failure: FeedFailure): number;
}

export interface PlaceWanted {
	/** Lanes take turns: a content type, so that none holds up the others. */
	lane: string;
	/** Before the others of its lane: it had a place already, and was refused. */
	again?: boolean;
	signal?: AbortSignal;
}

export interface Governor {
	/** Waits for a place. @throws FeedFailure `cancelled` when the signal aborts, `throttled` as told by {@link Slot.refuse} */
	acquire(wanted: PlaceWanted): Promise<Slot>;
	configure(settings: GovernorSettings): void;
}

interface Waiter {
	start(nowMs: number): void;
	giveUp(failure: FeedFailure): void;
}

/** Carries out the policy of nodes/feed/governorPolicy.ts. */
export function createGovernor(runtime: Runtime, settings: GovernorSettings): Governor {
	const policy = createPolicy(settings);
	const now = steadyTime(runtime.now);
	const waiting = createFairQueue<Waiter>();
	let wakeAtMs: number | undefined;

	function pump(): void {
		while (waiting.size > 0) {
			const nowMs = now();
			const wait = waitForStart(policy, nowMs);
			if (wait > 0) {
				if (wait !== Infinity) wakeIn(wait);
				return;
			}
			onStart(policy, nowMs);
			waiting.take()!.start(nowMs);
		}
	}

	/** One timer at a time; the policy is asked again when it ends, so waking too early does no harm. */
	function wakeIn(ms: number): void {
		const at = now() + ms;
		if (wakeAtMs !== undefined && wakeAtMs <= at) return;
		wakeAtMs = at;
		void runtime.sleep(ms).then(() => {
			if (wakeAtMs === at) wakeAtMs = undefined;
			pump();
		});
	}

	function slot(startedMs: number): Slot {
		let wasAnswered = false;
		return {
			answered(isContent) {
				if (wasAnswered) return;
				wasAnswered = true;
				onAnswer(policy, now(), startedMs, isContent);
				pump();
			},
			end(outcome) {
				onEnd(policy, now(), startedMs, outcome, wasAnswered);
				pump();
			},
			refuse(failure) {
				const nowMs = now();
				const wait = { retryAfterMs: failure.retryAfterMs, random: runtime.random() };
				onRefusal(policy, nowMs, startedMs, wait, wasAnswered);
				if (policy.refusals >= MAX_REFUSALS) {
					for (const waiter of waiting.clear()) waiter.giveUp(failure);
					return Infinity;
				}
				pump();
				return Math.max(0, policy.pausedUntilMs - nowMs);
			},
		};
	}

	return {
		async acquire({ lane, again, signal }) {
			if (signal?.aborted) throw cancelled();
			return await new Promise<Slot>((resolve, reject) => {
				const stopListening = onAbort(signal, () => {
					waiting.remove(lane, waiter);
					reject(cancelled());
				});
				const waiter: Waiter = {
					start(nowMs) {
						stopListening();
						resolve(slot(nowMs));
					},
					giveUp(failure) {
						stopListening();
						reject(failure);
					},
				};
				waiting.add(lane, waiter, again);
				pump();
			});
		},
		configure(next) {
			reconfigure(policy, next);
			pump();
		},
	};
}
