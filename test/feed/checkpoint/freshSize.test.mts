import { freshSize, heedFreshRun } from '../../../nodes/feed/checkpoint/freshSize';
import { createCheckpoint } from '../../../nodes/feed/checkpoint/state';
import { NOW } from './support.mts';

const run = (eventCount: number, failed?: number) => ({ taken: [], ids: [], eventCount, ...(failed === undefined ? {} : { failed }) });

/** The limit after runs of so many new events each; negative: which failed. */
function after(...runs: number[]): number {
	const state = createCheckpoint(NOW);
	for (const events of runs) heedFreshRun(state, run(Math.abs(events)), events > 0);
	return freshSize(state, 1_000);
}

describe('how many new events go into a batch', () => {
	it('is what the user wants as long as nothing fails', () => {
		expect(after()).toBe(1_000);
		expect(after(1_000, 3)).toBe(1_000);
	});

	it('is half of a batch that failed, down to one event', () => {
		expect(after(-1_000)).toBe(500);
		expect(after(-30)).toBe(15);
		expect(after(-1_000, -500, -250)).toBe(125);
		expect(after(...Array<number>(20).fill(-1))).toBe(1);
	});

	it('is not made larger again by a large batch of before that fails late', () => {
		expect(after(-1_000, -500, -1_000)).toBe(250);
	});

	it('is a quarter more after one that was delivered, as far as the user allows', () => {
		expect(after(-1_000, 500)).toBe(625);
		expect(after(-1, 1, 2, 3)).toBe(4);
		expect(after(-1_000, ...Array<number>(40).fill(100_000))).toBe(1_000);
	});

	it('stays after a batch that was small because there was nothing more, which shows nothing', () => {
		expect(after(-1_000, 3)).toBe(500);
	});

	it('is not changed by events that had failed before', () => {
		const state = createCheckpoint(NOW);
		heedFreshRun(state, run(400, 1), false);
		expect(freshSize(state, 1_000)).toBe(1_000);
	});

	it('is never more than the user wants', () => {
		const state = createCheckpoint(NOW);
		heedFreshRun(state, run(1_000), false);
		expect(freshSize(state, 20)).toBe(20);
	});
});
