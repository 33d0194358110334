/**
 * A time that stands still while the clock is set back and goes on from there, for what only counts how much time has passed: a
 * budget, a pause, a latency. With the clock itself all of these would last for as long as it was set back, or begin anew. What passed
 * between the last look at the clock and its being set back is not counted: it is waited for again, which is late, and never early.
 *
 * @param now the clock, in milliseconds
 */
export function steadyTime(now: () => number): () => number {
	let offsetMs = 0;
	let lastMs = -Infinity;
	return () => {
		const nowMs = now() + offsetMs;
		if (nowMs < lastMs) offsetMs += lastMs - nowMs;
		lastMs = Math.max(lastMs, nowMs);
		return lastMs;
	};
}
