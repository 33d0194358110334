import {
	createPolicy,
	onEnd,
	onStart,
	reconfigure,
	waitForStart,
	type Outcome,
} from '../feed/governorPolicy';
import type { Runtime } from '../feed/types';
import { cancelled } from './cancel';

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

interface Shared {
	governor: Governor;
	/** The settings of all that use it now. */
	active: Set<GovernorSettings>;
}

/** One governor per quota: everything in this process that reads one tenant as one publisher shares it. */
const governors = new Map<string, Shared>();

/**
 * The governor of a tenant and publisher. While several use it, the smallest of their settings holds.
 *
 * @param signal ends this use
 */
export function sharedGovernor(
	key: string,
	runtime: Runtime,
	settings: GovernorSettings,
	signal?: AbortSignal,
): Governor {
	let shared = governors.get(key);
	if (!shared) {
		shared = { governor: createGovernor(runtime, settings), active: new Set() };
		governors.set(key, shared);
	}
	const { governor, active } = shared;
	// Who cannot say when the use ends does not bind the others.
	if (signal && !signal.aborted) {
		active.add(settings);
		const onEnd = () => {
			active.delete(settings);
			if (active.size > 0) governor.configure(smallest([...active]));
		};
		signal.addEventListener('abort', onEnd, { once: true });
	}
	governor.configure(smallest([...active, settings]));
	return governor;
}

function smallest(all: GovernorSettings[]): GovernorSettings {
	return {
		maxConcurrency: Math.min(...all.map(({ maxConcurrency }) => maxConcurrency)),
		maxPerMinute: Math.min(...all.map(({ maxPerMinute }) => maxPerMinute)),
	};
}
