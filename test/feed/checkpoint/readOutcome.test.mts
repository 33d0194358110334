import { isNewTrouble, recordRead, recordUnread } from '../../../nodes/feed/checkpoint/readOutcome';
import { FeedFailure, type FailureKind } from '../../../nodes/feed/failure';
import type { Checkpoint, OpenBlob, TypeState } from '../../../nodes/feed/checkpoint/state';
import { checkpointOf, DAY, HOUR, MINUTE, NOW, openBlob, typeIn } from './support.mts';

function failure(kind: FailureKind, retryAfterMs?: number): FeedFailure {
	return new FeedFailure({ kind, message: 'as the server said', retryAfterMs });
}

function listed(life: { expiresMs?: number } = {}) {
	const state = checkpointOf();
	const type = typeIn(state);
	const open = openBlob(type, 'a');
	Object.assign(open.blob, life);
	const fail = (kind: FailureKind, nowMs = NOW, retryAfterMs?: number) =>
		recordUnread(state, type, open, failure(kind, retryAfterMs), nowMs);
	return { state, type, open, fail };
}

describe('a blob that was read', () => {
	it('counts for its type: failures before are forgotten, and so are its own', () => {
		const { state, type, open } = listed();
		type.reading = { failures: 5, notBeforeMs: NOW };
		open.reading = { failures: 2, notBeforeMs: NOW - 1 };
		recordRead(state, type, open, NOW);
		expect([type.reading, open.reading]).toEqual(Array(2).fill({ failures: 0, notBeforeMs: 0 }));
		expect(state.unstored).toBe('settled');
	});

	it('does not end the wait that the server asked for in the meantime', () => {
		const { state, type, open } = listed();
		type.reading = { failures: 1, notBeforeMs: NOW + 1 };
		recordRead(state, type, open, NOW);
		expect(type.reading).toEqual({ failures: 1, notBeforeMs: NOW + 1 });
	});

	it('is nothing that must be stored if it never failed', () => {
		const { state, type, open } = listed();
		recordRead(state, type, open, NOW);
		expect(state.unstored).toBe('nothing');
	});
});

describe('a blob that could not be read', () => {
	it('is tried again after one minute, then two, and so on up to six hours; that is stored', () => {
		const { state, type, open, fail } = listed({ expiresMs: NOW + 7 * DAY });
		const waits = Array.from({ length: 11 }, () => {
			expect(fail('transient')).toBe('later');
			const waitMs = open.reading.notBeforeMs - NOW;
			recordRead(state, type, openBlob(type, 'another'), NOW);
			return waitMs / MINUTE;
		});
		expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
		expect(open.touched).toBe(true);
		expect(state.unstored).toBe('settled');
	});

	it('waits for a quarter of an hour at most while nothing else of its type can be read, either', () => {
		const { open, fail } = listed();
		for (let count = 0; count < 11; count++) fail('permission');
		expect(open.reading.notBeforeMs - NOW).toBe(15 * MINUTE);
	});

	it('waits as long as the server asked', () => {
		const { open, fail } = listed();
		fail('transient', NOW, 10 * MINUTE);
		expect(open.reading.notBeforeMs).toBe(NOW + 10 * MINUTE);
	});

	it('is lost when it has expired, and not before', () => {
		const { state, type, open, fail } = listed({ expiresMs: NOW + DAY });
		expect(fail('transient', NOW + DAY - 1)).toBe('later');
		open.ranges = [{ from: 0, to: 5 }, { from: 5, to: 9, batch: 3 }];
		expect(fail('transient', NOW + DAY)).toBe('lost');
		expect(type.open.size).toBe(0);
		expect(state.unstored).toBe('urgent');
	});

	it('is lost seven days after it was listed if nobody said when it expires', () => {
		const { open, fail } = listed();
		expect(fail('transient', open.listedMs + 7 * DAY - 1)).toBe('later');
		expect(fail('transient', open.listedMs + 7 * DAY)).toBe('lost');
	});

	it('keeps the part that a run holds already, which may still succeed', () => {
		const { type, open, fail } = listed({ expiresMs: NOW });
		open.ranges = [{ from: 0, to: 5, taken: true }, { from: 5, to: null }];
		expect(fail('unreadable')).toBe('lost');
		expect(open.ranges).toEqual([{ from: 0, to: 5, taken: true }]);
		expect(type.open.size).toBe(1);
	});

	it('is not given up for other reasons, however often', () => {
		const { fail } = listed();
		expect(Array.from({ length: 9 }, () => fail('unreadable'))).not.toContain('lost');
	});
});

