/** Happenings in the order of their times: a binary heap, on equal times first come, first served. */
export interface Timers {
	at(ms: number, happen: () => void): void;
	/** Lets the next one happen; false if there is none before `untilMs`. */
	next(untilMs: number): boolean;
	now(): number;
}

interface Timer {
	ms: number;
	order: number;
	happen: () => void;
}

const isBefore = (a: Timer, b: Timer) => a.ms < b.ms || (a.ms === b.ms && a.order < b.order);

export function createTimers(startMs: number): Timers {
	const heap: Timer[] = [];
	let nowMs = startMs;
	let order = 0;

	function swap(a: number, b: number): void {
		[heap[a], heap[b]] = [heap[b]!, heap[a]!];
	}

	function rise(index: number): void {
		for (let parent = (index - 1) >> 1; index > 0 && isBefore(heap[index]!, heap[parent]!); ) {
			swap(index, parent);
			index = parent;
			parent = (index - 1) >> 1;
		}
	}

	function sink(index: number): void {
		for (;;) {
			const children = [2 * index + 1, 2 * index + 2].filter((child) => child < heap.length);
			const first = children.reduce((a, b) => (isBefore(heap[b]!, heap[a]!) ? b : a), index);
			if (first === index) return;
			swap(index, first);
			index = first;
		}
	}

	return {
		now: () => nowMs,
		at(ms, happen) {
			heap.push({ ms: Math.max(ms, nowMs), order: order++, happen });
			rise(heap.length - 1);
		},
		next(untilMs) {
			const timer = heap[0];
			if (!timer || timer.ms > untilMs) return false;
			const last = heap.pop()!;
			if (heap.length > 0) {
				heap[0] = last;
				sink(0);
			}
			nowMs = timer.ms;
			timer.happen();
			return true;
		},
	};
}
