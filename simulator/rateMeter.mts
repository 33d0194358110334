/** The most happenings within any window of time so far. Times must not go backwards by much. */
export interface RateMeter {
	readonly peak: number;
	record(atMs: number): void;
}

export function createRateMeter(windowMs: number): RateMeter {
	let times: number[] = [];
	let first = 0;
	let peak = 0;
	return {
		get peak() {
			return peak;
		},
		record(atMs) {
			times.push(atMs);
			while ((times[first] as number) <= atMs - windowMs) first++;
			peak = Math.max(peak, times.length - first);
			// What has left the window is dropped in one go, now and then.
			if (first > 10_000) {
				times = times.slice(first);
				first = 0;
			}
		},
	};
}
