import { createHash } from 'node:crypto';

/** Bits of SHA-256 that are kept. */
export const FINGERPRINT_BITS = 56;

/**
 * What is remembered of a contentId or of an event's Id: the first 56 bits of its SHA-256,
 * as hexadecimal text.
 *
 * A new blob is taken for a seen one only if its fingerprint equals one of the n it is compared with, that is with a
 * probability of n / 2^56. A blob is compared with those whose `contentCreated` falls into the same quarter of an
 * hour (contentMemory.ts): below 1e-12 for up to 72,000 of them, 2.8e-13 for 20,000. An event is compared with the
 * last 5,000 (eventMemory.ts): 7e-14.
 */
export function fingerprint(text: string): string {
	return createHash('sha256').update(text).digest('hex').slice(0, FINGERPRINT_BITS / 4);
}
