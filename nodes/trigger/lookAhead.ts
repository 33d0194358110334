/** Blobs that are read ahead wait in memory; their text takes about three times as much there. */
const READ_AHEAD_CHARACTERS = 24 * 1024 * 1024;

/** Enough to hide the latency of small blobs. */
const AUTOMATIC_BLOBS = 16;

/** How far to read ahead: many small blobs, few large ones. */
export interface LookAhead {
	/** The size of a blob that was read, in characters. */
	seen(length: number): void;
	/** @param limit the user's concurrency; 0: automatic */
	blobs(limit: number): number;
}

export function createLookAhead(): LookAhead {
	let typical = 0;
	return {
		seen(length) {
			// Grows at once, because one large blob seldom comes alone, and shrinks slowly.
			typical = Math.max(length, typical * 0.9);
		},
		blobs(limit) {
			const fitting = Math.floor(READ_AHEAD_CHARACTERS / Math.max(typical, 1));
			return Math.max(1, Math.min(limit || AUTOMATIC_BLOBS, fitting));
		},
	};
}
