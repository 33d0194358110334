import { attempt } from '../feed/attempt';
import { FeedFailure } from '../feed/failure';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { cancelled } from './cancel';

/** The body as n8n's helper hands it out with `encoding: 'stream'`. */
export interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(error?: Error): unknown;
}

export interface BodyLimits {
	maxBytes: number;
	/** Longest time without a single byte. */
	stallMs: number;
	/** Longest time for the whole body, so that a drip of single bytes ends too. */
	totalMs: number;
	signal?: AbortSignal;
}

/**
 * V8 holds no string beyond about 512 MB, and a blob this large would be many gigabytes as items; `output: file` has no such
 * limit.
 */
export const MAX_TEXT_BYTES = 400 * 1024 * 1024;

/** An error answer is read for its code only. */
export const MAX_ERROR_BYTES = 64 * 1024;

export const DEFAULT_LIMITS: BodyLimits = {
	maxBytes: MAX_TEXT_BYTES,
	stallMs: MINUTE_MS,
	totalMs: 15 * MINUTE_MS,
};

export function isBodyStream(body: unknown): body is BodyStream {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body;
}

/**
 * Reads a body chunk by chunk, under limits of size and time. n8n's own timeout does not cover a stream that it handed out.
 *
 * @throws FeedFailure `transient` when the body stalls, breaks off or takes too long, `badRequest` when it is too large,
 *   `cancelled` when the signal aborts
 */
export async function* readChunks(
	stream: BodyStream,
	limits: BodyLimits = DEFAULT_LIMITS,
): AsyncGenerator<Uint8Array> {
	const guard = watch(limits, () => stream.destroy());
	const iterator = stream[Symbol.asyncIterator]();
	let bytes = 0;
	try {
		for (;;) {
			const next = await guard.orGiveUp(iterator.next());
			if (next.done) return;
			bytes += next.value.length;
			if (bytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
			yield next.value;
		}
	} finally {
		guard.stop();
		// Not awaited: the stream that axios hands out is a generator, which cannot be ended while it waits for the server.
		stream.destroy();
	}
}

/** The whole body as text. @throws FeedFailure as {@link readChunks} */
export async function readText(stream: BodyStream, limits?: BodyLimits): Promise<string> {
	const chunks: Uint8Array[] = [];
	for await (const chunk of readChunks(stream, limits)) chunks.push(chunk);
	return Buffer.concat(chunks).toString('utf8');
}

/** The start of an error answer; what goes wrong while reading it is of no interest. */
export async function readErrorText(stream: BodyStream): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const limits = { ...DEFAULT_LIMITS, stallMs: 10 * SECOND_MS, totalMs: 20 * SECOND_MS };
	await attempt(async () => {
		for await (const chunk of readChunks(stream, limits)) {
			chunks.push(chunk);
			bytes += chunk.length;
			if (bytes >= MAX_ERROR_BYTES) break;
		}
	});
	return Buffer.concat(chunks).subarray(0, MAX_ERROR_BYTES).toString('utf8');
}

/**
 * Ends a wait for the server when it takes too long or is no longer wanted. Only the time spent waiting counts, not the time
 * the reader takes. `AbortSignal.timeout` is the one timer a node may use that does not keep the process alive; one runs at a
 * time, renewed only when it fires.
 */
function watch(limits: BodyLimits, abandon: () => void) {
	let sinceMs: number | undefined;
	let waitedMs = 0;
	let giveUp: ((reason: FeedFailure) => void) | undefined;
	let timer: AbortSignal | undefined;

	function onAbort(): void {
		// Nobody may ever read on: neither timer nor connection must stay for that.
		stop();
		giveUp?.(cancelled());
		abandon();
	}
	/** A timer that keeps its listener would keep the body, and all that its reader has made of it, for as long as it runs. */
	function stop(): void {
		timer?.removeEventListener('abort', check);
		limits.signal?.removeEventListener('abort', onAbort);
	}
	function check(): void {
		const currentMs = sinceMs === undefined ? 0 : Date.now() - sinceMs;
		const left = Math.min(limits.stallMs - currentMs, limits.totalMs - waitedMs - currentMs);
		if (left <= 0) giveUp?.(stalled());
		timer = AbortSignal.timeout(Math.max(1, Math.ceil(left)));
		timer.addEventListener('abort', check, { once: true });
	}

	limits.signal?.addEventListener('abort', onAbort, { once: true });
	check();
	return {
		/** The value, or a FeedFailure: whichever comes first. */
		async orGiveUp<T>(value: Promise<T>): Promise<T> {
			sinceMs = Date.now();
			return await new Promise<T>((resolve, reject) => {
				giveUp = reject;
				if (limits.signal?.aborted) onAbort();
				value.then(resolve, () => reject(brokenOff()));
			}).finally(() => {
				giveUp = undefined;
				waitedMs += Date.now() - (sinceMs ?? 0);
				sinceMs = undefined;
			});
		},
		stop,
	};
}

const LATER = 'This usually passes. Try again in a few minutes.';

function stalled(): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: 'Microsoft stopped sending in the middle of the content',
		advice: LATER,
	});
}

function brokenOff(): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: 'The connection broke off in the middle of the content',
		advice: LATER,
	});
}

function tooLarge(maxBytes: number): FeedFailure {
	return new FeedFailure({
		kind: 'badRequest',
		message: `The content is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`,
		advice: 'Use the output “File”, which writes it to disk piece by piece.',
	});
}
