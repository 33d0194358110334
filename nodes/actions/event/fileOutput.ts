import type { INodeExecutionData } from 'n8n-workflow';

import { createDeduplicator } from '../../feed/deduplicate';
import type { ContentBlob } from '../../feed/types';
import type { BodyStream } from '../../transport/body';
import type { OperationContext } from '../types';
import { blobEvents, openBlob } from './blobEvents';
import { openCollection } from './eventCollection';
import type { GetAllParameters } from './parameters';
import { writeFile, type FileSummary } from './writeFile';

/** Blobs held open at once; each holds at most 512 KB in memory until its turn. */
const FILE_LOOK_AHEAD = 16;

/** Lines are handed on in pieces of this size: one event at a time costs more than writing it. */
const CHUNK_BYTES = 64 * 1024;

const LINE_FEED = Buffer.from('\n');

/** One line of the file, where it came from, and the stream it came in. */
interface Line {
	bytes: Uint8Array;
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
	const most = Math.min(parameters.concurrency || FILE_LOOK_AHEAD, FILE_LOOK_AHEAD, parameters.limit);
	const { blobs, report } = await openCollection(
		context,
		parameters,
		client,
		async (blob) => await openBlob(client, blob.contentId),
		() => most,
	);
	const isNew = parameters.deduplicate ? createDeduplicator() : () => true;
	const source = { client, runtime: context.runtime, signal: context.signal };

	async function* blobLines(): AsyncGenerator<Line> {
		for await (const { blob, content } of blobs) {
			const { contentType, contentId } = blob;
			const events = blobEvents(source, blob, content, (failure) => {
				report.missing({ contentType, contentId, failure });
			});
			for await (const { bytes, event } of events) {
				if ((parameters.matches?.(event) ?? true) && isNew(event)) {
					yield { bytes, blob, stream: content.stream };
				}
			}
		}
	}

	const all = parameters.limit === Infinity;
	const lines = all ? blobLines() : newestInOrder(blobLines(), parameters.limit);
	const items = await writeFiles(context, parameters, lines);
	report.finish();
	for (const item of report.items()) items.push(item);
	return items;
}

/** With a limit the newest blobs come first; the file is oldest first all the same, so these few are held. */
async function* newestInOrder(lines: AsyncGenerator<Line>, limit: number): AsyncGenerator<Line> {
	const byBlob = new Map<ContentBlob, Line[]>();
	let count = 0;
	for await (const line of lines) {
		const known = byBlob.get(line.blob);
		if (known) known.push(line);
		else byBlob.set(line.blob, [line]);
		if (++count >= limit) break;
	}
	for (const held of [...byBlob.values()].reverse()) yield* held;
}

async function writeFiles(
	context: OperationContext,
	parameters: GetAllParameters,
	lines: AsyncGenerator<Line>,
): Promise<INodeExecutionData[]> {
	const items: INodeExecutionData[] = [];
	let next = await lines.next();
	while (!next.done) {
		const summary: FileSummary = { events: 0, blobs: 0, bytes: 0 };
		let lastBlob: ContentBlob | undefined;

		async function* chunks(): AsyncGenerator<Uint8Array> {
			let pending: Uint8Array[] = [];
			let pendingBytes = 0;
			while (!next.done && summary.bytes < parameters.maxFileSizeBytes) {
				const { bytes, blob } = next.value;
				pending.push(bytes, LINE_FEED);
				pendingBytes += bytes.length + 1;
				summary.bytes += bytes.length + 1;
				summary.events++;
				if (blob !== lastBlob) summary.blobs++;
				lastBlob = blob;
				if (pendingBytes >= CHUNK_BYTES) {
					yield Buffer.concat(pending);
					pending = [];
					pendingBytes = 0;
				}
				next = await lines.next();
			}
			if (pendingBytes > 0) yield Buffer.concat(pending);
		}

		const number = items.length + 1;
		items.push(await writeFile(context, { ...parameters, number, like: next.value.stream }, chunks(), summary));
	}
	return items;
}
