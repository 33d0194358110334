import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { createNodeClient } from '../actions/common/context';
import { attempt } from '../feed/attempt';
import { compareBlobs } from '../feed/contentEntry';
import { listContent } from '../feed/listing';
import { DAY_MS, SECOND_MS } from '../feed/time';
import type { ContentBlob } from '../feed/types';
import type { FeedClient } from '../transport/client';
import { runtime } from '../transport/runtime';
import type { BatchPart } from './collector/types';
import { toItems } from './output';
import { readParameters, type TriggerParameters } from './parameters';

/** Enough to build a workflow with; a person is waiting. */
const TEST_EVENTS = 10;
const TEST_BLOBS = 20;
const TEST_MS = 30 * SECOND_MS;

/**
 * "Fetch test event" in the editor: a few of the newest events of the last 24 hours. Neither reads nor moves the checkpoint.
 *
 * @throws FeedFailure if no content type can be listed; NodeOperationError, InvalidFilter, UserError
 */
export async function fetchTestEvents(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const parameters = readParameters(node, runtime.now());
	const deadlineMs = runtime.now() + TEST_MS;
	const client = await createNodeClient(node, {
		...parameters,
		logger: node.logger,
		deadlineMs,
		signal: AbortSignal.timeout(TEST_MS),
	});
	const parts: BatchPart[] = [];
	let count = 0;
	for (const blob of (await newestBlobs(client, parameters)).slice(0, TEST_BLOBS)) {
		if (count >= TEST_EVENTS) break;
		const events = await eventsOf(client, blob, parameters);
		if (events.length === 0) continue;
		parts.push({ blob, events: events.slice(0, TEST_EVENTS - count) });
		count += events.length;
	}
	const items = toItems(parts.reverse(), parameters);
	return items.length > 0 ? [items] : null;
}

async function newestBlobs(client: FeedClient, { contentTypes }: TriggerParameters): Promise<ContentBlob[]> {
	const endMs = Math.floor(runtime.now() / SECOND_MS) * SECOND_MS;
	const window = { startMs: endMs - DAY_MS, endMs };
	const listings = await Promise.allSettled(
		contentTypes.map(
			async (type) => (await listContent(client.content(type), type, window, runtime)).blobs,
		),
	);
	const failed = listings.find((listing) => listing.status === 'rejected');
	if (failed && listings.every(({ status }) => status === 'rejected')) throw failed.reason;
	return listings
		.flatMap((listing) => (listing.status === 'fulfilled' ? listing.value : []))
		.sort((a, b) => compareBlobs(b, a));
}

async function eventsOf(client: FeedClient, blob: ContentBlob, parameters: TriggerParameters) {
	if (parameters.output === 'reference') return [{}];
	const read = await attempt(async () => await client.blob(blob.contentId, blob.contentType));
	if (!read.ok && read.failure.kind === 'signIn') throw read.failure;
	// Of the others the next newest will do.
	const events = read.ok ? read.value.events : [];
	return parameters.matches ? events.filter(parameters.matches) : events;
}
