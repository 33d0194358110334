/** How far to read ahead: many small blobs, few large ones, because what is read ahead waits in memory. */
export interface LookAhead {
	/** The size of a blob that was read, in bytes. */
	seen(length: number): void;
	/** @param limit the user's concurrency; 0: automatic */
	blobs(limit: number): number;
}

export interface LookAheadBounds {
	/** Blobs at once, as long as they are small and the user sets nothing else. */
	blobs: number;
	/** What they may amount to; parsed they take two to three times as much. */
	bytes: number;
}

/** Until the first size is known. */
const FIRST_BLOBS = 16;

export function createLookAhead(bounds: LookAheadBounds): LookAhead {
	let typical = 0;
	return {
		seen(length) {
			// Grows at once, because one large blob seldom comes alone, and shrinks slowly.
			typical = Math.max(length, typical * 0.9);
		},
		blobs(limit) {
			const fitting = typical === 0 ? FIRST_BLOBS : Math.floor(bounds.bytes / typical);
			return Math.max(1, Math.min(limit || bounds.blobs, fitting));
		},
	};
}