describe('a failure that is not the blob’s own', () => {
	it('for throttling makes its type wait, up to a quarter of an hour, and not the blob', () => {
		const { state, type, open, fail } = listed({ expiresMs: NOW });
		const waits = Array.from({ length: 6 }, () => {
			const nowMs = Math.max(NOW, type.reading.notBeforeMs);
			expect(fail('throttled', nowMs)).toBe('later');
			return (type.reading.notBeforeMs - nowMs) / MINUTE;
		});
		expect(waits).toEqual([1, 2, 4, 8, 15, 15]);
		expect(open.reading).toEqual({ failures: 0, notBeforeMs: 0 });
		expect([open.touched, state.unstored]).toEqual([false, 'nothing']);
	});

	it.each(['noSubscription', 'signIn', 'permission', 'auditingOff', 'badRequest'] as const)(
		'may be it all the same: a blob that is refused (%s) waits by itself, and is lost when it has expired',
		(kind) => {
			const { type, open, fail } = listed({ expiresMs: NOW + DAY });
			expect(Array.from({ length: 4 }, () => fail(kind))).toEqual(Array(4).fill('later'));
			expect([open.reading.failures, type.reading.failures, type.reading.notBeforeMs]).toEqual([4, 1, 0]);
			expect(fail(kind, NOW + DAY)).toBe('lost');
		},
	);

	it('waits as long as the server asked', () => {
		const { type, fail } = listed();
		fail('throttled', NOW, 20 * MINUTE);
		expect(type.reading.notBeforeMs).toBe(NOW + 20 * MINUTE);
	});

	it('is one with those of the requests that were under way, of which one may ask for a longer wait', () => {
		const { type, fail } = listed();
		for (let count = 0; count < 20; count++) fail('throttled', NOW + count);
		expect(type.reading).toEqual({ failures: 1, notBeforeMs: NOW + MINUTE });
		fail('throttled', NOW + MINUTE - 1, 20 * MINUTE);
		expect(type.reading).toEqual({ failures: 1, notBeforeMs: NOW + 21 * MINUTE - 1 });
	});

	it('is not told by a run that was stopped: nothing is known then', () => {
		const { type, open, fail } = listed({ expiresMs: NOW });
		expect(fail('cancelled')).toBe('later');
		expect([type.reading.failures, open.reading.failures]).toEqual([0, 0]);
	});
});

describe('several blobs of a type that fail', () => {
	/** Minutes that the type waits after that many different blobs failed, one after the other or side by side. */
	function waitAfter(blobs: number, { times = 1, sideBySide = false } = {}): number {
		const state = checkpointOf();
		const type = typeIn(state);
		let nowMs = NOW;
		for (let number = 1; number <= blobs; number++) {
			const open = openBlob(type, `${number}`);
			if (!sideBySide) nowMs = Math.max(nowMs, type.reading.notBeforeMs);
			for (let count = 0; count < times; count++) recordUnread(state, type, open, failure('transient'), nowMs);
		}
		return type.reading.notBeforeMs && (type.reading.notBeforeMs - nowMs) / MINUTE;
	}

	it('make the type wait from the fifth on, up to a quarter of an hour', () => {
		expect([1, 4, 5, 6, 7, 8, 9, 20].map((blobs) => waitAfter(blobs))).toEqual([0, 0, 1, 2, 4, 8, 15, 15]);
	});

	it('make it wait for a minute however many fail side by side, because the trouble may be over then', () => {
		expect([4, 5, 6, 9, 50].map((blobs) => waitAfter(blobs, { sideBySide: true }))).toEqual([0, 1, 1, 1, 1]);
	});

	it('count once each, however often they fail', () => {
		expect(waitAfter(4, { times: 9 })).toBe(0);
	});

	it('count each time once the type is taken to be unreadable, so that what is tried next changes', () => {
		const state = checkpointOf();
		const type = typeIn(state);
		const blobs = Array.from({ length: 5 }, (_, number) => openBlob(type, `${number}`));
		for (const open of [...blobs, blobs[0]!, blobs[0]!]) {
			recordUnread(state, type, open, failure('transient'), Math.max(NOW, type.reading.notBeforeMs));
		}
		expect(type.reading.failures).toBe(7);
	});

	it('because they have expired, or because Microsoft says that they are gone, say nothing about the others', () => {
		const state = checkpointOf();
		const type = typeIn(state);
		const gone = new FeedFailure({ kind: 'contentGone', code: 'AF20050', message: 'gone' });
		for (let number = 1; number <= 20; number++) {
			const open = openBlob(type, `${number}`);
			recordUnread(state, type, open, gone, NOW);
			recordUnread(state, type, openBlob(type, 'old', { listedMs: NOW - 8 * DAY }), failure('transient'), NOW);
		}
		expect(type.reading).toEqual({ failures: 0, notBeforeMs: 0 });
	});
});

