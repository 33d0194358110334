import { createLookAhead } from '../../nodes/feed/lookAhead';

const MEGABYTE = 1024 * 1024;

describe('reading ahead', () => {
	const create = () => createLookAhead({ blobs: 64, bytes: 64 * MEGABYTE });

	it('begins with a few blobs, until a size is known', () => {
		expect(create().blobs(0)).toBe(16);
	});

	it('is wide while blobs are small', () => {
		const lookAhead = create();
		lookAhead.seen(40_000);
		expect(lookAhead.blobs(0)).toBe(64);
	});

	it('holds no more than its budget of blobs as large as the largest of late', () => {
		const lookAhead = create();
		lookAhead.seen(8 * MEGABYTE);
		lookAhead.seen(40_000);
		expect(lookAhead.blobs(0)).toBe(8);
	});

	it('never stops: one blob may be larger than the budget', () => {
		const lookAhead = create();
		lookAhead.seen(300 * MEGABYTE);
		expect(lookAhead.blobs(0)).toBe(1);
	});

	it('recovers after a large blob', () => {
		const lookAhead = create();
		lookAhead.seen(300 * MEGABYTE);
		for (let n = 0; n < 100; n++) lookAhead.seen(40_000);
		expect(lookAhead.blobs(0)).toBe(64);
	});

	it('goes as far as the user’s concurrency instead, within the same budget', () => {
		const lookAhead = create();
		lookAhead.seen(MEGABYTE / 4);
		expect(lookAhead.blobs(5)).toBe(5);
		expect(lookAhead.blobs(500)).toBe(256);
	});
});
