import { createRequire } from 'node:module';
import { join } from 'node:path';

import { ROOT } from '../../scripts/package.mts';
import { playQuota, QUOTA_CASES } from '../quota/measure.mts';
import type { PolicyModule } from '../quota/virtual.mts';
import type { Row } from '../results/types.mts';
import type { Benchmark } from '../types.mts';

const WINDOWS = ['fixed', 'sliding'] as const;

/** Stands for a share that was not reached in any of the ten windows. */
const NEVER = 11;

/** The governor's rules at true scale, on virtual time. */
export const VIRTUAL_QUOTA: Benchmark = {
	name: 'virtual-quota',
	title: 'Quota-bound, virtual time',
	minutes: 1,
	async run({ repeats, progress }) {
		const policy = createRequire(import.meta.url)(
			join(ROOT, 'dist', 'nodes', 'feed', 'governorPolicy.js'),
		) as PolicyModule;
		progress.plan(WINDOWS.length * QUOTA_CASES.length);
		return WINDOWS.flatMap((window) =>
			QUOTA_CASES.map((quotaCase): Row => {
				const seeds = Array.from({ length: repeats }, (_, seed) => seed);
				const samples = seeds.map((seed) => {
					const played = playQuota(policy, quotaCase, window, seed);
					return {
						used: played.used,
						throttled: played.throttled,
						reachedInWindow: Math.min(played.reachedInWindow, NEVER),
						smallestReader: Math.min(...played.readers),
					};
				});
				progress.done(`${quotaCase.name}, ${window} windows`);
				const conditions = { case: quotaCase.name, window, readers: quotaCase.readers.length };
				return { contestant: 'governor', conditions, samples, failures: [] };
			}),
		);
	},
};
