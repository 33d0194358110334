import { SECOND_MS } from '../feed/time';
import { setAlarm } from './alarm';

/** A server that keeps the first one waiting need not answer the others so slowly. */
const ALONE_MS = 10 * SECOND_MS;

/**
 * Lets the first request of many go alone: it renews an expired token, which all that start together would otherwise find out
 * by a refusal of their own. The others wait for its first answer, good or bad, not for its repetitions nor its body, and ten
 * seconds at most: one call that is not answered must not hold up those that would be.
 */
export function createFirstAlone(aloneMs = ALONE_MS) {
	let gate: Promise<void> | undefined;
	/** `work` gets a function that it calls when its first answer is there. */
	return async function firstAlone<T>(work: (answered: () => void) => Promise<T>): Promise<T> {
		if (gate) {
			await gate;
			return await work(() => undefined);
		}
		let open = () => {};
		gate = new Promise<void>((resolve) => (open = resolve));
		const stopAlarm = setAlarm(aloneMs, open);
		try {
			return await work(open);
		} finally {
			stopAlarm();
			open();
		}
	};
}
