import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';

import { createNodeClient } from '../actions/common/context';
import { attempt } from '../feed/attempt';
import { compareBlobs } from '../feed/contentEntry';
import { FeedFailure } from '../feed/failure';
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
	try {
		return await fetchInTime(node);
	} catch (error) {
		// Nobody but the clock ends it: "canceled" would puzzle the person who waits.
		throw error instanceof FeedFailure && error.kind === 'cancelled' ? timeIsUp() : error;
	}
}

function timeIsUp(): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: `Microsoft sent no events within ${TEST_MS / SECOND_MS} seconds`,
		advice: 'It answers slowly, or asked to wait. Try again in a few minutes; the active trigger takes the time it needs.',
	});
}

async function fetchInTime(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
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
	const { blobs, unusable } = await newestBlobs(client, parameters);
	let failure = unusable > 0 && blobs.length === 0 ? nothingUsable(unusable) : undefined;
	for (const blob of blobs.slice(0, TEST_BLOBS)) {
		if (count >= TEST_EVENTS) break;
		const read = await attempt(async () => await eventsOf(client, blob, parameters));
		if (!read.ok) {
			if (read.failure.kind === 'signIn') throw read.failure;
			// The next newest will do; if there is none, the reason is told.
			failure ??= read.failure;
			continue;
		}
		const events = read.value;
		if (events.length === 0) continue;
		parts.push({ blob, events: events.slice(0, TEST_EVENTS - count) });
		count += events.length;
	}
	const items = toItems(parts.reverse(), parameters);
	if (items.length === 0 && failure) throw failure;
	return items.length > 0 ? [items] : null;
}

function nothingUsable(count: number): FeedFailure {
	return new FeedFailure({
		kind: 'badRequest',
		message: `Microsoft listed ${count} entries without a usable content ID, and no other content`,
		advice: 'If it stays so, report it to Microsoft’s support.',
	});
}

async function newestBlobs(client: FeedClient, { contentTypes }: TriggerParameters) {
	const endMs = Math.floor(runtime.now() / SECOND_MS) * SECOND_MS;
	const window = { startMs: endMs - DAY_MS, endMs };
	const listings = await Promise.allSettled(
		contentTypes.map(async (type) => await listContent(client.content(type), type, window, runtime)),
	);
	const failed = listings.find((listing) => listing.status === 'rejected');
	if (failed && listings.every(({ status }) => status === 'rejected')) throw failed.reason;
	const listed = listings.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
	return {
		blobs: listed.flatMap(({ blobs }) => blobs).sort((a, b) => compareBlobs(b, a)),
		unusable: listed.reduce((sum, { unusable }) => sum + unusable, 0),
	};
}

async function eventsOf(client: FeedClient, blob: ContentBlob, parameters: TriggerParameters) {
	if (parameters.output === 'reference') return [{}];
	const { events } = await client.blob(blob.contentId, blob.contentType);
	return parameters.matches ? events.filter(parameters.matches) : events;
}
