import { DAY_MS, MINUTE_MS, SECOND_MS } from './time';
import type { TimeWindow } from './types';

/**
 * One listing may span at most 24 hours; beyond that the API answers an error or, worse, 200 with a part of the content.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-available-content
 */
export const MAX_WINDOW_MS = DAY_MS;

/** Content can be listed for seven days after it became available (same page). */
export const RETENTION_MS = 7 * DAY_MS;

/**
 * How far inside the seven days a listing starts. The edge moves while a request waits and travels, and the two clocks
 * differ; other collectors use the same five minutes (167 h 55 min).
 */
export const EDGE_MARGIN_MS = 5 * MINUTE_MS;

/** The earliest start of a listing that is sent now. */
export function retentionEdge(nowMs: number, marginMs = EDGE_MARGIN_MS): number {
	return Math.ceil((nowMs - RETENTION_MS + marginMs) / SECOND_MS) * SECOND_MS;
}

/**
 * Cuts a range into windows of at most 24 hours, oldest first, on whole seconds: the API has no finer unit, so the range
 * is widened to the seconds that contain it.
 */
export function planWindows(range: TimeWindow, maxWindowMs = MAX_WINDOW_MS): TimeWindow[] {
	const startMs = Math.floor(range.startMs / SECOND_MS) * SECOND_MS;
	const endMs = Math.ceil(range.endMs / SECOND_MS) * SECOND_MS;
	const windows: TimeWindow[] = [];
	for (let from = startMs; from < endMs; from += maxWindowMs) {
		windows.push({ startMs: from, endMs: Math.min(from + maxWindowMs, endMs) });
	}
	return windows;
}

/**
 * Moves the start of a window inside what can still be listed.
 *
 * @returns the window to ask for (undefined if all of it is too old) and the interval that can no longer be listed.
 */
export function clampToRetention(
	window: TimeWindow,
	nowMs: number,
	marginMs = EDGE_MARGIN_MS,
): { window?: TimeWindow; lost?: TimeWindow } {
	const edgeMs = retentionEdge(nowMs, marginMs);
	if (window.startMs >= edgeMs) return { window };
	if (window.endMs <= edgeMs) return { lost: window };
	return {
		window: { startMs: edgeMs, endMs: window.endMs },
		lost: { startMs: window.startMs, endMs: edgeMs },
	};
}
