import { recordFailure } from '../../../nodes/feed/checkpoint/backOff';
import { recordRead, recordUnread } from '../../../nodes/feed/checkpoint/readOutcome';
import { createCheckpoint, createTypeState, NO_BACK_OFF } from '../../../nodes/feed/checkpoint/state';
import { FeedFailure } from '../../../nodes/feed/failure';
import { DAY, HOUR, MINUTE, NOW, openBlob as openIn } from './support.mts';

const openBlob = (contentId: string) =>
	openIn(createTypeState('Audit.Exchange', NOW, NOW), contentId, { createdMs: NOW });

describe('a wait that Microsoft asked for', () => {
	it('is not shortened by another failure that names none', () => {
		const backOff = { ...NO_BACK_OFF };
		recordFailure(backOff, NOW, 15 * MINUTE, 20 * MINUTE);
		recordFailure(backOff, NOW + 1, 15 * MINUTE);
		expect(backOff.notBeforeMs).toBe(NOW + 20 * MINUTE);
	});

	it('is not shortened by several blobs in a row that could not be read either', () => {
		const state = createCheckpoint(NOW);
		const type = createTypeState('Audit.Exchange', NOW, NOW);
		const throttled = new FeedFailure({ kind: 'throttled', message: 'throttled', retryAfterMs: 20 * MINUTE });
		const internal = new FeedFailure({ kind: 'transient', code: 'AF50000', message: 'internal' });
		recordUnread(state, type, openBlob('a'), throttled, NOW);
		for (const id of 'bcdefgh') recordUnread(state, type, openBlob(id), internal, NOW + 1);
		expect(type.reading.notBeforeMs).toBe(NOW + 20 * MINUTE);
	});

	it('is not ended by a download that had begun before', () => {
		const state = createCheckpoint(NOW);
		const type = createTypeState('Audit.Exchange', NOW, NOW);
		const retryAfterMs = 20 * MINUTE;
		const throttled = new FeedFailure({ kind: 'throttled', message: 'throttled', retryAfterMs });
		recordUnread(state, type, openBlob('a'), throttled, NOW);
		recordRead(state, type, openBlob('b'), NOW + 1);
		expect(type.reading.notBeforeMs).toBe(NOW + retryAfterMs);
		recordRead(state, type, openBlob('c'), NOW + retryAfterMs);
		expect(type.reading).toEqual(NO_BACK_OFF);
	});
});

describe('a blob that cannot be read', () => {
	const state = () => createCheckpoint(NOW);
	const type = () => createTypeState('Audit.Exchange', NOW, NOW);
	const internal = new FeedFailure({ kind: 'transient', code: 'AF50000', message: 'internal' });
	const gone = new FeedFailure({ kind: 'contentGone', code: 'AF20050', message: 'gone' });

	it('is tried for seven days if it came without a readable expiration', () => {
		const open = openBlob('a');
		expect(recordUnread(state(), type(), open, internal, NOW + 7 * DAY - 1)).toBe('later');
		expect(recordUnread(state(), type(), open, internal, NOW + 7 * DAY)).toBe('lost');
	});

	it('is lost but for the parts that a run holds already: that run may still succeed', () => {
		const open = openBlob('a');
		const held = { from: 0, to: 2, taken: true };
		open.ranges = [held, { from: 2, to: null }];
		expect(recordUnread(state(), type(), open, internal, NOW + 7 * DAY)).toBe('lost');
		expect(open.ranges).toEqual([held]);
	});

	it('is given up when Microsoft has said for an hour that it does not exist', () => {
		const open = openBlob('a');
		let nowMs = NOW;
		for (let tries = 0; recordUnread(state(), type(), open, gone, nowMs) === 'later'; tries++) {
			expect(tries).toBeLessThan(10);
			nowMs = open.reading.notBeforeMs;
		}
		expect(nowMs - NOW).toBeGreaterThanOrEqual(HOUR);
		expect(nowMs - NOW).toBeLessThan(2 * HOUR);
	});

	it.each([undefined, '404', 'NotFound404'])(
		'is tried until it expires when the answer bears no code of Microsoft’s (%s), because it may be a gateway’s',
		(code) => {
			const open = openBlob('a');
			const page = new FeedFailure({ kind: 'contentGone', status: 404, code, message: 'not found' });
			for (let hours = 0; hours < 7 * 24; hours += 6) {
				expect(recordUnread(state(), type(), open, page, NOW + hours * HOUR)).toBe('later');
			}
			expect(recordUnread(state(), type(), open, gone, NOW + 7 * DAY - HOUR - 1)).toBe('later');
			expect(recordUnread(state(), type(), open, gone, NOW + 7 * DAY - 1)).toBe('lost');
		},
	);

	it.each([
		['by many failures of another kind', Array.from({ length: 8 }, () => internal)],
		['by many answers within minutes, after edits that end all waits', Array.from({ length: 8 }, () => gone)],
	])('is not given up %s', (_, failures) => {
		const open = openBlob('a');
		failures.forEach((failure, tries) => recordUnread(state(), type(), open, failure, NOW + tries * MINUTE));
		expect(recordUnread(state(), type(), open, gone, NOW + HOUR - 1)).toBe('later');
	});

	it('is given an hour anew when Microsoft had another answer in between', () => {
		const open = openBlob('a');
		recordUnread(state(), type(), open, gone, NOW);
		recordUnread(state(), type(), open, internal, NOW + MINUTE);
		expect(recordUnread(state(), type(), open, gone, NOW + HOUR)).toBe('later');
		expect(recordUnread(state(), type(), open, gone, NOW + 2 * HOUR)).toBe('lost');
	});

	it('because its poll had to end is as it was', () => {
		const open = openBlob('a');
		const cancelled = new FeedFailure({ kind: 'cancelled', message: 'the time is over' });
		expect(recordUnread(state(), type(), open, cancelled, NOW + 30 * DAY)).toBe('later');
		expect(open).toEqual(openBlob('a'));
	});
});
