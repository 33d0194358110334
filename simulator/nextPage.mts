import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import type { ApiRequest, Context } from './context.mts';
import type { TimeRange } from './timeRange.mts';

export interface PageCursor {
	/** The listing as of this moment. */
	snapshotMs: number;
	offset: number;
	/** Entries on this page. */
	size: number;
	/** How many pages came before. */
	page: number;
}

/** `2015101900R022885001761`: a date, `R`, and what only the API understands. */
const NEXT_PAGE = /^(\d{13})R(\d{9})P(\d+)$/;

export function readNextPage(context: Context, query: URLSearchParams): PageCursor | Answer {
	const { faults, clock } = context;
	const text = query.get('nextPage');
	if (text === null) return sized(context, { snapshotMs: clock.now(), offset: 0, page: 0 });
	const [, snapshotMs, offset, page] = NEXT_PAGE.exec(text) ?? [];
	if (snapshotMs === undefined) return apiErrors.nextPage(text);
	if (faults.nextPageStale > 0) {
		faults.nextPageStale--;
		return apiErrors.nextPage(text);
	}
	return sized(context, {
		snapshotMs: Number(snapshotMs),
		offset: Number(offset),
		page: Number(page),
	});
}

function sized({ faults }: Context, cursor: Omit<PageCursor, 'size'>): PageCursor {
	return { ...cursor, size: cursor.page < faults.emptyPages ? 0 : faults.pageSize };
}

/** The header that leads to the next page, with whatever is wrong with it. */
export function nextPageHeaders(
	context: Context,
	request: ApiRequest,
	range: TimeRange,
	cursor: PageCursor,
	total: number,
): Record<string, string> {
	const { faults, foreignUrl } = context;
	const offset = cursor.offset + cursor.size;
	const more = offset < total;
	if (!more && !faults.nextPageLoop)
		return faults.nextPageEmpty ? { [faults.nextPageHeader]: '' } : {};
	const next = faults.nextPageLoop
		? { offset: cursor.offset, page: cursor.page }
		: { offset, page: cursor.page + 1 };
	const publisher = request.query.get('PublisherIdentifier');
	const query = [
		`contentType=${request.query.get('contentType')}`,
		`startTime=${range.startTime}`,
		`${faults.nextPageEndTime}=${range.endTime}`,
		`nextPage=${cursor.snapshotMs}R${String(next.offset).padStart(9, '0')}P${next.page}`,
		...(faults.nextPagePublisher && publisher ? [`PublisherIdentifier=${publisher}`] : []),
	].join('&');
	const host = faults.nextPageHost === 'foreign' ? foreignUrl : request.origin;
	const path = `/api/${faults.nextPageVersion}/${request.tenantId}/activity/feed/${request.operation}`;
	return { [faults.nextPageHeader]: `${host}${path}?${query}` };
}
