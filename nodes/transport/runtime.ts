import { sleep } from 'n8n-workflow';

import type { Runtime } from '../feed/types';

/** The real clock, timer and random source. Tests of the nodes replace its members to run on virtual time. */
export const runtime: Runtime = {
	now: () => Date.now(),
	sleep: async (ms) => await sleep(ms),
	random: () => Math.random(),
};
