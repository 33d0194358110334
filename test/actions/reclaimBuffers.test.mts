import { createReclaimer } from '../../nodes/actions/event/reclaimBuffers';

const MB = 1024 * 1024;
const RealBuffer = globalThis.ArrayBuffer;

/** Sizes of the buffers that are made while `work` runs. */
function buffersMade(work: () => void, isPossible = true): number[] {
	const made: number[] = [];
	class Watched extends RealBuffer {
		constructor(bytes: number) {
			made.push(bytes);
			if (!isPossible) throw new RangeError('Array buffer allocation failed');
			super(8);
		}
	}
	globalThis.ArrayBuffer = Watched as ArrayBufferConstructor;
	try {
		work();
	} finally {
		globalThis.ArrayBuffer = RealBuffer;
	}
	return made;
}

function read(chunkBytes: number, totalBytes: number) {
	return () => {
		const consumed = createReclaimer();
		for (let bytes = 0; bytes < totalBytes; bytes += chunkBytes) consumed(chunkBytes);
	};
}

describe('buffers that a download leaves behind', () => {
	it('are asked back after the first 4 MB, and then each time 16 MB more were read', () => {
		expect(buffersMade(read(MB, 3 * MB))).toEqual([]);
		expect(buffersMade(read(MB, 4 * MB))).toEqual([64 * MB]);
		expect(buffersMade(read(64 * 1024, 19 * MB))).toHaveLength(1);
		expect(buffersMade(read(64 * 1024, 20 * MB))).toHaveLength(2);
		expect(buffersMade(read(MB, 164 * MB))).toHaveLength(11);
		expect(buffersMade(read(40 * MB, 80 * MB))).toHaveLength(2);
	});

	it('are left to V8 where no more address space is to be had', () => {
		expect(buffersMade(read(MB, 32 * MB), false)).toHaveLength(2);
	});
});
