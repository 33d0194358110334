import type { INodeExecutionData } from 'n8n-workflow';

import { createByteDeduplicator, createDeduplicator } from '../../feed/deduplicate';
import { BROKEN } from '../../feed/jsonBytes';
import { joinLines } from '../../feed/joinLines';
import { createLookAhead } from '../../feed/lookAhead';
import { findEventId } from '../../feed/readEventId';
import { withRoom } from '../../feed/splitEvents';
import type { ContentBlob } from '../../feed/types';
import type { BodyStream } from '../../transport/body';
import type { OperationContext } from '../types';
import { blobEvents, openBlob, parseEvent, type BlobSource } from './blobEvents';
import { blobsToReach, openCollection } from './eventCollection';
import type { GetAllParameters } from './parameters';
import { createReclaimer } from './reclaimBuffers';
import { writeFile, type FileSummary } from './writeFile';

/**
 * Much less than for items: what was read of a blob waits as bytes, each open connection holds buffers besides, and what has to
 * be hidden is latency, not the time that a large blob takes to arrive.
 */
const READ_AHEAD = { blobs: 64, bytes: 4 * 1024 * 1024 };

/** Lines of the file that arrived together, the blob they are from, and the stream they came in. */
interface Lines {
	lines: Uint8Array[];
	blob: ContentBlob;
	stream: BodyStream;
}

/**
 * `output: file`: newline-delimited JSON with the original bytes of each event, in memory that does not grow with the data. A
 * file ends at the size limit and the next begins; where there are no events there is no file.
 */
export async function collectFiles(
	context: OperationContext,
	parameters: GetAllParameters,
): Promise<INodeExecutionData[]> {
	const client = await context.client(parameters);
	const lookAhead = createLookAhead(READ_AHEAD);
	const progress = { events: 0, blobs: 0 };
	const { blobs, report } = await openCollection(
		context,
		parameters,
		client,
		async (blob) => await openBlob(client, blob),
		() => blobsToReach(parameters, progress, lookAhead),
	);
	const { runtime, signal } = context;
	const source: BlobSource = {
		client,
		runtime,
		signal,
		isWanted: createFilter(parameters),
		consumed: createReclaimer(),
		received: lookAhead.seen,
	};

	async function* blobLines(): AsyncGenerator<Lines> {
		for await (const { blob, content } of blobs) {
			const { contentType, contentId } = blob;
			const arriving = blobEvents(source, blob, content, (failure) => {
				report.missing({ contentType, contentId, failure });
			});
			for await (const lines of arriving) {
				progress.events += lines.length;
				yield { lines, blob, stream: content.stream };
			}
			progress.blobs++;
		}
	}

	const all = parameters.limit === Infinity;
	const lines = all ? blobLines() : newestInOrder(blobLines(), parameters.limit);
	const items = await writeFiles(context, parameters, lines);
	report.finish();
	for (const item of report.items()) items.push(item);
	return items;
}

/** Without filters an event is not parsed: only its Id is looked at. */
function createFilter({ matches, deduplicate }: GetAllParameters): BlobSource['isWanted'] {
	if (!matches) return deduplicate ? createByteDeduplicator() : (bytes) => findEventId(bytes) !== BROKEN || undefined;
	const isNew = deduplicate ? createDeduplicator() : () => true;
	return (bytes) => {
		const event = parseEvent(bytes);
		return event && matches(event) && isNew(event);
	};
}

/** With a limit the newest blobs come first; the file is oldest first all the same, so these few are held. */
async function* newestInOrder(arriving: AsyncGenerator<Lines>, limit: number): AsyncGenerator<Lines> {
	const byBlob = new Map<ContentBlob, Lines>();
	let left = limit;
	for await (const { lines, blob, stream } of arriving) {
		const held = byBlob.get(blob) ?? { lines: [], blob, stream };
		byBlob.set(blob, held);
		for (const line of lines.slice(0, left)) held.lines.push(withRoom([line]));
		left -= lines.length;
		if (left <= 0) break;
	}
	yield* [...byBlob.values()].reverse();
}

async function writeFiles(
	context: OperationContext,
	parameters: GetAllParameters,
	arriving: AsyncGenerator<Lines>,
): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	let next = await arriving.next();
	while (!next.done) {
		const summary: FileSummary = { events: 0, blobs: 0, bytes: 0 };
		let lastBlob: ContentBlob | undefined;

		async function* chunks(): AsyncGenerator<Uint8Array> {
			while (!next.done && summary.bytes < parameters.maxFileSizeBytes) {
				const { lines, blob } = next.value;
				const fitting = linesUntil(lines, parameters.maxFileSizeBytes - summary.bytes);
				summary.bytes += fitting.reduce((sum, line) => sum + line.length + 1, 0);
				summary.events += fitting.length;
				if (blob !== lastBlob) summary.blobs++;
				lastBlob = blob;
				yield* joinLines(fitting);
				if (fitting.length < lines.length) next.value.lines = lines.slice(fitting.length);
				else next = await arriving.next();
			}
		}

		const number = items.length + 1;
		items.push(await writeFile(context, { ...parameters, number, like: next.value.stream }, chunks(), summary));
	}
	return items;
}

/** The first lines, to the one that reaches so many bytes. */
function linesUntil(lines: Uint8Array[], bytes: number): Uint8Array[] {
	let reached = 0;
	const last = lines.findIndex((line) => (reached += line.length + 1) >= bytes);
	return last < 0 ? lines : lines.slice(0, last + 1);
}
