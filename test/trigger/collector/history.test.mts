import fc from 'fast-check';

import { history } from './history.mts';
import { play } from './play.mts';

/** Other numbers for a longer search: HISTORIES=10000 SEED=1. */
const HISTORIES = Number(process.env.HISTORIES ?? 2_000);
const SEED = Number(process.env.SEED ?? 20260302);

describe('the promise of the trigger', () => {
	it('holds in every history of late blobs, faults, failing runs, edits and kills', async () => {
		await fc.assert(
			fc.asyncProperty(history, async (plan) => {
				expect(await play(plan)).toEqual([]);
			}),
			{ numRuns: HISTORIES, seed: SEED, endOnFailure: process.env.SHRINK === 'no' },
		);
	}, 1_200_000);
});
