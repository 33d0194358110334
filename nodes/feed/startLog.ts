/** When requests were started, oldest first, as far back as anybody may ask. Times never go backwards. */
export interface StartLog {
	times: number[];
	/** When each was answered; 0 as long as it was not. */
	answeredMs: number[];
	/** Of those, the ones the server refused because of its quota. */
	refused: number[];
}

export function createStartLog(): StartLog {
	return { times: [], answeredMs: [], refused: [] };
}

/** @param horizonMs nobody will ask for what is older */
export function recordStart({ times, answeredMs, refused }: StartLog, nowMs: number, horizonMs: number): void {
	times.push(nowMs);
	answeredMs.push(0);
	// Looking costs nothing; dropping moves the rest, so it is done for many at once.
	if (times[times.length >> 1]! < horizonMs) {
		const count = countUpTo(times, horizonMs);
		times.splice(0, count);
		answeredMs.splice(0, count);
	}
	while (refused.length > 0 && refused[0]! < horizonMs) refused.shift();
}

/** A request was answered, whatever it was told; of those that started together it does not matter which. */
export function recordAnswer({ times, answeredMs }: StartLog, startedMs: number, nowMs: number): void {
	let at = countBelow(times, startedMs);
	while (times[at] === startedMs && answeredMs[at]! > 0) at++;
	if (times[at] === startedMs) answeredMs[at] = nowMs;
}

/**
 * When the request that is the nth from the end, 1 being the last, reached the server at the latest: before it was answered.
 *
 * @param travelMs how long one may have taken of which nothing was heard
 */
export function arrivedBy({ times, answeredMs }: StartLog, n: number, travelMs: number): number | undefined {
	const startedMs = times[times.length - n];
	if (startedMs === undefined) return undefined;
	return answeredMs[times.length - n] || startedMs + travelMs;
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
