import type { FeedFailure } from '../feed/failure';
import { setAlarm } from './alarm';
import { cancelled, onAbort } from './cancel';

interface Bounds<T> {
	/** Milliseconds; Infinity for none. */
	leftMs: number;
	signal?: AbortSignal;
	/** What is thrown when the time is up. */
	tooLate: () => FeedFailure;
	/** Gets what comes after that. */
	discard?: (value: T) => void;
}

/**
 * Waits for what others promised, but not beyond the time that is left: they may never keep it.
 *
 * @throws what `tooLate` makes when the time is up; FeedFailure `cancelled` when the signal aborts; whatever the work throws
 */
export async function inTime<T>(
	work: () => Promise<T>,
	{ leftMs, signal, tooLate, discard }: Bounds<T>,
): Promise<T> {
	if (signal?.aborted) throw cancelled();
	return await new Promise<T>((resolve, reject) => {
		let isOver = false;
		const stopAlarm = leftMs === Infinity ? () => undefined : setAlarm(leftMs, () => end(() => reject(tooLate())));
		const stopListening = onAbort(signal, () => end(() => reject(cancelled())));
		function end(settle: () => void): void {
			isOver = true;
			stopAlarm();
			stopListening();
			settle();
		}
		work().then(
			(value) => {
				if (!isOver) end(() => resolve(value));
				else discard?.(value);
			},
			(error: unknown) => {
				if (!isOver) end(() => reject(error as Error));
			},
		);
	});
}
