import { hasContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { selectCounting } from '../../../nodes/feed/checkpoint/counting';
import { closeRange, cutRange, settle } from '../../../nodes/feed/checkpoint/ranges';
import { checkpointOf, failBatch, NOW, openBlob, typeIn } from './support.mts';

function opened() {
	const state = checkpointOf();
	const type = typeIn(state);
	const [first, second] = [{ from: 0, to: 4, batch: 1 }, { from: 6, to: 9 }];
	const open = openBlob(type, 'a', { ranges: [first, second] });
	return { state, type, open, first, second };
}

describe('the ranges of a blob', () => {
	it('are cut in place, and both parts keep what the range had', () => {
		const { open, first } = opened();
		cutRange(open, first, 3);
		expect(open.ranges).toEqual([{ from: 0, to: 3, batch: 1 }, { from: 3, to: 4, batch: 1 }, { from: 6, to: 9 }]);
		expect(open.ranges[0]).toBe(first);
	});

	it('are closed one by one, and the last one settles the blob', () => {
		const { state, type, open, first, second } = opened();
		closeRange(state, type, open, first);
		expect(open.ranges).toEqual([second]);
		expect([open.touched, state.unstored, type.open.size]).toEqual([true, 'settled', 1]);
		closeRange(state, type, open, second);
		expect(type.open.size).toBe(0);
		expect(hasContent(type.settled, 'a', open.blob.createdMs)).toBe(true);
	});

	it('are left alone by a run that held other ones, from before the Output was changed', () => {
		const { state, type, open, first } = opened();
		closeRange(state, type, open, { ...first });
		expect(open.ranges).toHaveLength(2);
		expect([open.touched, state.unstored]).toEqual([false, 'nothing']);
		open.ranges = [];
		closeRange(state, type, open, first);
		expect(type.open.size).toBe(1);
	});
});

describe('a settled blob', () => {
	it('is remembered from where the memory begins, so that a later listing does not bring it again', () => {
		const { state, type, open } = opened();
		type.rememberedMs = open.blob.createdMs;
		settle(state, type, open);
		expect(hasContent(type.settled, 'a', open.blob.createdMs)).toBe(true);
		expect(state.unstored).toBe('settled');
	});

	it('that is older than the memory takes no room: no listing reaches that far', () => {
		const { state, type, open } = opened();
		type.rememberedMs = open.blob.createdMs + 1;
		settle(state, type, open);
		expect(type.settled.size).toBe(0);
		expect(type.open.size).toBe(0);
	});
});

describe('a changed Output', () => {
	it('makes every open blob new from its start, because the old numbers mean nothing any more', () => {
		const { state, open } = opened();
		failBatch(state, 1);
		expect(selectCounting(state, 'blobs')).toBe(true);
		expect(state.counts).toBe('blobs');
		expect(open.ranges).toEqual([{ from: 0, to: null }]);
		expect(state.failedBatches.size).toBe(0);
		expect(state.unstored).toBe('urgent');
	});

	it('that counts the same changes nothing', () => {
		const { state, open } = opened();
		failBatch(state, 1, { notBeforeMs: NOW });
		expect(selectCounting(state, 'events')).toBe(false);
		expect(open.ranges).toHaveLength(2);
		expect([state.failedBatches.size, state.unstored]).toEqual([1, 'nothing']);
	});
});
