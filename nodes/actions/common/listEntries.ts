import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { attempt } from '../../feed/attempt';
import type { FeedFailure } from '../../feed/failure';
import { listWindow, type PageSource } from '../../feed/listing';
import { mapInOrder } from '../../feed/mapInOrder';
import { isRecord } from '../../feed/parseBlob';
import { parseUtc, toReadable } from '../../feed/time';
import { toText } from '../../feed/toText';
import type { ContentType, TimeWindow } from '../../feed/types';
import { planWindows } from '../../feed/windows';
import type { OperationContext } from '../types';
import { readNumber } from './parameters';
import { createReport } from './report';
import { readTimeRange } from './timeRange';

/** Windows are listed side by side. */
const LOOK_AHEAD = 4;

export interface EntryList {
	contentTypes: ContentType[];
	source(contentType: ContentType): PageSource;
	/** What makes two entries the same one, listed twice. */
	identity(entry: IDataObject): string;
}

interface Listed {
	contentType: ContentType;
	window: TimeWindow;
	entries: unknown[];
	lost?: TimeWindow;
	failure?: FeedFailure;
}

/**
 * Lists the entries of a paged resource over the Time Range of an input item, as Microsoft sent them, oldest first, each once.
 * A content type that is refused is reported beside the others; if all are refused, it fails.
 *
 * @throws FeedFailure, NodeOperationError
 */
export async function listEntries(context: OperationContext, list: EntryList): Promise<INodeExecutionData[]> {
	const { node, itemIndex, runtime } = context;
	const { range, note } = readTimeRange(node, itemIndex, runtime.now());
	if (note) context.hint(note);
	const limit = readLimit(context);
	const report = createReport(context, 'report');
	const entries = new Map<string, IDataObject>();
	let succeeded = false;
	let failure: FeedFailure | undefined;
	const jobs = planWindows(range).flatMap((window) =>
		list.contentTypes.map((contentType) => ({ contentType, window })),
	);
	const listings = mapInOrder(
		jobs,
		async ({ contentType, window }): Promise<Listed> => {
			const source = list.source(contentType);
			const listing = await attempt(async () => await listWindow(source, window, runtime));
			if (listing.ok) return { contentType, window, ...listing.value };
			if (listing.failure.kind === 'cancelled') throw listing.failure;
			return { contentType, window, entries: [], failure: listing.failure };
		},
		LOOK_AHEAD,
	);
	for await (const listed of listings) {
		const { contentType, window, lost } = listed;
		if (listed.failure) {
			failure ??= listed.failure;
			report.missing({ contentType, window, failure: listed.failure });
			continue;
		}
		succeeded = true;
		if (lost) context.hint(`${contentType}: entries before ${toReadable(lost.endMs)} could no longer be listed.`);
		for (const entry of listed.entries) {
			if (!isRecord(entry)) continue;
			const key = list.identity(entry as IDataObject);
			if (!entries.has(key)) entries.set(key, entry as IDataObject);
		}
	}
	if (failure && !succeeded) throw failure;
	report.finish();
	const sorted = [...entries.values()].sort(byCreated);
	const newest = limit === Infinity ? sorted : sorted.slice(Math.max(0, sorted.length - limit));
	const items = newest.map((json) => ({ json, pairedItem: { item: itemIndex } }));
	return items.concat(report.items() as typeof items);
}

/** Return All and Limit. */
export function readLimit({ node, itemIndex }: OperationContext): number {
	if (node.getNodeParameter('returnAll', itemIndex, false) === true) return Infinity;
	const value: unknown = node.getNodeParameter('limit', itemIndex, 50);
	return readNumber(node, 'Limit', value, { min: 1, itemIndex });
}

function byCreated(a: IDataObject, b: IDataObject): number {
	const difference = (parseUtc(a.contentCreated) ?? 0) - (parseUtc(b.contentCreated) ?? 0);
	if (difference !== 0) return difference;
	const [idA, idB] = [toText(a.contentId), toText(b.contentId)];
	return idA === idB ? 0 : idA < idB ? -1 : 1;
}
