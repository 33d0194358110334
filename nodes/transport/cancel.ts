import { FeedFailure } from '../feed/failure';
import type { Runtime } from '../feed/types';

/** n8n tells a stopped execution from a failed one by the word "canceled" in the message. */
export function cancelled(): FeedFailure {
	return new FeedFailure({ kind: 'cancelled', message: 'The execution was canceled' });
}

/** Waits, but not on after the signal. @throws FeedFailure `cancelled` */
export async function pause(
	runtime: Pick<Runtime, 'sleep'>,
	ms: number,
	signal?: AbortSignal,
): Promise<void> {
	if (signal?.aborted) throw cancelled();
	let onAbort = () => {};
	const aborted = new Promise<void>((resolve) => {
		onAbort = resolve;
		signal?.addEventListener('abort', onAbort);
	});
	await Promise.race([runtime.sleep(ms), aborted]);
	signal?.removeEventListener('abort', onAbort);
	if (signal?.aborted) throw cancelled();
}
