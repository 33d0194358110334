import { FeedFailure } from '../feed/failure';
import { setAlarm } from './alarm';
import { isBodyStream } from './body';
import { cancelled } from './cancel';

interface Bounds {
	/** Milliseconds; Infinity for none. */
	leftMs: number;
	signal?: AbortSignal;
	/** For the message. */
	host: string;
}

/**
 * Waits for the answer, but not beyond the time that is left. n8n's helper holds to the timeout of each request it sends, but
 * sends up to three: the one that is refused, the sign-in, and the same once more.
 *
 * An answer that comes too late is thrown away with its connection.
 *
 * @throws FeedFailure `transient` when the time is up, `cancelled` when the signal aborts; whatever the helper throws
 */
export async function inTime<T extends { body: unknown }>(
	send: () => Promise<T>,
	{ leftMs, signal, host }: Bounds,
): Promise<T> {
	if (signal?.aborted) throw cancelled();
	return await new Promise<T>((resolve, reject) => {
		let isOver = false;
		const stopAlarm = leftMs === Infinity ? () => undefined : setAlarm(leftMs, () => end(() => reject(unanswered(host))));
		const onAbort = () => end(() => reject(cancelled()));
		signal?.addEventListener('abort', onAbort, { once: true });
		function end(settle: () => void): void {
			isOver = true;
			stopAlarm();
			signal?.removeEventListener('abort', onAbort);
			settle();
		}
		send().then(
			(answer) => {
				if (!isOver) end(() => resolve(answer));
				else if (isBodyStream(answer.body)) answer.body.destroy();
			},
			(error: unknown) => {
				if (!isOver) end(() => reject(error as Error));
			},
		);
	});
}

function unanswered(host: string): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: `${host}, or the sign-in before it, did not answer within the time there was`,
		advice: 'This usually passes. If it does not, check the network, proxy and firewall of the n8n server.',
	});
}
