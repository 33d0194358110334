import { freshBlobs, nextWork, rangesOfBatch, type Underway } from '../../../nodes/feed/checkpoint/nextWork';
import { checkpointOf, DAY, failBatch, HOUR, MINUTE, NOW, openBlob, typeIn } from './support.mts';

const IDLE: Underway = { probing: 0, busy: new Set(), fresh: 'untried', afterRetry: false };

const idsOf = (state: Parameters<typeof freshBlobs>[0]) =>
	freshBlobs(state, NOW).map(({ blob }) => blob.contentId);

describe('what is handed out next', () => {
	it('is nothing when there is nothing', () => {
		expect(nextWork(checkpointOf(), NOW, IDLE)).toBeUndefined();
	});

	it('are new events: those of an open blob that no poll has tried, or those that are prepared already', () => {
		const state = checkpointOf();
		expect(nextWork(state, NOW, { ...IDLE, fresh: 'ready' })).toEqual({ kind: 'fresh' });
		openBlob(typeIn(state), 'new');
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'fresh' });
		expect(nextWork(state, NOW, { ...IDLE, fresh: 'none' })).toBeUndefined();
	});

	it('is a failed batch before new events, from the moment its wait is over', () => {
		const state = checkpointOf();
		openBlob(typeIn(state), 'new');
		failBatch(state, 4, { notBeforeMs: NOW });
		expect(nextWork(state, NOW - 1, IDLE)).toEqual({ kind: 'fresh' });
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 4 });
	});

	it('are new events after a failed batch, if there are any, so that they take turns', () => {
		const state = checkpointOf();
		failBatch(state, 4);
		expect(nextWork(state, NOW, { ...IDLE, afterRetry: true })).toEqual({ kind: 'retry', batch: 4 });
		openBlob(typeIn(state), 'new');
		expect(nextWork(state, NOW, { ...IDLE, afterRetry: true })).toEqual({ kind: 'fresh' });
		expect(nextWork(state, NOW, { ...IDLE, afterRetry: true, fresh: 'none' })).toEqual({ kind: 'retry', batch: 4 });
	});

	it('is the failed batch that was tried the longest ago, unless it is under way', () => {
		const state = checkpointOf();
		failBatch(state, 1, { lastTriedMs: NOW - MINUTE });
		failBatch(state, 2, { lastTriedMs: NOW - 3 * MINUTE });
		failBatch(state, 3, { lastTriedMs: NOW - 2 * MINUTE });
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 2 });
		expect(nextWork(state, NOW, { ...IDLE, busy: new Set([2]) })).toEqual({ kind: 'retry', batch: 3 });
	});
});

describe('while every run fails', () => {
	/** Nothing but failures in a row; a batch of one event waits. */
	function down(failures = 3) {
		const state = checkpointOf();
		state.destination = { failures, notBeforeMs: NOW };
		const type = typeIn(state);
		failBatch(state, 1, { notBeforeMs: NOW + HOUR, lastTriedMs: NOW - HOUR });
		openBlob(type, 'single', { ranges: [{ from: 4, to: 5, batch: 1 }] });
		return { state, type };
	}

	it('nothing is handed out beside another probe, or before the wait is over', () => {
		const { state } = down();
		expect(nextWork(state, NOW, { ...IDLE, probing: 1 })).toBeUndefined();
		expect(nextWork(state, NOW - 1, IDLE)).toBeUndefined();
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 1 });
	});

	it.each([
		['two events', [{ from: 5, to: 7, batch: 2 }]],
		['single events of two places', [{ from: 0, to: 1, batch: 2 }, { from: 8, to: 9, batch: 2 }]],
		['a blob whose end is not known', [{ from: 0, to: null, batch: 2 }]],
	])('a batch that can be halved probes first: %s', (_, ranges) => {
		const { state, type } = down();
		openBlob(type, 'several', { ranges });
		const batch = failBatch(state, 2);
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 2 });
		batch.suspect = true;
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 2 });
	});

	it('the smallest batch probes first, of those that did not fail as a single event, which may fail for ever', () => {
		const { state, type } = down();
		for (const [number, size] of [[2, 8], [3, 2], [4, 5]] as const) {
			openBlob(type, `${number}`, { ranges: [{ from: 0, to: size, batch: number }] });
			failBatch(state, number, { lastTriedMs: NOW - number * HOUR });
		}
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 3 });
		openBlob(type, 'half', { ranges: [{ from: 0, to: 1, batch: 5 }] });
		failBatch(state, 5, { failures: 0 });
		expect(nextWork(state, NOW, IDLE)).toEqual({ kind: 'retry', batch: 5 });
	});

	it('new events do not make a single event divisible', () => {
		const { state, type } = down();
		openBlob(type, 'new', { ranges: [{ from: 0, to: 9 }] });
		expect(nextWork(state, NOW, { ...IDLE, fresh: 'ready' })).toEqual({ kind: 'fresh' });
	});

	it.each([1, 3])('what failed and new events take turns, also if it failed as a batch of %s', (size) => {
		const turns = [3, 4, 5, 6].map((failures) => {
			const { state, type } = down(failures);
			openBlob(type, 'several', { ranges: [{ from: 0, to: size, batch: 2 }] });
			failBatch(state, 2);
			return nextWork(state, NOW, { ...IDLE, fresh: 'ready' })?.kind;
		});
		expect(turns).toEqual(['fresh', 'retry', 'fresh', 'retry']);
	});

	it('new events probe when nothing has failed that is not under way', () => {
		const { state } = down(4);
		const busy = new Set([1]);
		expect(nextWork(state, NOW, { ...IDLE, busy, fresh: 'ready' })).toEqual({ kind: 'fresh' });
		expect(nextWork(state, NOW, { ...IDLE, busy })).toBeUndefined();
	});
});

