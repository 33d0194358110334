import { setTimeout as sleep } from 'node:timers/promises';

import { readableTime } from '../n8n/progress.mts';
import { listRuns } from './runs.mts';
import type { Stage } from './stage.mts';
import { countRows } from './table.mts';

/** The trigger pauses after failures, longer each time; it should not take longer than the outage by much. */
const RESUME_TIMEOUT_MS = 5 * 60_000;
const REPORT_EVERY_MS = 10_000;

/**
 * Microsoft cannot be reached while n8n starts, and answers 401 while it starts once more.
 *
 * @returns whether collection went on by itself afterwards
 */
export async function sitOutOutage(stage: Stage): Promise<boolean> {
	const { options, gate, subject, workflow, postgres, say } = stage;
	const halfMs = (options.outageSeconds * 1_000) / 2;
	for (const state of ['refused', 'unauthorized'] as const) {
		await gate.turn(state);
		await subject.kill();
		await subject.start();
		say(`  Microsoft ${state === 'refused' ? 'is unreachable' : 'answers 401'}; n8n has started`);
		await sleep(halfMs);
	}
	const executions = (await listRuns(subject.session(), workflow)).length;
	const rows = await countRows(postgres);
	await gate.turn('open');
	const openedMs = Date.now();
	say(`  Microsoft is back; ${executions} executions so far`);
	for (;;) {
		await sleep(REPORT_EVERY_MS / 10);
		const passed = Date.now() - openedMs;
		if ((await countRows(postgres)) > rows) {
			say(`  collection went on by itself after ${readableTime(passed)}`);
			return true;
		}
		if (passed > RESUME_TIMEOUT_MS) {
			say(`  NOTHING was collected in ${readableTime(passed)} since Microsoft is back`);
			return false;
		}
	}
}
