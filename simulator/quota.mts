import type { Clock } from './clock.mts';
import type { Quota } from './types.mts';

/** Counts the requests of each publisher. */
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
			passed.set(publisher, times);
			// Fixed windows begin with the full minute (or whatever it is).
			const leftMs = quota.perMs - (nowMs % quota.perMs);
			const horizonMs = quota.window === 'fixed' ? nowMs + leftMs - quota.perMs - 1 : nowMs - quota.perMs;
			while (times.length > 0 && (times[0] as number) <= horizonMs) times.shift();
			if (times.length < quota.requests) {
				times.push(nowMs);
				return 0;
			}
			if (quota.window === 'fixed') return leftMs;
			return quota.requests === 0 ? quota.perMs : (times[0] as number) + quota.perMs - nowMs;
		},
	};
}
