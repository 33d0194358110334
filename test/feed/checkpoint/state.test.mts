import { createCheckpoint, createTypeState, markUnstored, selectTypes } from '../../../nodes/feed/checkpoint/state';
import { checkpointOf, DAY, HOUR, NOW, typeIn } from './support.mts';

describe('a new checkpoint', () => {
	it('has to be stored, and knows nothing', () => {
		expect(createCheckpoint(NOW)).toEqual({
			...{ counts: 'events', sequence: 0, types: new Map(), seenEvents: new Set() },
			...{ failedBatches: new Map(), nextBatch: 1, startNotBeforeMs: 0 },
			clockMs: NOW,
			destination: { failures: 0, notBeforeMs: 0 },
			...{ storedMs: NOW, unstored: 'urgent' },
		});
	});

	it('lists each type from its start, the whole overlap at once and the last 24 hours tomorrow', () => {
		const startMs = NOW - HOUR;
		const type = createTypeState('DLP.All', startMs, NOW);
		expect(type).toEqual({
			...{ contentType: 'DLP.All', startMs, finalMs: startMs, frontierMs: startMs, rememberedMs: startMs },
			...{ overlapListedMs: 0, dayListedMs: NOW, settled: new Map(), open: new Map() },
			listing: { failures: 0, notBeforeMs: 0 },
			reading: { failures: 0, notBeforeMs: 0 },
		});
		expect(type.listing).not.toBe(type.reading);
	});
});

describe('the content types of the node', () => {
	it('that are new begin at their own start; those that stay keep what is known of them', () => {
		const state = checkpointOf('Audit.Exchange');
		const known = typeIn(state);
		selectTypes(state, ['Audit.Exchange', 'DLP.All'], NOW - HOUR, NOW);
		expect([...state.types.keys()]).toEqual(['Audit.Exchange', 'DLP.All']);
		expect(typeIn(state)).toBe(known);
		expect(typeIn(state, 'DLP.All')).toMatchObject({ startMs: NOW - HOUR, dayListedMs: NOW });
		expect(state.unstored).toBe('urgent');
	});

	it('that are no longer wanted are forgotten at once', () => {
		const state = checkpointOf('Audit.Exchange', 'DLP.All');
		selectTypes(state, ['DLP.All'], NOW - DAY, NOW);
		expect([...state.types.keys()]).toEqual(['DLP.All']);
		expect(state.unstored).toBe('urgent');
	});

	it('that are the same leave nothing to store', () => {
		const state = checkpointOf('Audit.Exchange', 'DLP.All');
		selectTypes(state, ['DLP.All', 'Audit.Exchange'], NOW, NOW);
		expect(state.unstored).toBe('nothing');
	});
});

describe('what has to be stored', () => {
	it('becomes more urgent only', () => {
		const state = checkpointOf();
		const marks = (['times', 'settled', 'times', 'urgent', 'settled', 'nothing'] as const).map((what) => {
			markUnstored(state, what);
			return state.unstored;
		});
		expect(marks).toEqual(['times', 'settled', 'settled', 'urgent', 'urgent', 'urgent']);
	});
});