describe('content that is gone while its type cannot be read', () => {
	const gone = new FeedFailure({ kind: 'contentGone', code: 'AF20050', message: 'gone' });

	it.each<[string, OpenBlob['ranges'], number]>([
		['uses up its turn as the probe, and adds no wait', [{ from: 0, to: null }], 6],
		['was no probe if all of it belongs to a failed batch', [{ from: 0, to: null, batch: 3 }], 5],
	])('%s', (_, ranges, failures) => {
		const state = checkpointOf();
		const type = typeIn(state);
		type.reading = { failures: 5, notBeforeMs: NOW };
		const open = openBlob(type, 'a');
		open.ranges = ranges;
		recordUnread(state, type, open, gone, NOW);
		expect(type.reading).toEqual({ failures, notBeforeMs: NOW });
	});
});

describe('a type of which nothing can be read', () => {
	/** Blobs fail, and one more so many hours later; for both, whether it is to be told. */
	function told(
		kind: FailureKind,
		hours: number,
		{ count = 5, between }: { count?: number; between?: (state: Checkpoint, type: TypeState) => void } = {},
	): boolean[] {
		const state = checkpointOf();
		const type = typeIn(state);
		for (let number = 1; number <= count; number++) recordUnread(state, type, openBlob(type, `${number}`), failure(kind), NOW);
		const atOnce = isNewTrouble(type, failure(kind), NOW);
		between?.(state, type);
		const laterMs = NOW + hours * HOUR;
		recordUnread(state, type, openBlob(type, 'later'), failure(kind), laterMs);
		return [atOnce, isNewTrouble(type, failure(kind), laterMs), isNewTrouble(type, failure(kind), laterMs)];
	}

	it.each(['permission', 'signIn', 'badRequest'] as const)('is told after a quarter of an hour, and once, if it will not pass: %s', (kind) => {
		expect(told(kind, 0.24)).toEqual([false, false, false]);
		expect(told(kind, 0.25)).toEqual([false, true, false]);
	});

	it('is told after five hours, also if it is only two blobs; one is told when it is lost', () => {
		expect(told('permission', 4.99, { count: 1 })).toEqual([false, false, false]);
		expect(told('permission', 5, { count: 1 })).toEqual([false, true, false]);
	});

	it('is told once a day at most, although something is read now and then', () => {
		const state = checkpointOf();
		const type = typeIn(state);
		const trouble = (atMs: number): boolean => {
			recordRead(state, type, openBlob(type, 'good'), atMs);
			for (const id of ['bad', 'worse']) recordUnread(state, type, openBlob(type, id), failure('transient'), atMs);
			return isNewTrouble(type, failure('transient'), atMs + 5 * HOUR);
		};
		expect([0, 6, 12, 18, 24].map((hours) => trouble(NOW + hours * HOUR))).toEqual([true, false, false, false, true]);
	});

	it.each(['transient', 'unreadable', 'throttled', 'contentGone'] as const)('is told after five hours if it may: %s', (kind) => {
		expect(told(kind, 4.99)).toEqual([false, false, false]);
		expect(told(kind, 5)).toEqual([false, true, false]);
	});

	it('is not told after something could be read', () => {
		const read = (state: Checkpoint, type: TypeState) => recordRead(state, type, openBlob(type, 'good'), NOW);
		expect(told('transient', 9, { between: read })).toEqual([false, false, false]);
	});
});