describe('blobs with new events', () => {
	it('come oldest first, of all types, and by contentId if they are equally old', () => {
		const state = checkpointOf('Audit.Exchange', 'Audit.General');
		openBlob(typeIn(state), 'c');
		openBlob(typeIn(state), 'a');
		openBlob(typeIn(state), 'young', { createdMs: NOW - MINUTE });
		openBlob(typeIn(state, 'Audit.General'), 'b');
		openBlob(typeIn(state, 'Audit.General'), 'old', { createdMs: NOW - 2 * HOUR });
		expect(idsOf(state)).toEqual(['old', 'a', 'b', 'c', 'young']);
	});

	it('are left out until their wait is over, and that of their type', () => {
		const state = checkpointOf('Audit.Exchange', 'Audit.General');
		openBlob(typeIn(state), 'due', { reading: { failures: 1, notBeforeMs: NOW } });
		openBlob(typeIn(state), 'waiting', { reading: { failures: 1, notBeforeMs: NOW + 1 } });
		openBlob(typeIn(state, 'Audit.General'), 'of the other type');
		typeIn(state, 'Audit.General').reading.notBeforeMs = NOW + 1;
		expect(idsOf(state)).toEqual(['due']);
		typeIn(state, 'Audit.General').reading.notBeforeMs = NOW;
		expect(idsOf(state)).toEqual(['due', 'of the other type']);
	});

	it('are those with a range that no run holds and no failed batch has', () => {
		const state = checkpointOf();
		openBlob(typeIn(state), 'held', { ranges: [{ from: 0, to: 5, taken: true }] });
		openBlob(typeIn(state), 'failed', { ranges: [{ from: 0, to: 5, batch: 1 }] });
		openBlob(typeIn(state), 'partly', { ranges: [{ from: 0, to: 5, batch: 1 }, { from: 5, to: null }] });
		expect(idsOf(state)).toEqual(['partly']);
	});
});

describe('of a type whose blobs cannot be read', () => {
	/** Blobs in trouble whose waits ended at different times, and three younger ones that were never tried. */
	function troubled(count: number, failures: number, fresh = true) {
		const state = checkpointOf();
		const type = typeIn(state);
		type.reading.failures = failures;
		for (let number = 1; number <= count; number++) {
			const reading = { failures: 1, notBeforeMs: NOW - ((number * 7) % 31) * MINUTE };
			openBlob(type, `troubled ${number}`, { createdMs: NOW - DAY + number, reading });
		}
		if (fresh) for (const age of [2, 3, 1]) openBlob(type, `fresh ${age}`, { createdMs: NOW - age * HOUR });
		return state;
	}

	it('all are tried until five in a row failed', () => {
		expect(idsOf(troubled(2, 4))).toHaveLength(5);
		expect(idsOf(troubled(2, 5))).toHaveLength(1);
	});

	it('the one in trouble that has waited the longest, the oldest one that was never tried and the newest take turns', () => {
		const turns = [6, 7, 8, 9].map((failures) => idsOf(troubled(20, failures)));
		expect(turns).toEqual([['troubled 13'], ['fresh 3'], ['fresh 1'], ['troubled 13']]);
	});

	it('no turn is left unused', () => {
		expect([6, 7, 8].map((failures) => idsOf(troubled(20, failures, false)))).toEqual(Array(3).fill(['troubled 13']));
		expect(idsOf(troubled(0, 6))).toEqual(['fresh 3']);
		expect(idsOf(troubled(0, 5, false))).toEqual([]);
	});
});

describe('a failed batch', () => {
	it('is handed out in the order of blobs and events, without what belongs to others', () => {
		const state = checkpointOf();
		const type = typeIn(state);
		openBlob(type, 'young', { createdMs: NOW - MINUTE, ranges: [{ from: 3, to: 4, batch: 1 }] });
		openBlob(type, 'old', {
			ranges: [{ from: 0, to: 2, batch: 1 }, { from: 2, to: 4, batch: 2 }, { from: 4, to: 6, batch: 1 }],
		});
		const found = rangesOfBatch(state, 1).map(({ open, range }) => [open.blob.contentId, range.from]);
		expect(found).toEqual([['old', 0], ['old', 4], ['young', 3]]);
	});
});
