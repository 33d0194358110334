import { attempt } from './attempt';
import { parseContentEntry } from './contentEntry';
import { FeedFailure } from './failure';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './time';
import type { ContentBlob, ContentType, Runtime, TimeWindow } from './types';
import { clampToRetention, EDGE_MARGIN_MS } from './windows';

/** One answer of a paged listing: its entries, unchecked, and the link to the next page. */
export interface Page {
	entries: unknown[];
	nextPageUri?: string;
}

/** How pages are fetched; both throw FeedFailure. */
export interface PageSource {
	firstPage(window: TimeWindow): Promise<Page>;
	nextPage(uri: string): Promise<Page>;
}

/** What one window held. Entries as Microsoft sent them, in the order they came. */
export interface ListedWindow {
	entries: unknown[];
	/** The part of the window that was already older than Microsoft keeps. */
	lost?: TimeWindow;
}

/** A window is listed again when its links to further pages break; after this often it is a failure. */
const MAX_RESTARTS = 3;

/** If Microsoft's clock is ahead of ours, its seven-day edge is too: the margins tried one after the other. */
const EDGE_MARGINS_MS = [EDGE_MARGIN_MS, 20 * MINUTE_MS, HOUR_MS];

/** The API's two codes for a time range it does not take. */
const TIME_RANGE_CODES = new Set(['AF20030', 'AF20055']);

/**
 * Lists one window of at most 24 hours with all its pages.
 *
 * The start is moved inside the seven days at the moment of sending; what that cuts off is returned as `lost`.
 * A link that went stale or leads in a circle means that pages may be missing, so the window is listed again.
 *
 * @throws FeedFailure
 */
export async function listWindow(
	source: PageSource,
	window: TimeWindow,
	runtime: Pick<Runtime, 'now'>,
): Promise<ListedWindow> {
	let restarts = 0;
	let margin = 0;
	for (;;) {
		const { window: open, lost } = clampToRetention(window, runtime.now(), EDGE_MARGINS_MS[margin]);
		if (!open) return { entries: [], lost };
		const listed = await attempt(async () => await followPages(source, open));
		if (listed.ok) return { entries: listed.value, ...(lost ? { lost } : {}) };
		const { failure } = listed;
		const nearEdge = open.startMs < runtime.now() - 6 * DAY_MS;
		if (TIME_RANGE_CODES.has(failure.code ?? '') && nearEdge && margin + 1 < EDGE_MARGINS_MS.length) {
			margin++;
		} else if (failure.kind === 'stalePage' && restarts < MAX_RESTARTS) {
			restarts++;
		} else {
			throw failure;
		}
	}
}

async function followPages(source: PageSource, window: TimeWindow): Promise<unknown[]> {
	const entries: unknown[] = [];
	const visited = new Set<string>();
	let page = await source.firstPage(window);
	for (;;) {
		for (const entry of page.entries) entries.push(entry);
		const next = page.nextPageUri;
		if (!next) return entries;
		if (visited.has(next)) {
			throw new FeedFailure({
				kind: 'stalePage',
				message: 'Microsoft’s links from page to page of the content list lead in a circle',
				advice: 'This usually passes. Try again in a few minutes.',
			});
		}
		visited.add(next);
		page = await source.nextPage(next);
	}
}

/** Content of one type in one window, checked and without repeats. */
export interface ListedContent {
	blobs: ContentBlob[];
	/** Entries without a usable contentId. */
	unusable: number;
	lost?: TimeWindow;
}

/** As {@link listWindow}, for content: entries checked, each contentId once, in no particular order. */
export async function listContent(
	source: PageSource,
	contentType: ContentType,
	window: TimeWindow,
	runtime: Pick<Runtime, 'now'>,
): Promise<ListedContent> {
	const { entries, lost } = await listWindow(source, window, runtime);
	const blobs = new Map<string, ContentBlob>();
	let unusable = 0;
	for (const entry of entries) {
		const blob = parseContentEntry(entry, contentType, window.startMs);
		if (!blob) unusable++;
		else if (!blobs.has(blob.contentId)) blobs.set(blob.contentId, blob);
	}
	return { blobs: [...blobs.values()], unusable, ...(lost ? { lost } : {}) };
}
