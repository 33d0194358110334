/**
 * By when requests had reached the server: when they were answered, which is the latest that anybody can tell. So what is counted
 * here holds however long requests travel, and one that takes long takes the place of one, and no more.
 */
export interface ArrivalLog {
	/** Oldest first, as far back as anybody may ask. */
	times: number[];
	/** On their way: these may arrive at any moment. */
	unanswered: number;
}

export function createArrivalLog(): ArrivalLog {
	return { times: [], unanswered: 0 };
}

export function recordDeparture(log: ArrivalLog): void {
	log.unanswered++;
}

/** To be called once for each departure: it was answered, whatever it was told, or given up. */
export function recordArrival(log: ArrivalLog, nowMs: number, horizonMs: number): void {
	const { times } = log;
	log.unanswered--;
	times.push(nowMs);
	// Looking costs nothing; dropping moves the rest, so it is done for many at once.
	const half = times.length >> 1;
	if (times[half]! < horizonMs) times.splice(0, half);
}

/** The arrival that is the nth from the end, 1 being the last. */
export function nthLastArrival({ times }: ArrivalLog, n: number): number | undefined {
	return times[times.length - n];
}
