import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { compareBlobs } from '../../feed/contentEntry';
import { createDeduplicator } from '../../feed/deduplicate';
import { originOf, type EventOrigin } from '../../feed/origin';
import { shapeEvent } from '../../feed/shape';
import type { AuditEvent, ContentBlob } from '../../feed/types';
import type { FetchedBlob } from '../../transport/client';
import type { OperationContext } from '../types';
import { MAX_LOOK_AHEAD, openCollection } from './eventCollection';
import type { GetAllParameters } from './parameters';

export const PRECISION_HINT =
	'Some numbers are too long to keep all their digits in n8n items (beyond 2^53). Use the output File to get the original digits.';

interface Kept {
	blob: ContentBlob;
	events: AuditEvent[];
}

/** `output: events` and `content`. With a limit the newest blobs are read first; the output is oldest first all the same. */
export async function collectItems(
	context: OperationContext,
	parameters: GetAllParameters,
): Promise<INodeExecutionData[]> {
	const client = await context.client(parameters);
	const kept: Kept[] = [];
	let count = 0;
	let lostPrecision = false;
	const { blobs, report } = await openCollection(
		context,
		parameters,
		client,
		async (blob) => keepDown(await client.blob(blob.contentId, blob.contentType), parameters),
		() => blobsToReach(parameters, count, kept.length),
	);
	const isNew = parameters.deduplicate ? createDeduplicator() : () => true;
	for await (const { blob, content } of blobs) {
		lostPrecision ||= content.lostPrecision;
		if (content.unusable > 0) {
			report.missing({ contentType: blob.contentType, contentId: blob.contentId, failure: unusableIn(content.unusable) });
		}
		let events = content.events.filter(isNew);
		if (parameters.output === 'events') {
			events = events.slice(0, parameters.limit - count);
			count += events.length;
		} else if (events.length > 0 || !parameters.matches) {
			count++;
		} else {
			continue;
		}
		kept.push({ blob, events });
		if (count >= parameters.limit) break;
	}
	if (parameters.limit !== Infinity) kept.sort((a, b) => compareBlobs(a.blob, b.blob));
	if (lostPrecision && !parameters.simplify) context.hint(PRECISION_HINT);
	report.finish();
	const items = kept.flatMap((entry) => toItems(entry, parameters, context.itemIndex));
	for (const item of report.items()) items.push(item);
	return items;
}

/** How many blobs to read ahead: with a limit about as many as it still takes, so that it stops fetching early. */
function blobsToReach({ limit, concurrency }: GetAllParameters, count: number, blobs: number): number {
	const most = Math.min(concurrency || MAX_LOOK_AHEAD, MAX_LOOK_AHEAD);
	if (limit === Infinity) return most;
	const perBlob = Math.max(count, 1) / Math.max(blobs, 1);
	const needed = blobs === 0 ? 1 : Math.ceil((limit - count) / perBlob);
	return Math.max(1, Math.min(most, needed));
}

/** What a waiting blob need not hold is dropped as soon as it is read. */
function keepDown(blob: FetchedBlob, { matches }: GetAllParameters): FetchedBlob {
	return matches ? { ...blob, events: blob.events.filter(matches) } : blob;
}

export function unusableIn(count: number) {
	return { message: `${count} of its entries are no audit records` };
}

function toItems({ blob, events }: Kept, parameters: GetAllParameters, item: number): INodeExecutionData[] {
	if (parameters.output === 'content') {
		const shaped = events.map((event) => shapeEvent(event, parameters) as IDataObject);
		return [{ json: { ...originOf(blob), events: shaped }, pairedItem: { item } }];
	}
	return events.map((event) => toItem(event, originOf(blob), parameters, item));
}

/** One event as an item: shaped, with a copy of its origin, because users change items in place. */
export function toItem(
	event: AuditEvent,
	origin: EventOrigin,
	shape: { simplify: boolean; normalize: boolean },
	item: number,
): INodeExecutionData {
	const json = shapeEvent(event, shape) as IDataObject;
	json._content = { ...origin };
	return { json, pairedItem: { item } };
}
