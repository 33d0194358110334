interface Begun<R> {
	/** Present as soon as the work has ended. */
	result?: { value: R };
	end: Promise<void>;
}

/**
 * Runs `work` on the items side by side and yields each result as soon as it is there; of those that are, the foremost first.
 *
 * At most `lookAhead` items (asked anew at every step) are begun and not yet yielded. Ends when all are yielded, or when the
 * wait that `patience` names ends before anything is ready: work that was begun goes on then, and nothing more is started.
 * `work` must not throw for what is to be survived; the first rejection ends the sequence.
 */
export async function* mapAsReady<T, R>(
	items: Iterable<T>,
	work: (item: T) => Promise<R>,
	lookAhead: () => number,
	patience: () => Promise<void> | undefined,
): AsyncGenerator<R> {
	const begun: Array<Begun<R>> = [];
	const iterator = items[Symbol.iterator]();
	let exhausted = false;
	for (;;) {
		while (!exhausted && begun.length < lookAhead()) {
			const next = iterator.next();
			if (next.done) exhausted = true;
			else begun.push(begin(work(next.value)));
		}
		if (begun.length === 0) return;
		if (!begun.some(({ result }) => result)) {
			const limit = patience();
			await Promise.race([...begun.map(({ end }) => end), ...(limit ? [limit] : [])]);
		}
		const foremost = begun.find(({ result }) => result);
		if (!foremost?.result) return;
		begun.splice(begun.indexOf(foremost), 1);
		yield foremost.result.value;
	}
}

function begin<R>(work: Promise<R>): Begun<R> {
	const begun: Begun<R> = { end: Promise.resolve() };
	begun.end = work.then((value) => {
		begun.result = { value };
	});
	// A rejection behind an early exit must not end the process.
	begun.end.catch(() => undefined);
	return begun;
}
