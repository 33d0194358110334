import type { Clock } from './clock.mts';
import type { Quota } from './types.mts';

/** A sliding window per publisher. */
export interface QuotaMeter {
	/** Milliseconds to wait, or 0 if the request may pass; only those that pass are counted. */
	take(publisher: string): number;
}

export function createQuotaMeter(quota: Quota | null, clock: Clock): QuotaMeter {
	const passed = new Map<string, number[]>();
	return {
		take(publisher) {
			if (!quota) return 0;
			const nowMs = clock.now();
			const times = passed.get(publisher) ?? [];
			while (times.length > 0 && (times[0] as number) <= nowMs - quota.perMs) times.shift();
			passed.set(publisher, times);
			if (times.length >= quota.requests) {
				return quota.requests === 0 ? quota.perMs : (times[0] as number) + quota.perMs - nowMs;
			}
			times.push(nowMs);
			return 0;
		},
	};
}
