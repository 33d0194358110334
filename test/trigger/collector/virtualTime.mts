import type { Runtime } from '../../../nodes/feed/types';

interface Timer {
	atMs: number;
	order: number;
	fire: () => void;
}

export interface VirtualTime {
	/** True time, in milliseconds since 1970. */
	now(): number;
	/** The same as a collector's clock, which may be wrong by `skewMs`. */
	runtime(skewMs: number | (() => number)): Runtime;
	after(ms: number): Promise<void>;
	/** Runs until the promise is settled; false if `untilMs` came first, nothing is left that could settle it, or time stands still. */
	settle(work: Promise<unknown>, untilMs?: number): Promise<boolean>;
	/** As {@link settle}, but lets at most `timers` timers fire: a moment in the middle of the work. */
	partly(work: Promise<unknown>, timers: number): Promise<boolean>;
	advanceTo(ms: number): Promise<void>;
}

/** Lets every promise that can go on do so. */
async function flush(): Promise<void> {
	await new Promise((resolve) => setImmediate(resolve));
}

/** What waits this often for no time at all would never come to an end. */
const MAX_AT_ONCE = 5_000;

/** Time that passes only when everybody waits. */
export function createVirtualTime(startMs: number): VirtualTime {
	let nowMs = startMs;
	let order = 0;
	let timers: Timer[] = [];
	/** Timers that fired without time going on. */
	let atOnce = 0;

	const after = async (ms: number): Promise<void> =>
		await new Promise((fire) => {
			timers.push({ atMs: nowMs + Math.max(0, ms), order: order++, fire });
		});

	const nextTimer = (): Timer | undefined => {
		let next: Timer | undefined;
		for (const timer of timers) {
			if (!next || timer.atMs < next.atMs || (timer.atMs === next.atMs && timer.order < next.order)) {
				next = timer;
			}
		}
		return next;
	};

	const fireNext = async (untilMs: number): Promise<boolean> => {
		const timer = nextTimer();
		if (!timer || timer.atMs > untilMs) return false;
		atOnce = timer.atMs > nowMs ? 0 : atOnce + 1;
		if (atOnce > MAX_AT_ONCE) {
			atOnce = 0;
			return false;
		}
		timers = timers.filter((other) => other !== timer);
		nowMs = Math.max(nowMs, timer.atMs);
		timer.fire();
		await flush();
		return true;
	};

	const run = async (work: Promise<unknown>, untilMs: number, limit: number): Promise<boolean> => {
		let settled = false;
		const mark = () => {
			settled = true;
		};
		work.then(mark, mark);
		await flush();
		for (let fired = 0; !settled && fired < limit; fired++) {
			if (!(await fireNext(untilMs))) break;
		}
		return settled;
	};

	return {
		now: () => nowMs,
		runtime: (skew) => ({
			now: () => nowMs + (typeof skew === 'number' ? skew : skew()),
			sleep: after,
			random: () => 0.5,
		}),
		after,
		settle: async (work, untilMs = Infinity) => await run(work, untilMs, Infinity),
		partly: async (work, limit) => await run(work, Infinity, limit),
		advanceTo: async (ms) => {
			while (await fireNext(ms));
			nowMs = Math.max(nowMs, ms);
		},
	};
}
