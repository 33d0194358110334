import { setTimeout as sleep } from 'node:timers/promises';

import { readableTime } from '../n8n/progress.mts';
import { listRuns, runningNow } from './runs.mts';
import { judge } from './judge.mts';
import type { Evidence, Run } from './judge.mts';
import type { Stage } from './stage.mts';
import type { Subject } from './subject.mts';
import { readRows } from './table.mts';

const LOOK_EVERY_MS = 10_000;
/** Failed batches wait for minutes, longer each time. */
const TIMEOUT_MS = 20 * 60_000;
/** For repetitions that come after everything has arrived. */
const SETTLING_MS = 15_000;

/** The part of the stage that the verdict is about. */
export interface Scene extends Pick<Stage, 'say' | 'postgres' | 'tenant' | 'workflow'> {
	subject: Pick<Subject, 'session' | 'kills'>;
	/** Default: those that n8n lists. */
	runs?: () => Promise<Run[]>;
}

/** What was served, what has arrived, and what n8n knows of its runs. */
export async function collectEvidence(stage: Scene): Promise<Evidence> {
	const { tenant, postgres, subject, workflow } = stage;
	const events = [...tenant.simulator.ledger.events];
	const due = new Map(events.map(([key, { id, served }]) => [key, id === undefined ? served : 1]));
	const rows = await readRows(postgres);
	const { runs = async () => await listRuns(subject.session(), workflow) } = stage;
	return { due, rows, runs: await runs(), kills: subject.kills };
}

/** Waits until everything has arrived and nothing is under way, or it takes too long. */
export async function drain(stage: Scene): Promise<void> {
	const { tenant, subject, workflow, say } = stage;
	tenant.quieten();
	const startedMs = Date.now();
	const lastListedMs = tenant.lastListedMs();
	const deadline = Math.max(startedMs, lastListedMs) + TIMEOUT_MS;
	while (Date.now() < deadline) {
		const { lost } = judge(await collectEvidence(stage));
		const unfetched = tenant.unfetched().length;
		const notListedMs = lastListedMs - Date.now();
		const running = await runningNow(subject.session(), workflow);
		if (lost.length + unfetched + running.length === 0 && notListedMs <= 0) {
			await sleep(SETTLING_MS);
			return;
		}
		const late = notListedMs > 0 ? `, late content for ${readableTime(notListedMs)} yet` : '';
		say(
			`${readableTime(Date.now() - startedMs)}: draining; ${lost.length} events and ` +
				`${unfetched} blobs to come${late}`,
		);
		await sleep(LOOK_EVERY_MS);
	}
	say('  It is not waited for any longer.');
}
