import { FeedFailure } from '../feed/failure';
import {
	createPolicy,
	onEnd,
	onStart,
	reconfigure,
	waitForStart,
	type Outcome,
} from '../feed/governorPolicy';
import type { Runtime } from '../feed/types';

export interface GovernorSettings {
	maxConcurrency: number;
	maxPerMinute: number;
}

/** A place for one request; `end` must be called exactly once. */
export interface Slot {
	end(outcome: Outcome, pauseMs?: number): void;
}

export interface Governor {
	/** Waits for a place. @throws FeedFailure `cancelled` when the signal aborts */
	acquire(signal?: AbortSignal): Promise<Slot>;
	configure(settings: GovernorSettings): void;
}

interface Waiter {
	start(): void;
}

/** Carries out the policy of nodes/feed/governorPolicy.ts: first come, first served. */
export function createGovernor(runtime: Runtime, settings: GovernorSettings): Governor {
	const policy = createPolicy(settings);
	const waiting: Waiter[] = [];
	let wakeAtMs: number | undefined;

	function pump(): void {
		while (waiting.length > 0) {
			const wait = waitForStart(policy, runtime.now());
			if (wait > 0) {
				if (wait !== Infinity) wakeIn(wait);
				return;
			}
			onStart(policy, runtime.now());
			waiting.shift()!.start();
		}
	}

	/** One timer at a time; the policy is asked again when it ends, so waking too early does no harm. */
	function wakeIn(ms: number): void {
		const at = runtime.now() + ms;
		if (wakeAtMs !== undefined && wakeAtMs <= at) return;
		wakeAtMs = at;
		void runtime.sleep(ms).then(() => {
			if (wakeAtMs === at) wakeAtMs = undefined;
			pump();
		});
	}

	function slot(): Slot {
		const startedMs = runtime.now();
		return {
			end(outcome, pauseMs) {
				onEnd(policy, runtime.now(), { startedMs, outcome, pauseMs });
				pump();
			},
		};
	}

	return {
		async acquire(signal) {
			return await new Promise<Slot>((resolve, reject) => {
				const waiter: Waiter = {
					start() {
						signal?.removeEventListener('abort', onAbort);
						resolve(slot());
					},
				};
				function onAbort() {
					const index = waiting.indexOf(waiter);
					if (index >= 0) waiting.splice(index, 1);
					reject(cancelled());
				}
				if (signal?.aborted) {
					reject(cancelled());
					return;
				}
				signal?.addEventListener('abort', onAbort, { once: true });
				waiting.push(waiter);
				pump();
			});
		},
		configure(next) {
			reconfigure(policy, next);
			pump();
		},
	};
}

/** n8n tells a stopped execution from a failed one by the word "canceled" in the message. */
export function cancelled(): FeedFailure {
	return new FeedFailure({ kind: 'cancelled', message: 'The execution was canceled' });
}

/** One governor per quota: everything in this process that reads one tenant as one publisher shares it. */
const governors = new Map<string, Governor>();

export function sharedGovernor(key: string, runtime: Runtime, settings: GovernorSettings): Governor {
	let governor = governors.get(key);
	if (governor) governor.configure(settings);
	else governors.set(key, (governor = createGovernor(runtime, settings)));
	return governor;
}
