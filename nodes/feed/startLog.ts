/** When requests were started, oldest first, as far back as anybody may ask. Times never go backwards. */
export interface StartLog {
	times: number[];
	/** Of those, the ones the server refused because of its quota. */
	refused: number[];
}

export function createStartLog(): StartLog {
	return { times: [], refused: [] };
}

/** @param horizonMs nobody will ask for what is older */
export function recordStart({ times, refused }: StartLog, nowMs: number, horizonMs: number): void {
	times.push(nowMs);
	// Looking costs nothing; dropping moves the rest, so it is done for many at once.
	if (times[times.length >> 1]! < horizonMs) times.splice(0, countUpTo(times, horizonMs));
	while (refused.length > 0 && refused[0]! < horizonMs) refused.shift();
}

export function recordRefusal({ refused }: StartLog, startedMs: number): void {
	refused.splice(countUpTo(refused, startedMs), 0, startedMs);
}

/** Requests started after `fromMs` and before `untilMs` that were not refused. */
export function acceptedBetween({ times, refused }: StartLog, fromMs: number, untilMs: number): number {
	const within = (list: number[]) => countBelow(list, untilMs) - countUpTo(list, fromMs);
	return Math.max(0, within(times) - within(refused));
}

function countUpTo(sorted: number[], ms: number): number {
	return countWhile(sorted, (time) => time <= ms);
}

function countBelow(sorted: number[], ms: number): number {
	return countWhile(sorted, (time) => time < ms);
}

/** Binary search: how many at the beginning fulfil the condition. */
function countWhile(sorted: number[], holds: (time: number) => boolean): number {
	let low = 0;
	let high = sorted.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(sorted[middle]!)) low = middle + 1;
		else high = middle;
	}
	return low;
}
