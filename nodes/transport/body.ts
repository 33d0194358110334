import { attempt } from '../feed/attempt';
import { FeedFailure } from '../feed/failure';
import { toBuffer } from '../feed/jsonBytes';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { setAlarm } from './alarm';
import { cancelled, onAbort } from './cancel';

/** The body as n8n's helper hands it out with `encoding: 'stream'`. */
export interface BodyStream extends AsyncIterable<Uint8Array> {
	destroy(error?: Error): unknown;
	/** What streams of Node's have. */
	on?(event: 'data' | 'end' | 'error' | 'close', listener: (value?: unknown) => void): unknown;
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
 * A blob this large would be gigabytes as items, and V8 holds no string beyond about 512 MB, should the whole text be needed;
 * `output: file` has no such limit.
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
	const reader = openReader(stream, limits);
	try {
		for (let chunk = await reader.next(); chunk; chunk = await reader.next()) yield chunk;
	} finally {
		reader.close();
	}
}

/** The whole body as text. @throws FeedFailure as {@link readChunks} */
export async function readText(
	stream: BodyStream,
	limits: BodyLimits = DEFAULT_LIMITS,
): Promise<string> {
	return (await readBytes(stream, limits)).toString('utf8');
}

/** The whole body. @throws FeedFailure as {@link readChunks} */
export async function readBytes(stream: BodyStream, limits: BodyLimits = DEFAULT_LIMITS): Promise<Buffer> {
	const chunks = stream.on ? await flow(stream, limits) : await collect(stream, limits);
	// Most bodies are one chunk, which is not copied for that.
	return chunks.length === 1 ? toBuffer(chunks[0]!) : Buffer.concat(chunks);
}

async function collect(stream: BodyStream, limits: BodyLimits): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	const reader = openReader(stream, limits);
	try {
		for (let chunk = await reader.next(); chunk; chunk = await reader.next()) chunks.push(chunk);
	} finally {
		reader.close();
	}
	return chunks;
}

/**
 * The same from a stream that calls when data comes. Most bodies are a chunk or two, and an iterator in front of the stream costs
 * as much as reading them.
 */
async function flow(stream: BodyStream, { maxBytes, ...limits }: BodyLimits): Promise<Uint8Array[]> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const guard = watch(limits, () => stream.destroy());
	const whole = new Promise<void>((resolve, reject) => {
		stream.on!('data', (chunk) => {
			guard.heard();
			bytes += (chunk as Uint8Array).length;
			if (bytes > maxBytes) reject(tooLarge(maxBytes));
			else chunks.push(chunk as Uint8Array);
		});
		stream.on!('end', () => resolve());
		stream.on!('error', reject);
		stream.on!('close', reject);
	});
	try {
		await guard.orGiveUp(whole);
	} finally {
		guard.stop();
		stream.destroy();
	}
	return chunks;
}

function openReader(stream: BodyStream, limits: BodyLimits) {
	const guard = watch(limits, () => stream.destroy());
	const iterator = stream[Symbol.asyncIterator]();
	let bytes = 0;
	return {
		/** The next chunk; undefined at the end. */
		async next(): Promise<Uint8Array | undefined> {
			const { done, value } = await guard.orGiveUp(iterator.next());
			if (done) return undefined;
			bytes += value.length;
			if (bytes > limits.maxBytes) throw tooLarge(limits.maxBytes);
			return value;
		},
		close(): void {
			guard.stop();
			// Not awaited: the stream that axios hands out is a generator, which cannot be ended while it waits for the server.
			stream.destroy();
		},
	};
}

/** The start of an error answer; what goes wrong while reading it is of no interest. */
export async function readErrorText(stream: BodyStream, within: BodyLimits = DEFAULT_LIMITS): Promise<string> {
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	const limits = {
		...within,
		stallMs: Math.min(within.stallMs, 10 * SECOND_MS),
		totalMs: Math.min(within.totalMs, 20 * SECOND_MS),
	};
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
 * the reader takes.
 */
function watch(limits: Omit<BodyLimits, 'maxBytes'>, abandon: () => void) {
	let sinceMs: number | undefined;
	let waitedMs = 0;
	let giveUp: ((reason: FeedFailure) => void) | undefined;
	let stopAlarm = setAlarm(Math.min(limits.stallMs, limits.totalMs), check);

	function cancel(): void {
		// Nobody may ever read on: neither timer nor connection must stay for that.
		stop();
		giveUp?.(cancelled());
		abandon();
	}
	/** An alarm that stays would keep the body, and all that its reader has made of it. */
	function stop(): void {
		stopAlarm();
		stopListening();
	}
	function check(): void {
		const currentMs = sinceMs === undefined ? 0 : performance.now() - sinceMs;
		const left = Math.min(limits.stallMs - currentMs, limits.totalMs - waitedMs - currentMs);
		if (left <= 0 && giveUp) giveUp(stalled());
		else stopAlarm = setAlarm(Math.max(1, left), check);
	}
	function endWait(): void {
		if (sinceMs !== undefined) waitedMs += performance.now() - sinceMs;
		sinceMs = undefined;
		giveUp = undefined;
	}

	const stopListening = onAbort(limits.signal, cancel);
	return {
		/** Something came while waiting for more. */
		heard(): void {
			if (sinceMs === undefined) return;
			const nowMs = performance.now();
			waitedMs += nowMs - sinceMs;
			sinceMs = nowMs;
		},
		/** The value, or a FeedFailure: whichever comes first. */
		async orGiveUp<T>(value: Promise<T>): Promise<T> {
			sinceMs = performance.now();
			return await new Promise<T>((resolve, reject) => {
				giveUp = (failure) => {
					endWait();
					reject(failure);
				};
				if (limits.signal?.aborted) cancel();
				value.then(
					(result) => {
						endWait();
						resolve(result);
					},
					(error) => giveUp?.(error instanceof FeedFailure ? error : brokenOff()),
				);
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
