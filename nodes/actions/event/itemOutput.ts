import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { compareBlobs } from '../../feed/contentEntry';
import { createDeduplicator } from '../../feed/deduplicate';
import { createLookAhead } from '../../feed/lookAhead';
import { originOf, type EventOrigin } from '../../feed/origin';
import { unusableEntries } from '../../feed/parseBlob';
import { shapeEvent, type ShapeOptions } from '../../feed/shape';
import { createTextSet } from '../../feed/textSet';
import type { AuditEvent, ContentBlob } from '../../feed/types';
import type { FetchedBlob } from '../../transport/client';
import type { OperationContext } from '../types';
import { blobsToReach, openCollection, READ_AHEAD } from './eventCollection';
import type { GetAllParameters } from './parameters';

export const PRECISION_HINT =
	'Some numbers are too long to keep all their digits in n8n items (beyond 2^53). Use the output File to get the original digits.';

/** Twice as many as most runs have Ids; less than a megabyte, for which one blob alone would be no reason. */
const ID_SLOTS = 1 << 17;

/** A blob's events as they are put out. */
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
	const lookAhead = createLookAhead(READ_AHEAD);
	const kept: Kept[] = [];
	let count = 0;
	let lostPrecision = false;
	const { blobs, report } = await openCollection(
		context,
		parameters,
		client,
		async (blob) => {
			const fetched = await client.blob(blob.contentId, blob.contentType);
			lookAhead.seen(fetched.length);
			return shaped(fetched, blob, parameters);
		},
		() => blobsToReach(parameters, { events: count, blobs: kept.length }, lookAhead),
	);
	const isNew = parameters.deduplicate ? createDeduplicator(createTextSet(ID_SLOTS)) : () => true;
	for await (const { blob, content } of blobs) {
		lostPrecision ||= content.lostPrecision;
		if (content.unusable > 0) {
			report.missing({ contentType: blob.contentType, contentId: blob.contentId, failure: unusableEntries(content.unusable) });
		}
		let events = content.events.filter(isNew);
		if (parameters.output === 'events') {
			if (events.length > parameters.limit - count) events = events.slice(0, parameters.limit - count);
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
	const items: INodeExecutionData[] = [];
	for (const entry of kept) addItems(items, entry, parameters, context.itemIndex);
	for (const item of report.items()) items.push(item);
	return items;
}

/**
 * The events that are wanted, shaped as soon as they are read: a waiting blob holds nothing else, and an event that was just
 * parsed is still in the processor's cache.
 */
function shaped(fetched: FetchedBlob, blob: ContentBlob, parameters: GetAllParameters): FetchedBlob {
	const { matches, output } = parameters;
	const wanted = matches ? fetched.events.filter(matches) : fetched.events;
	const origin = originOf(blob);
	const events = wanted.map((event) =>
		output === 'events' ? toJson(event, origin, parameters) : shapeEvent(event, parameters),
	);
	return { ...fetched, events };
}

function addItems(
	items: INodeExecutionData[],
	{ blob, events }: Kept,
	{ output }: GetAllParameters,
	item: number,
): void {
	if (output === 'content') {
		items.push({ json: { ...originOf(blob), events: events as IDataObject[] }, pairedItem: { item } });
		return;
	}
	// One object for all of them, as n8n's own helpers do; n8n replaces it and never changes it.
	const pairedItem = { item };
	for (const event of events) items.push({ json: event as IDataObject, pairedItem });
}

/** One event as an item: shaped, with a copy of its origin, because users change items in place. */
export function toItem(
	event: AuditEvent,
	origin: EventOrigin,
	shape: ShapeOptions,
	item: number,
): INodeExecutionData {
	return { json: toJson(event, origin, shape) as IDataObject, pairedItem: { item } };
}

function toJson(event: AuditEvent, origin: EventOrigin, shape: ShapeOptions): AuditEvent {
	const json = shapeEvent(event, shape);
	json._content = { ...origin };
	return json;
}
