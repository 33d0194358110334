import { attempt } from '../../feed/attempt';
import { FATAL_KINDS, FeedFailure } from '../../feed/failure';
import { toBuffer } from '../../feed/jsonBytes';
import { isErrorObject, isRecord, noEvents, parseJson, unusableEntries } from '../../feed/parseBlob';
import { decideRetry } from '../../feed/retryPolicy';
import { createEventSplitter, type EventSplitter } from '../../feed/splitEvents';
import type { AuditEvent, ContentBlob, Runtime } from '../../feed/types';
import { readChunks, type BodyStream } from '../../transport/body';
import { pause } from '../../transport/cancel';
import { classifyAnswer } from '../../transport/classify';
import type { FeedClient } from '../../transport/client';
import type { Answer } from '../../transport/request';

/** What of a blob may wait in memory for its turn; the rest stays in the connection until then. */
const READ_AHEAD_BYTES = 128 * 1024;

/** A blob whose download has begun. */
export interface OpenedBlob {
	/** The body from its start; can be read once. @throws FeedFailure */
	chunks(): AsyncGenerator<Uint8Array>;
	/** The stream the body came in. */
	stream: BodyStream;
}

/** Begins a download and reads the first 128 KB. @throws FeedFailure */
export async function openBlob(
	client: FeedClient,
	{ contentId, contentType }: Pick<ContentBlob, 'contentId' | 'contentType'>,
): Promise<OpenedBlob> {
	const begin = async ({ body, limits }: Answer): Promise<OpenedBlob> => {
		const rest = readChunks(body, { ...limits, maxBytes: Infinity });
		const ahead: Uint8Array[] = [];
		let bytes = 0;
		while (bytes < READ_AHEAD_BYTES) {
			const next = await rest.next();
			if (next.done) break;
			ahead.push(next.value);
			bytes += next.value.length;
		}
		return {
			stream: body,
			async *chunks() {
				for (let chunk = ahead.shift(); chunk; chunk = ahead.shift()) yield chunk;
				yield* rest;
			},
		};
	};
	return await client.blobStream(contentId, begin, contentType);
}

/** Where blobs come from. */
export interface BlobSource {
	client: FeedClient;
	runtime: Runtime;
	signal?: AbortSignal;
	/** Asked once about every event, in order. @returns undefined if the bytes are none */
	isWanted(event: Uint8Array): boolean | undefined;
	/** Told the size of each chunk that is looked through. */
	consumed(bytes: number): void;
	/** Told the size of every blob that was read to its end. */
	received(bytes: number): void;
}

/**
 * The bytes of a blob's wanted events while it arrives, those of each chunk together and valid until the next are asked for. A
 * body that breaks off is fetched again, and goes on after the last event that was looked at: the content of a blob never changes.
 *
 * @param missing is told when the rest of the blob cannot be had
 * @throws FeedFailure only if nothing else can succeed either (cancelled, signed out)
 */
export async function* blobEvents(
	source: BlobSource,
	blob: ContentBlob,
	first: OpenedBlob,
	missing: (failure: Pick<FeedFailure, 'message' | 'advice'>) => void,
): AsyncGenerator<Uint8Array[]> {
	const done = { count: 0 };
	for (let tries = 1; ; tries++) {
		const splitter = createEventSplitter();
		const again = async () => await openBlob(source.client, blob);
		const open = tries === 1 ? async () => first : again;
		const failure = yield* untilFailure(newEvents(open, splitter, done, source));
		if (!failure) {
			const unusable = splitter.unusable();
			if (unusable > 0) missing(unusableEntries(unusable));
			return;
		}
		if (FATAL_KINDS.has(failure.kind)) throw failure;
		const wait = decideRetry(failure, tries, source.runtime.random());
		if (wait === undefined) {
			missing(failure);
			return;
		}
		await pause(source.runtime, wait, source.signal);
	}
}

/** Hands on what a sequence yields, and returns the failure that ended it, if one did. */
async function* untilFailure<T>(items: AsyncGenerator<T>): AsyncGenerator<T, FeedFailure | undefined> {
	try {
		for (;;) {
			const next = await attempt(async () => await items.next());
			if (!next.ok) return next.failure;
			if (next.value.done) return undefined;
			yield next.value.value;
		}
	} finally {
		await items.return(undefined);
	}
}

async function* newEvents(
	open: () => Promise<OpenedBlob>,
	splitter: EventSplitter,
	done: { count: number },
	source: BlobSource,
): AsyncGenerator<Uint8Array[]> {
	let seen = 0;
	let size = 0;
	for await (const chunk of (await open()).chunks()) {
		const arrived = splitter.push(chunk);
		const known = Math.max(0, done.count - seen);
		seen += arrived.length;
		size += chunk.length;
		source.consumed(chunk.length);
		const { wanted, looked, failure } = lookThrough(arrived.slice(known), splitter, source);
		done.count += looked;
		if (wanted.length > 0) yield wanted;
		if (failure) throw failure;
	}
	if (!splitter.isComplete()) throw damaged();
	if (seen === 0 && splitter.unusable() > 0) throw noEvents();
	source.received(size);
}

interface LookedThrough {
	wanted: Uint8Array[];
	/** How many were events, wanted or not. */
	looked: number;
	/** What is wrong with the one after them. */
	failure?: FeedFailure;
}

/** Each event is asked about and forgotten: what lives on through a garbage collection makes V8 take more memory. */
function lookThrough(
	arrived: Uint8Array[],
	splitter: EventSplitter,
	{ runtime, isWanted }: BlobSource,
): LookedThrough {
	const wanted: Uint8Array[] = [];
	for (let looked = 0; looked < arrived.length; looked++) {
		const bytes = arrived[looked]!;
		if (splitter.isSingleObject() && isErrorObject(parseEvent(bytes))) {
			const answer = { status: 200, body: textOf(bytes), isContent: true };
			return { wanted, looked, failure: new FeedFailure(classifyAnswer(answer, runtime.now())) };
		}
		const isOne = isWanted(bytes);
		if (isOne === undefined) return { wanted, looked, failure: damaged() };
		if (isOne) wanted.push(bytes);
	}
	return { wanted, looked: arrived.length };
}

/** The whole event; undefined if the bytes are none. */
export function parseEvent(bytes: Uint8Array): AuditEvent | undefined {
	const event = parseJson(textOf(bytes));
	return isRecord(event) ? event : undefined;
}

function textOf(bytes: Uint8Array): string {
	return toBuffer(bytes).toString('utf8');
}

function damaged(): FeedFailure {
	return new FeedFailure({
		kind: 'unreadable',
		message: 'Microsoft sent a body that is cut off or damaged instead of events',
		advice: 'Try again in a few minutes.',
	});
}
