import { contentBytes, forgetContentBefore, oldestBucketEnd } from './contentMemory';
import { forgetSettled } from './recordListing';
import type { TypeState } from './state';

/**
 * Forgets settled blobs that are not needed any more. Beyond what the overlap needs, as many are remembered as have room: in
 * a big tenant the daily listing reaches back only as far as the memory does, so that nothing is repeated.
 *
 * @param upTo the watermark of each type, behind which nothing is listed again but for the daily listing
 * @param room for their stored form, in bytes
 */
export function forgetSettledBlobs(upTo: Map<TypeState, number>, room: number): void {
	for (const [type, watermarkMs] of upTo) forgetSettled(type, watermarkMs);
	let surplus = -room;
	for (const type of upTo.keys()) surplus += contentBytes(type.settled);
	while (surplus > 0) {
		const [oldest, end] = oldestBucket(upTo);
		if (!oldest) return;
		const before = contentBytes(oldest.settled);
		oldest.rememberedMs = Math.max(oldest.rememberedMs, end);
		forgetContentBefore(oldest.settled, end);
		surplus -= before - contentBytes(oldest.settled);
	}
}

/** The type with the oldest bucket that lies wholly behind its watermark. */
function oldestBucket(upTo: Map<TypeState, number>): [TypeState | undefined, number] {
	let found: TypeState | undefined;
	let foundEnd = Infinity;
	for (const [type, watermarkMs] of upTo) {
		const end = oldestBucketEnd(type.settled);
		if (end <= watermarkMs && end < foundEnd) {
			found = type;
			foundEnd = end;
		}
	}
	return [found, foundEnd];
}
