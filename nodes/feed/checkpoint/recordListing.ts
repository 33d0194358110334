import { DAY_MS } from '../time';
import type { ContentBlob, TimeWindow } from '../types';
import { forgetContentBefore, hasContent, hasContentOfAnyTime } from './contentMemory';
import { CLOCK_SKEW_MS, type ListingPass, type LostInterval } from './listingPlan';
import { markUnstored, NO_BACK_OFF, type Checkpoint, type OpenBlob, type TypeState } from './state';

/** With some twenty minutes in between, six hours or more; sooner than what cannot be listed at all is told. */
const TRIES_OF_UNENDING = 20;

export interface Listing {
	window: TimeWindow;
	/** When the listing began: it holds nothing that became visible later. */
	listedMs: number;
	blobs: ContentBlob[];
}

/**
 * Takes in the answer for one window.
 *
 * @returns how many blobs were new
 */
export function recordListing(
	state: Checkpoint,
	type: TypeState,
	listing: Listing,
	overlapMs: number,
): number {
	const { window, listedMs } = listing;
	const news = recordFound(type, listing);
	if (window.startMs <= type.frontierMs) {
		type.frontierMs = Math.max(type.frontierMs, window.endMs);
	}
	if (window.startMs <= type.finalMs) {
		// Blobs may still be listed late within the overlap, so the end of the window is not final yet.
		const finalMs = Math.min(window.endMs, listedMs - overlapMs - CLOCK_SKEW_MS);
		if (finalMs > type.finalMs) delete type.unending;
		type.finalMs = Math.max(type.finalMs, finalMs);
	}
	markUnstored(state, 'times');
	return news;
}

/**
 * Takes in blobs of a listing that has not reached its end: they can be delivered, and nothing is known of what may be missing.
 *
 * @returns how many were new
 */
export function recordFound(type: TypeState, { listedMs, blobs }: Pick<Listing, 'listedMs' | 'blobs'>): number {
	let news = 0;
	for (const blob of blobs) {
		if (!isNew(type, blob)) continue;
		type.open.set(blob.contentId, {
			blob,
			ranges: [{ from: 0, to: null }],
			reading: { ...NO_BACK_OFF },
			listedMs,
			touched: false,
		});
		news++;
	}
	return news;
}

function isNew(type: TypeState, { contentId, createdMs, undated }: ContentBlob): boolean {
	if (type.open.has(contentId)) return false;
	if (undated) return !hasContentOfAnyTime(type.settled, contentId);
	return createdMs >= Math.max(type.startMs, type.rememberedMs) && !hasContent(type.settled, contentId, createdMs);
}

/** The list of the window has no end: what comes after it is listed first. It stays to be listed, as nothing is final behind it. */
export function stepOver(type: TypeState, pass: ListingPass, window: TimeWindow): void {
	pass.atMs = window.endMs;
	if (window.startMs <= type.frontierMs) type.frontierMs = Math.max(type.frontierMs, window.endMs);
	if (window.startMs > type.finalMs || window.endMs <= type.finalMs) return;
	pass.steppedOver = window;
	// The next pass need not find out again how short a window has to be.
	type.unending ??= 0;
}

/**
 * Called when a pass has reached its end.
 *
 * @returns what could not be listed to its end so often that it has to be given up, although all else could
 */
export function finishPass(type: TypeState, pass: ListingPass): TimeWindow | undefined {
	if (pass.wholeOverlap) type.overlapListedMs = pass.startedMs;
	if (pass.wholeDay) type.dayListedMs = pass.startedMs;
	if (!pass.steppedOver || !pass.listedBehind) return undefined;
	type.unending = (type.unending ?? 0) + 1;
	return type.unending < TRIES_OF_UNENDING ? undefined : pass.steppedOver;
}

/** Steps over what can no longer be listed; the caller reports it. */
export function skipLostInterval(state: Checkpoint, type: TypeState, lost: LostInterval): void {
	delete type.unending;
	type.finalMs = Math.max(type.finalMs, lost.endMs);
	type.frontierMs = Math.max(type.frontierMs, lost.endMs);
	markUnstored(state, 'urgent');
}

/** Every blob created before this is settled or stored in its own right: where a restart begins to list. */
export function watermark(type: TypeState, isStored: (open: OpenBlob) => boolean): number {
	let watermarkMs = type.finalMs;
	for (const open of type.open.values()) {
		if (!isStored(open)) watermarkMs = Math.min(watermarkMs, open.blob.createdMs);
	}
	return watermarkMs;
}

/** Forgets settled blobs that no listing can bring again: older than the watermark and than the next daily listing. */
export function forgetSettled(type: TypeState, watermarkMs: number): void {
	// While the subscription is fresh, the last 24 hours are listed again and again.
	const isFresh = type.dayListedMs < (type.freshUntilMs ?? 0);
	const beforeMs = Math.min(watermarkMs, type.dayListedMs - (isFresh ? DAY_MS : 0));
	type.rememberedMs = Math.max(type.rememberedMs, beforeMs);
	forgetContentBefore(type.settled, type.rememberedMs);
}
