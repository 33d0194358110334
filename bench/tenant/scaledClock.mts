import type { Clock } from '../../simulator/index.mts';

/** A clock that runs `scale` times as fast as real time and agreed with it at `epochMs`. */
export function scaledClock(scale: number, epochMs: number): Clock {
	return { now: () => epochMs + (Date.now() - epochMs) * scale };
}
