import type { Load } from '../load/types.mts';

/** One listing request's worth: a content type and at most 24 hours. Times as the API wants them. */
export interface ListingWindow {
	contentType: string;
	startTime: string;
	endTime: string;
}

const DAY_MS = 24 * 3_600_000;
/** The tenant's oldest blob is ten minutes younger than the range; Microsoft refuses what began more than 7 days ago. */
const MARGIN_MS = 5 * 60_000;

const withoutZone = (ms: number) => new Date(ms).toISOString().slice(0, 19);

/** The windows that somebody who reads the API's documentation would ask for. */
export function listingWindows({ contentTypes, days }: Load, nowMs: number): ListingWindow[] {
	const starts = Array.from({ length: days }, (_, day) => nowMs - (days - day) * DAY_MS + MARGIN_MS);
	return contentTypes.flatMap((contentType) =>
		starts.map((startMs) => ({
			contentType,
			startTime: withoutZone(startMs),
			endTime: withoutZone(Math.min(nowMs, startMs + DAY_MS)),
		})),
	);
}
