/** Where the simulator takes its time from: milliseconds since 1970. */
export interface Clock {
	now(): number;
}

export interface VirtualClock extends Clock {
	/** Moves time on. Never backwards: see `set` for that. */
	advance(ms: number): void;
	/** Sets the time, also backwards (a clock that was corrected). */
	set(ms: number): void;
}

export const realClock: Clock = { now: () => Date.now() };

/** Time that stands still until it is moved. */
export function createVirtualClock(startMs: number): VirtualClock {
	let nowMs = startMs;
	return {
		now: () => nowMs,
		advance(ms) {
			if (!(ms >= 0)) throw new RangeError(`A virtual clock cannot advance by ${ms} ms`);
			nowMs += ms;
		},
		set(ms) {
			nowMs = ms;
		},
	};
}
