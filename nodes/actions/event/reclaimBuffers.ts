const MB = 1024 * 1024;

/** So many bytes may come before those that nobody needs any more are to be let go. */
const EVERY_BYTES = 16 * MB;
/** Sooner at first, when V8 waits longest; but a small file leaves nothing behind that would be worth it. */
const FIRST_BYTES = 4 * MB;

/**
 * By so much the memory outside of V8's heap has to grow before V8 looks for buffers that are no longer needed
 * (`kExternalAllocationSoftLimit`). A node can neither ask for a collection nor set this.
 * https://github.com/v8/v8/blob/main/include/v8-internal.h
 */
const PATIENCE_BYTES = 64 * MB;

/**
 * Keeps the buffers that a long download leaves behind from gathering. Every 16 MB it makes a buffer as large as V8's patience and
 * forgets it. Nobody writes to it, so it takes address space and no memory; but V8 counts it, and begins to look for what is no longer
 * needed. That is done anyway once 64 MB have gathered, and all of them stay with the process then. To look more often costs
 * processor time, the more the larger n8n's own heap is; docs/performance.md has the figures.
 *
 * @returns to be told of all bytes that are read
 */
export function createReclaimer(): (bytes: number) => void {
	let bytesLeft = FIRST_BYTES;
	return (bytes) => {
		bytesLeft -= bytes;
		if (bytesLeft > 0) return;
		bytesLeft = EVERY_BYTES;
		try {
			void new ArrayBuffer(PATIENCE_BYTES);
		} catch {
			// No address space is left: V8 has just done all it can to find some.
		}
	};
}
