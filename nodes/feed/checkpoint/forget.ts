import { contentCount, forgetContentBefore, oldestBucketEnd } from './contentMemory';
import { forgetSettled } from './recordListing';
import type { TypeState } from './state';

/**
 * How many settled blobs are remembered beyond what the overlap needs. A tenant with more than that in a day has its
 * daily listing reach back only as far as the memory does, so that nothing is repeated.
 */
export const MAX_REMEMBERED_BLOBS = 20_000;

/**
 * Forgets settled blobs that are not needed any more.
 *
 * @param upTo the watermark of each type, behind which nothing is listed again but for the daily listing
 */
export function forgetSettledBlobs(upTo: Map<TypeState, number>): void {
	for (const [type, watermarkMs] of upTo) forgetSettled(type, watermarkMs);
	let surplus = -MAX_REMEMBERED_BLOBS;
	for (const type of upTo.keys()) surplus += contentCount(type.settled);
	while (surplus > 0) {
		const [oldest, end] = oldestBucket(upTo);
		if (!oldest) return;
		const before = contentCount(oldest.settled);
		oldest.rememberedMs = Math.max(oldest.rememberedMs, end);
		forgetContentBefore(oldest.settled, end);
		surplus -= before - contentCount(oldest.settled);
	}
}

/** The type with the oldest bucket that lies wholly behind its watermark. */
function oldestBucket(upTo: Map<TypeState, number>): [TypeState | undefined, number] {
	let found: TypeState | undefined;
	let foundEnd = Infinity;
	for (const [type, watermarkMs] of upTo) {
		const end = oldestBucketEnd(type.settled) ?? Infinity;
		if (end <= watermarkMs && end < foundEnd) {
			found = type;
			foundEnd = end;
		}
	}
	return [found, foundEnd];
}
