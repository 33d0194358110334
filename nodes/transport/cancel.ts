import { FeedFailure } from '../feed/failure';
import type { Runtime } from '../feed/types';

/** n8n tells a stopped execution from a failed one by the word "canceled" in the message. */
export function cancelled(): FeedFailure {
	return new FeedFailure({ kind: 'cancelled', message: 'The execution was canceled' });
}

/** Those who are to be called when a signal aborts, and the one listener they share. */
interface Listening {
	listeners: Set<() => void>;
	ring: () => void;
}

const listening = new WeakMap<AbortSignal, Listening>();

/**
 * Calls `listener`, which nobody else passes, once when the signal aborts; not if it has aborted already.
 *
 * All listeners of a signal share one of its own. A signal searches the list of its listeners for each that comes or goes, and
 * with fifty requests at once there are hundreds.
 *
 * @returns to be called when the listener is no longer needed
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
	if (!signal) return () => undefined;
	const { listeners, ring } = listening.get(signal) ?? listenTo(signal);
	listeners.add(listener);
	return () => {
		if (!listeners.delete(listener) || listeners.size > 0) return;
		signal.removeEventListener('abort', ring);
		listening.delete(signal);
	};
}

function listenTo(signal: AbortSignal): Listening {
	const listeners = new Set<() => void>();
	const ring = () => {
		// One that is called may do away with others, which are not to be called then.
		for (const listener of [...listeners]) if (listeners.delete(listener)) listener();
	};
	signal.addEventListener('abort', ring, { once: true });
	const entry = { listeners, ring };
	listening.set(signal, entry);
	return entry;
}

/** Waits, but not on after the signal. @throws FeedFailure `cancelled` */
export async function pause(
	runtime: Pick<Runtime, 'sleep'>,
	ms: number,
	signal?: AbortSignal,
): Promise<void> {
	if (signal?.aborted) throw cancelled();
	let stopListening = () => {};
	const aborted = new Promise<void>((resolve) => {
		stopListening = onAbort(signal, resolve);
	});
	await Promise.race([runtime.sleep(ms), aborted]);
	stopListening();
	if (signal?.aborted) throw cancelled();
}
