/**
 * Runs `work` on the items side by side and yields the results in the order of the items.
 *
 * At most `lookAhead` items (asked anew at every step) are begun and not yet yielded, so a slow item bounds what waits behind it
 * in memory. `work` must not throw for what is to be survived; the first rejection ends the sequence. Leaving the loop early starts nothing more.
 */
export async function* mapInOrder<T, R>(
	items: Iterable<T>,
	work: (item: T) => Promise<R>,
	lookAhead: number | (() => number),
): AsyncGenerator<R> {
	const begun: Array<Promise<R>> = [];
	const iterator = items[Symbol.iterator]();
	let exhausted = false;
	for (;;) {
		while (!exhausted && begun.length < (typeof lookAhead === 'number' ? lookAhead : lookAhead())) {
			const next = iterator.next();
			if (next.done) exhausted = true;
			else begun.push(observed(work(next.value)));
		}
		const first = begun.shift();
		if (!first) return;
		yield await first;
	}
}

/** Marks a promise as handled, so that a rejection behind an early exit does not end the process. */
function observed<R>(promise: Promise<R>): Promise<R> {
	promise.catch(() => undefined);
	return promise;
}
