import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import type { Context } from './context.mts';

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-available-content */
const MAX_RANGE_MS = 24 * 3_600_000;
const MAX_AGE_MS = 7 * MAX_RANGE_MS;
/** `YYYY-MM-DD`, `YYYY-MM-DDTHH:MM`, `YYYY-MM-DDTHH:MM:SS`; always UTC, never with `Z` or an offset. */
const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/;

export interface TimeRange {
	/** Inclusive. */
	startMs: number;
	/** Exclusive. */
	endMs: number;
	/** As the client wrote it; the last 24 h if it wrote nothing. */
	startTime: string;
	endTime: string;
	/** Longer than 24 h, answered with partial results. */
	partial: boolean;
}

/** Reads `startTime` and `endTime`, or says how the API refuses them. */
export function readTimeRange(
	context: Context,
	query: URLSearchParams,
	paging: boolean,
): TimeRange | Answer {
	const { faults } = context;
	const nowMs = context.serverNow();
	// Names are read in any letter case: the API's own next page links say `endtime`.
	const lower = new Map([...query].map(([name, value]) => [name.toLowerCase(), value]));
	const startTime = lower.get('starttime');
	const endTime = lower.get('endtime');
	if (startTime === undefined && endTime === undefined) return last24Hours(nowMs);
	if (!startTime || !endTime) return apiErrors.timeRange('AF20030');
	const startMs = parseTime(startTime);
	const endMs = parseTime(endTime);
	if (Number.isNaN(startMs)) return apiErrors.parameterType('startTime', 'datetime');
	if (Number.isNaN(endMs)) return apiErrors.parameterType('endTime', 'datetime');
	if (endMs < startMs) return apiErrors.timeRange('AF20030');
	// A page of a listing that was begun in time is still served.
	if (!paging && startMs < nowMs - MAX_AGE_MS) return apiErrors.timeRange(faults.oldRange);
	const partial = endMs - startMs > MAX_RANGE_MS;
	if (partial && faults.longRange !== 'partial') return apiErrors.timeRange(faults.longRange);
	return { startMs, endMs, startTime, endTime, partial };
}

function parseTime(text: string): number {
	if (!TIME.test(text)) return Number.NaN;
	const full = `${text}${'T00:00:00'.slice(text.length - 10)}Z`;
	const ms = Date.parse(full);
	// JavaScript reads 31 February as 3 March; the API does not.
	return new Date(ms || 0).toISOString().startsWith(text) ? ms : Number.NaN;
}

function last24Hours(nowMs: number): TimeRange {
	const endMs = Math.floor(nowMs / 1000) * 1000 + 1000;
	const text = (ms: number) => new Date(ms).toISOString().slice(0, 19);
	const startMs = endMs - MAX_RANGE_MS;
	return { startMs, endMs, startTime: text(startMs), endTime: text(endMs), partial: false };
}
