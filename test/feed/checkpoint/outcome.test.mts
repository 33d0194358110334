import { isDown } from '../../../nodes/feed/checkpoint/nextWork';
import { recordFailed, recordSuccess } from '../../../nodes/feed/checkpoint/outcome';
import { createCheckpoint } from '../../../nodes/feed/checkpoint/state';

const MINUTE = 60_000;
const NOW = Date.parse('2026-03-02T10:00:00Z');

describe('runs that fail one after the other', () => {
	/** Minutes until the next probe after that many failures in a row. */
	function waitAfter(failures: number): number {
		const state = createCheckpoint(NOW);
		for (let count = 0; count < failures; count++) {
			recordFailed(state, { taken: [], ids: [] }, NOW, 0);
		}
		return (state.destination.notBeforeMs - NOW) / MINUTE;
	}

	it('stop new work from the third on, and a success ends that', () => {
		const state = createCheckpoint(NOW);
		const fail = () => recordFailed(state, { taken: [], ids: [] }, NOW, 0);
		fail();
		fail();
		expect(isDown(state)).toBe(false);
		fail();
		expect(isDown(state)).toBe(true);
		recordSuccess(state);
		expect(isDown(state)).toBe(false);
	});

	it('are followed by a probe within a minute, then after growing pauses of at most half an hour', () => {
		expect([3, 4, 5, 6, 7, 8, 50].map(waitAfter)).toEqual([1, 2, 4, 8, 16, 30, 30]);
	});
});
