import { heedCheckpointClock } from '../../../nodes/feed/checkpoint/clock';
import { decodeCheckpoint } from '../../../nodes/feed/checkpoint/decodeCheckpoint';
import { encodeCheckpoint } from '../../../nodes/feed/checkpoint/encodeCheckpoint';
import { beginPass } from '../../../nodes/feed/checkpoint/listingPlan';
import { createCheckpoint, selectTypes, type Checkpoint } from '../../../nodes/feed/checkpoint/state';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../nodes/feed/time';
import { failBatch, openBlob } from './support.mts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const AHEAD = NOW + 5 * HOUR_MS;

function ahead(startMs = AHEAD): Checkpoint {
	const state = createCheckpoint(AHEAD);
	selectTypes(state, ['Audit.General'], startMs, AHEAD);
	return state;
}

describe('a clock that is set back', () => {
	it('is noticed after a restart although the last poll stored its progress by the clock that was right again', () => {
		const decoded = decodeCheckpoint(encodeCheckpoint(ahead(), NOW));
		if ('problem' in decoded) throw new Error(decoded.problem);
		expect(heedCheckpointClock(decoded, NOW, true)).toBe(true);
	});

	it('by no more than clocks may differ changes nothing', () => {
		const state = ahead();
		const before = structuredClone({ ...state, clockMs: AHEAD - 10 * MINUTE_MS });
		expect(heedCheckpointClock(state, AHEAD - 10 * MINUTE_MS, true)).toBe(false);
		expect(state).toEqual(before);
	});

	it('moves the start as far back as the clock', () => {
		const state = ahead();
		heedCheckpointClock(state, NOW, true);
		expect([...state.types.values()]).toEqual([
			expect.objectContaining({ startMs: NOW, finalMs: NOW, frontierMs: NOW, rememberedMs: NOW }),
		]);
	});

	it('has the listing of all that begin at once', () => {
		const state = ahead();
		const type = state.types.get('Audit.General')!;
		type.overlapListedMs = type.dayListedMs = AHEAD;
		heedCheckpointClock(state, NOW + HOUR_MS, true);
		expect(beginPass(type, NOW + HOUR_MS)).toMatchObject({ atMs: NOW + HOUR_MS, wholeOverlap: true, wholeDay: true });
	});

	it('makes all be listed again that can be, and nothing of it is too old before it is listed', () => {
		const state = ahead(NOW - 30 * DAY_MS);
		const type = state.types.get('Audit.General')!;
		type.finalMs = type.frontierMs = AHEAD - 2 * HOUR_MS;
		type.rememberedMs = AHEAD - DAY_MS;
		heedCheckpointClock(state, NOW, true);
		const fromMs = NOW - 7 * DAY_MS + HOUR_MS + 5 * MINUTE_MS;
		expect(type).toMatchObject({ finalMs: fromMs, frontierMs: fromMs, rememberedMs: fromMs });
	});

	it('takes nothing back that must not be delivered twice: what is listed goes on from now', () => {
		const state = ahead(NOW - 30 * DAY_MS);
		const type = state.types.get('Audit.General')!;
		type.finalMs = type.frontierMs = AHEAD - 2 * HOUR_MS;
		type.rememberedMs = AHEAD - DAY_MS;
		heedCheckpointClock(state, NOW, false);
		expect(type).toMatchObject({ finalMs: NOW, frontierMs: NOW, rememberedMs: AHEAD - DAY_MS });
	});

	it('ends the waits of blobs and batches, and leaves no time behind that is still to come', () => {
		const state = ahead();
		const type = state.types.get('Audit.General')!;
		const open = openBlob(type, 'a', { listedMs: AHEAD, goneSinceMs: AHEAD });
		const other = openBlob(type, 'b', { listedMs: NOW - 2 * HOUR_MS });
		const batch = failBatch(state, 1, { notBeforeMs: AHEAD + HOUR_MS, lastTriedMs: AHEAD });
		state.startNotBeforeMs = AHEAD;
		type.freshUntilMs = AHEAD + DAY_MS;
		type.unending = 3;
		heedCheckpointClock(state, NOW, true);
		expect(open).toMatchObject({ listedMs: NOW, goneSinceMs: NOW });
		expect(other.listedMs).toBe(NOW - 2 * HOUR_MS);
		expect(other).not.toHaveProperty('goneSinceMs');
		expect(batch.lastTriedMs).toBe(NOW);
		expect(batch.notBeforeMs).toBeLessThanOrEqual(NOW);
		expect(state).toMatchObject({ startNotBeforeMs: NOW + HOUR_MS, storedMs: NOW, clockMs: NOW });
		expect(type.freshUntilMs).toBe(NOW + DAY_MS);
		expect(type.unending).toBeUndefined();
	});

	it('leaves times alone that are past all the same', () => {
		const state = ahead();
		const type = state.types.get('Audit.General')!;
		const open = openBlob(type, 'a', { listedMs: NOW - HOUR_MS, goneSinceMs: NOW - HOUR_MS });
		state.startNotBeforeMs = NOW + MINUTE_MS;
		state.storedMs = NOW - HOUR_MS;
		type.freshUntilMs = NOW + HOUR_MS;
		type.dayListedMs = NOW - 2 * DAY_MS;
		type.overlapListedMs = NOW - HOUR_MS;
		heedCheckpointClock(state, NOW, true);
		expect(open).toMatchObject({ listedMs: NOW - HOUR_MS, goneSinceMs: NOW - HOUR_MS });
		expect(state).toMatchObject({ startNotBeforeMs: NOW + MINUTE_MS, storedMs: NOW - HOUR_MS, unstored: 'urgent' });
		expect(type).toMatchObject({
			freshUntilMs: NOW + HOUR_MS,
			dayListedMs: NOW - 2 * DAY_MS,
			overlapListedMs: NOW - HOUR_MS,
		});
	});
});
