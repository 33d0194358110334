import { isDown } from '../../../nodes/feed/checkpoint/nextWork';
import {
	forgetEmptyBatch,
	putBack,
	recordDelivered,
	recordFailed,
	recordRefused,
	recordSuccess,
	type Batch,
} from '../../../nodes/feed/checkpoint/outcome';
import { createCheckpoint, type Checkpoint } from '../../../nodes/feed/checkpoint/state';
import { hasContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { checkpointOf, failBatch, HOUR, MINUTE, NOW, openBlob, take, typeIn } from './support.mts';

const FOR_EVER = 0;

/** What of each open blob is still to be delivered: `from-to/batch`. */
function left(state: Checkpoint): Record<string, string[]> {
	const blobs = [...state.types.values()].flatMap(({ open }) => [...open.values()]);
	return Object.fromEntries(
		blobs.map(({ blob, ranges }) => [
			blob.contentId,
			ranges.map(({ from, to, batch, taken }) => `${from}-${to}/${batch ?? 'new'}${taken ? ' taken' : ''}`),
		]),
	);
}

/** A run with the first ten events of `a` and all two of `b`. */
function running() {
	const state = checkpointOf();
	const type = typeIn(state);
	const a = openBlob(type, 'a', { ranges: [{ from: 10, to: 20 }] });
	const b = openBlob(type, 'b', { ranges: [] });
	const batch: Batch = { taken: [take(a, 0, 10), take(b, 0, 2)], ids: ['1', '2'], eventCount: 12 };
	return { state, type, a, b, batch };
}

describe('runs that fail one after the other', () => {
	/** Minutes until the next probe after that many failures in a row. */
	function waitAfter(failures: number): number {
		const state = createCheckpoint(NOW);
		for (let count = 0; count < failures; count++) {
			recordFailed(state, { taken: [], ids: [], eventCount: 0, probe: isDown(state) }, NOW, 0);
		}
		return (state.destination.notBeforeMs - NOW) / MINUTE;
	}

	it('stop new work from the third on, and a success ends that', () => {
		const state = createCheckpoint(NOW);
		const fail = () => recordFailed(state, { taken: [], ids: [], eventCount: 0 }, NOW, 0);
		fail();
		fail();
		expect(isDown(state)).toBe(false);
		fail();
		expect(isDown(state)).toBe(true);
		recordSuccess(state, { taken: [], ids: [], eventCount: 0 }, NOW);
		expect(isDown(state)).toBe(false);
	});

	it('are followed by a probe within a minute, then after growing pauses of at most half an hour', () => {
		expect([3, 4, 5, 6, 7, 8, 50].map(waitAfter)).toEqual([1, 2, 4, 8, 16, 30, 30]);
	});

	it('lengthen no pause if they were under way when the destination was found down', () => {
		const state = createCheckpoint(NOW);
		for (let count = 0; count < 20; count++) recordFailed(state, { taken: [], ids: [], eventCount: 0 }, NOW, 0);
		expect(state.destination).toEqual({ failures: 3, notBeforeMs: NOW + MINUTE });
	});

	it('of batches that are known to be the cause say nothing about the destination', () => {
		const { state, batch } = running();
		recordFailed(state, batch, NOW, FOR_EVER);
		expect(state.destination.failures).toBe(1);
		recordSuccess(state, { taken: [], ids: [], eventCount: 0 }, NOW);
		expect(state.failedBatches.get(1)?.suspect).toBe(true);
		recordFailed(state, { ...batch, failed: 1 }, NOW, FOR_EVER);
		expect(state.destination).toEqual({ failures: 0, notBeforeMs: 0 });
	});

	it('of such a batch while the destination is down are followed by a pause like any other probe', () => {
		const { state, batch } = running();
		recordFailed(state, batch, NOW, FOR_EVER);
		recordSuccess(state, { taken: [], ids: [], eventCount: 0 }, NOW);
		state.destination = { failures: 3, notBeforeMs: NOW };
		recordFailed(state, { ...batch, failed: 1, probe: true }, NOW, FOR_EVER);
		expect(state.destination).toEqual({ failures: 4, notBeforeMs: NOW + 2 * MINUTE });
	});

	it('as probes have their batch halved at once, so that small pieces are soon tried', () => {
		const { state, batch } = running();
		state.destination = { failures: 3, notBeforeMs: NOW };
		recordFailed(state, { ...batch, probe: true }, NOW, FOR_EVER);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-6/1', '6-10/2'], b: ['0-2/2'] });
		expect([...state.failedBatches.values()].map(({ failures }) => failures)).toEqual([0, 0]);
	});

	it('after a change of the Output leave the blobs as they are now', () => {
		const { state, a, b, batch } = running();
		for (const open of [a, b]) open.ranges = [{ from: 0, to: null }];
		recordFailed(state, { ...batch, probe: true }, NOW, FOR_EVER);
		expect(left(state)).toEqual({ a: ['0-null/new'], b: ['0-null/new'] });
	});
});

describe('a run that succeeded', () => {
	it('settles the blobs of which nothing is left, and remembers its events', () => {
		const { state, type, batch, b } = running();
		recordDelivered(state, batch);
		expect(left(state)).toEqual({ a: ['10-20/new'] });
		expect(hasContent(type.settled, 'b', b.blob.createdMs)).toBe(true);
		expect([...state.seenEvents]).toEqual(['1', '2']);
		expect(state.unstored).toBe('settled');
	});

	it('has to be stored even if it held no blob of ours any more', () => {
		const { state, batch } = running();
		state.types.clear();
		recordDelivered(state, batch);
		expect([...state.seenEvents]).toEqual(['1', '2']);
		expect(state.unstored).toBe('settled');
	});

	it('forgets its failed batch, unless a part of it could not be read for the run', () => {
		const { state, a, batch } = running();
		failBatch(state, 7);
		recordDelivered(state, { ...batch, failed: 7 });
		expect([...state.failedBatches.keys()]).toEqual([]);
		failBatch(state, 8);
		a.ranges = [{ from: 10, to: 20, batch: 8 }];
		forgetEmptyBatch(state, 8);
		expect([...state.failedBatches.keys()]).toEqual([8]);
	});

	it('leaves other failed batches alone', () => {
		const { state, batch } = running();
		failBatch(state, 7);
		recordDelivered(state, batch);
		expect([...state.failedBatches.keys()]).toEqual([7]);
	});
});

describe('a run that failed', () => {
	it('gives its events back as a batch of their own, which waits a minute', () => {
		const { state, a, batch } = running();
		expect(recordFailed(state, batch, NOW, FOR_EVER)).toEqual([]);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-10/1'], b: ['0-2/1'] });
		expect(state.failedBatches.get(1)).toEqual({
			...{ attempts: 1, failures: 1, suspect: false },
			...{ lastTriedMs: NOW, notBeforeMs: NOW + MINUTE },
		});
		expect(state.nextBatch).toBe(2);
		expect(a.touched).toBe(true);
		expect(state.unstored).toBe('settled');
	});

	it('keeps its number when it fails again, and waits twice as long', () => {
		const { state, batch } = running();
		recordFailed(state, batch, NOW, FOR_EVER);
		recordFailed(state, { ...batch, failed: 1 }, NOW + HOUR, FOR_EVER);
		expect([...state.failedBatches.keys()]).toEqual([1]);
		expect(state.failedBatches.get(1)).toMatchObject({
			...{ attempts: 2, failures: 2, lastTriedMs: NOW + HOUR },
			notBeforeMs: NOW + HOUR + 2 * MINUTE,
		});
	});

	it('waits six hours at most', () => {
		const { state, batch } = running();
		failBatch(state, 1, { failures: 40 });
		batch.taken.splice(0, 2, take(openBlob(typeIn(state), 'one'), 0, 1, 1));
		recordFailed(state, { ...batch, failed: 1 }, NOW, FOR_EVER);
		expect(state.failedBatches.get(1)?.notBeforeMs).toBe(NOW + 6 * HOUR);
	});

	it('leaves what could not be read again in a batch of its own, with the count it had', () => {
		const { state, a, batch } = running();
		a.ranges[0]!.batch = 1;
		const before = { ...failBatch(state, 1, { attempts: 5, failures: 1 }) };
		recordFailed(state, { ...batch, failed: 1 }, NOW, FOR_EVER);
		expect(left(state)).toEqual({ a: ['10-20/2', '0-10/1'], b: ['0-2/1'] });
		expect(state.failedBatches.get(2)).toEqual(before);
		expect(state.failedBatches.get(1)).toMatchObject({ attempts: 6, failures: 2 });
		expect(state.nextBatch).toBe(3);
	});
});

describe('a batch that failed three times', () => {
	/** Fails the run as the third time in this composition. */
	function failThird(state: Checkpoint, batch: Batch, maxAttempts = FOR_EVER): string[] {
		failBatch(state, 1, { attempts: 2, failures: 2 });
		return recordFailed(state, { ...batch, failed: 1 }, NOW, maxAttempts);
	}

	it('is halved by events, and both halves wait a minute and count anew', () => {
		const { state, batch } = running();
		failThird(state, batch);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-6/1', '6-10/2'], b: ['0-2/2'] });
		const half = { attempts: 3, failures: 0, lastTriedMs: NOW, notBeforeMs: NOW + MINUTE, suspect: false };
		expect([...state.failedBatches]).toEqual([[1, half], [2, half]]);
		expect(state.failedBatches.get(1)).not.toBe(state.failedBatches.get(2));
		expect(state.nextBatch).toBe(3);
	});

	it('is not halved after two', () => {
		const { state, batch } = running();
		failBatch(state, 1, { failures: 1 });
		recordFailed(state, { ...batch, failed: 1 }, NOW, FOR_EVER);
		expect([...state.failedBatches.keys()]).toEqual([1]);
	});

	it('is parted between two blobs if that is its middle', () => {
		const { state, b, batch } = running();
		batch.taken[1] = take(b, 0, 10);
		b.ranges = [batch.taken[1].range];
		failThird(state, batch);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-10/1'], b: ['0-10/2'] });
	});

	it('is parted by the number of events, wherever in their blobs they are', () => {
		const state = checkpointOf();
		const [a, b] = [openBlob(typeIn(state), 'a'), openBlob(typeIn(state), 'b')];
		failThird(state, { taken: [take(a, 10, 14), take(b, 20, 24)], ids: [], eventCount: 0 });
		expect(left(state)).toEqual({ a: ['10-14/1'], b: ['20-24/2'] });
	});

	it('of one event stays as it is, and waits longer and longer', () => {
		const state = checkpointOf();
		const one = openBlob(typeIn(state), 'one');
		failThird(state, { taken: [take(one, 4, 5, 1)], ids: [], eventCount: 0 });
		expect(left(state)).toEqual({ one: ['4-5/1'] });
		expect([...state.failedBatches.keys()]).toEqual([1]);
		expect(state.failedBatches.get(1)).toMatchObject({ failures: 3, notBeforeMs: NOW + 4 * MINUTE });
		expect(state.nextBatch).toBe(2);
	});

	it('of two events becomes two batches of one', () => {
		const state = checkpointOf();
		const two = openBlob(typeIn(state), 'two');
		failThird(state, { taken: [take(two, 4, 6, 1)], ids: [], eventCount: 0 });
		expect(left(state)).toEqual({ two: ['4-5/1', '5-6/2'] });
	});

	it('is given up instead if that was the last attempt, and says which blobs lose something', () => {
		const { state, batch, a } = running();
		batch.taken.push({ open: a, range: { ...a.ranges[0]!, to: 20 } });
		expect(failThird(state, batch, 3)).toEqual(['a', 'b']);
		expect(left(state)).toEqual({ a: ['10-20/new'] });
		expect(state.failedBatches.size).toBe(0);
		expect(state.unstored).toBe('urgent');
	});

	it('is not given up before', () => {
		const { state, batch } = running();
		expect(failThird(state, batch, 4)).toEqual([]);
		expect(state.failedBatches.size).toBe(2);
		expect(state.unstored).toBe('settled');
	});
});

describe('a batch that was prepared but not handed over', () => {
	it('is as new as before', () => {
		const { state, batch } = running();
		putBack(batch);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-10/new'], b: ['0-2/new'] });
	});
});

describe('a batch that n8n did not run', () => {
	it('goes back, and no attempt is counted however often', () => {
		const { state, batch } = running();
		for (let refusals = 0; refusals < 2; refusals++) recordRefused(state, { ...batch, ...(refusals > 0 ? { failed: 1 } : {}) }, NOW);
		expect([...state.failedBatches]).toEqual([[1, expect.objectContaining({ attempts: 0, failures: 2 })]]);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-10/1'], b: ['0-2/1'] });
	});

	it('is halved like one that failed: one of its events may be to blame', () => {
		const { state, batch } = running();
		for (let refusals = 0; refusals < 3; refusals++) recordRefused(state, { ...batch, ...(refusals > 0 ? { failed: 1 } : {}) }, NOW);
		expect(left(state)).toEqual({ a: ['10-20/new', '0-6/1', '6-10/2'], b: ['0-2/2'] });
	});

	it('waits for a minute, and n8n counts as down when it refuses one after the other', () => {
		const { state, batch } = running();
		recordRefused(state, batch, NOW);
		expect(state.failedBatches.get(1)?.notBeforeMs).toBe(NOW + MINUTE);
		expect(isDown(state)).toBe(false);
		for (let refusals = 0; refusals < 2; refusals++) recordRefused(state, { ...batch, failed: 1 }, NOW);
		expect(isDown(state)).toBe(true);
	});
});
