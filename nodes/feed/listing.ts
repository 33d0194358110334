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

/**
 * Where a list is taken to have no end. The largest tenants known make 300,000 requests a day, most of them for one blob each, and
 * a window is at most a day of one content type.
 */
const MAX_PAGES = 20_000;
const MAX_ENTRIES = 500_000;

/** If Microsoft's clock is ahead of ours, its seven-day edge is too: the margins tried one after the other. */
const EDGE_MARGINS_MS = [EDGE_MARGIN_MS, 20 * MINUTE_MS, HOUR_MS];

/** The API's two codes for a time range it does not take. */
const TIME_RANGE_CODES = new Set(['AF20030', 'AF20055']);

/** A list that goes on and on: shorter windows may have an end. */
export class EndlessList extends FeedFailure {
	constructor(pages: number, entries: number) {
		super({
			kind: 'transient',
			message: `Microsoft’s content list has no end: ${entries} entries on ${pages} pages, and a link to another one`,
			advice: 'Try a shorter time range. If it stays so, report it to Microsoft’s support.',
		});
	}
}

/**
 * Lists one window of at most 24 hours with all its pages.
 *
 * The start is moved inside the seven days at the moment of sending; what that cuts off is returned as `lost`.
 * A link that went stale or leads in a circle means that pages may be missing, so the window is listed again.
 *
 * @param onPage takes the entries of each page as it comes, those of a listing that has to be made again, too
 * @throws FeedFailure
 */
export async function listWindow(
	source: PageSource,
	window: TimeWindow,
	runtime: Pick<Runtime, 'now'>,
	onPage: (entries: unknown[]) => void = () => undefined,
): Promise<ListedWindow> {
	let restarts = 0;
	let margin = 0;
	for (;;) {
		const { window: open, lost } = clampToRetention(window, runtime.now(), EDGE_MARGINS_MS[margin]);
		if (!open) return { entries: [], lost };
		const listed = await attempt(async () => await followPages(source, open, onPage));
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

async function followPages(
	source: PageSource,
	window: TimeWindow,
	onPage: (entries: unknown[]) => void,
): Promise<unknown[]> {
	const entries: unknown[] = [];
	const visited = new Set<string>();
	let page = await source.firstPage(window);
	for (let pages = 1; ; pages++) {
		for (const entry of page.entries) entries.push(entry);
		onPage(page.entries);
		const next = page.nextPageUri;
		if (!next) return entries;
		if (pages >= MAX_PAGES || entries.length >= MAX_ENTRIES) throw new EndlessList(pages, entries.length);
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

/**
 * As {@link listWindow}, for content: entries checked, each contentId once, in no particular order.
 *
 * @param found takes the usable entries of each page as it comes: what a list has brought before it failed
 */
export async function listContent(
	source: PageSource,
	contentType: ContentType,
	window: TimeWindow,
	runtime: Pick<Runtime, 'now'>,
	found?: (blobs: ContentBlob[]) => void,
): Promise<ListedContent> {
	const parse = (entry: unknown) => parseContentEntry(entry, contentType, window.startMs);
	const onPage = found && ((entries: unknown[]) => found(entries.flatMap((entry) => parse(entry) ?? [])));
	const { entries, lost } = await listWindow(source, window, runtime, onPage);
	const blobs = new Map<string, ContentBlob>();
	let unusable = 0;
	for (const entry of entries) {
		const blob = parse(entry);
		if (!blob) unusable++;
		else if (!blobs.has(blob.contentId)) blobs.set(blob.contentId, blob);
	}
	return { blobs: [...blobs.values()], unusable, ...(lost ? { lost } : {}) };
}
