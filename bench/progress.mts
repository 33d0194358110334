import { readableTime } from '../scripts/n8n/progress.mts';
import type { Say } from '../scripts/n8n/progress.mts';

/** Tells where a benchmark stands and how long everything will still take. */
export interface Progress {
	say: Say;
	/** How many steps the benchmark has; called once, at its start. */
	plan(steps: number): void;
	/** One of them is done. */
	done(what: string): void;
}

/** @param laterMinutes what the benchmarks after this one take */
export function createProgress(
	{ name, minutes }: { name: string; minutes: number },
	laterMinutes: number,
	say: Say,
): Progress {
	const started = Date.now();
	let steps = 1;
	let finished = 0;
	return {
		say,
		plan(count) {
			steps = Math.max(1, count);
		},
		done(what) {
			finished++;
			const spent = Date.now() - started;
			// The first steps say little about how fast this machine is.
			const expected = finished < 3 ? minutes * 60_000 : (spent * steps) / finished;
			const left = Math.max(0, expected - spent) + laterMinutes * 60_000;
			say(`  ${name} ${finished}/${steps}  ${what}  (about ${readableTime(left)} left in all)`);
		},
	};
}
