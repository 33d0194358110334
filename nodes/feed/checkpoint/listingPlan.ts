import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../time';
import type { TimeWindow } from '../types';
import { MAX_WINDOW_MS, retentionEdge } from '../windows';
import type { TypeState } from './state';

/** How far our clock and Microsoft's may differ without a blob being lost. */
export const CLOCK_SKEW_MS = 10 * MINUTE_MS;

/** Windows are not made shorter than this. */
export const MIN_WINDOW_MS = HOUR_MS / 4;

/** Between two listings of the whole overlap, polls list only what is at most this old. */
export const SHORT_OVERLAP_MS = 15 * MINUTE_MS;

/** One pass over what is to be listed now, cut into windows as it goes. */
export interface ListingPass {
	contentType: TypeState['contentType'];
	/** Where the next window starts. */
	atMs: number;
	startedMs: number;
	wholeOverlap: boolean;
	wholeDay: boolean;
	/** Longest window; halved when windows turn out to be full, or take longer than a poll. */
	maxWindowMs: number;
	/** This poll has listed a window of it; its time ran out, and the next one goes on. */
	advanced?: boolean;
	interrupted?: boolean;
	/** It stepped over content at `finalMs` whose list has no end. */
	steppedOver?: TimeWindow;
	/** Behind that something was listed to its end. */
	listedBehind?: boolean;
}

/** Content that had not been listed before and is not any more: Microsoft no longer lists it, or its list has no end. */
export interface LostInterval {
	contentType: TypeState['contentType'];
	startMs: number;
	endMs: number;
	unending?: true;
}

/**
 * Begins a pass: over the news, the whole overlap every quarter of an hour, the last 24 hours once a day, and as often as the
 * overlap while the subscription is fresh.
 */
export function beginPass(type: TypeState, nowMs: number): ListingPass {
	const overlapDue = nowMs - type.overlapListedMs >= SHORT_OVERLAP_MS;
	const wholeDay = nowMs - type.dayListedMs >= DAY_MS || (overlapDue && nowMs < (type.freshUntilMs ?? 0));
	const wholeOverlap = wholeDay || overlapDue;
	// A clock that was set back must not make us wait until it has caught up.
	const news = Math.min(type.frontierMs, nowMs) - SHORT_OVERLAP_MS;
	let atMs = wholeOverlap ? type.finalMs : Math.max(type.finalMs, news);
	if (wholeDay) atMs = Math.min(atMs, Math.max(nowMs - DAY_MS, type.rememberedMs));
	return {
		contentType: type.contentType,
		atMs: Math.max(atMs, type.startMs),
		startedMs: nowMs,
		wholeOverlap,
		wholeDay,
		maxWindowMs: type.unending !== undefined ? MIN_WINDOW_MS : MAX_WINDOW_MS,
	};
}

/**
 * The next window of a pass: whole seconds, at most 24 hours, inside Microsoft's seven days.
 *
 * A pass ends where the present was when it began. Where each listing takes a second or more, there would otherwise always be
 * another second to list, and no time to hand anything out.
 *
 * @returns no window when the pass has reached its end; `lost` if its start is too old to be listed
 */
export function nextWindow(
	pass: ListingPass,
	nowMs: number,
): { window?: TimeWindow; lost?: LostInterval } {
	const edgeMs = retentionEdge(nowMs);
	const lost =
		pass.atMs < edgeMs
			? { contentType: pass.contentType, startMs: pass.atMs, endMs: edgeMs }
			: undefined;
	const startMs = Math.floor(Math.max(pass.atMs, edgeMs) / SECOND_MS) * SECOND_MS;
	const endMs = Math.min(startMs + pass.maxWindowMs, Math.floor(pass.startedMs / SECOND_MS) * SECOND_MS);
	return { window: endMs > startMs ? { startMs, endMs } : undefined, lost };
}
