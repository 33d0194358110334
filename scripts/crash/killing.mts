import { setTimeout as sleep } from 'node:timers/promises';

import { createChance } from '../../simulator/random.mts';
import { readableTime } from '../n8n/progress.mts';
import { runningNow } from './runs.mts';
import type { Stage } from './stage.mts';
import { countRows } from './table.mts';

/** A run to edit the workflow in is waited for at most so long. */
const RUN_WAIT_MS = 15_000;
const REPORT_EVERY_MS = 10_000;

interface Blow {
	kind: 'kill' | 'edit';
	/** Milliseconds from the start. */
	atMs: number;
}

/** One random moment in each of equal shares of the time. */
function blowsOf(kind: Blow['kind'], count: number, { minutes, seed }: Stage['options']): Blow[] {
	const chance = createChance(seed);
	const shareMs = (minutes * 60_000) / Math.max(count, 1);
	const moment = (i: number) => Math.round((i + chance.of(kind, i)) * shareMs);
	return Array.from({ length: count }, (_, i) => ({ kind, atMs: moment(i) }));
}

async function progressLine({ postgres, tenant, subject }: Stage): Promise<string> {
	const { feed, ledger } = tenant.simulator;
	return (
		`${feed.blobs.length} blobs, ${ledger.events.size} events served, ` +
		`${await countRows(postgres)} rows, killed ${subject.kills.length} times`
	);
}

/** Publishes a changed workflow while one of its runs is under way. */
async function editDuringRun(stage: Stage): Promise<void> {
	const { subject, workflow, say } = stage;
	const deadline = Date.now() + RUN_WAIT_MS;
	let running: string[] = [];
	while (running.length === 0 && Date.now() < deadline) {
		await sleep(100);
		running = await runningNow(subject.session(), workflow);
	}
	await stage.publishEdit();
	say(
		running.length > 0
			? `  an edit was published while execution ${running.join(', ')} was under way`
			: '  an edit was published; no run was under way',
	);
}

/**
 * The busy time: n8n is killed at random moments and started again, and edits are published at others.
 *
 * @returns when the feed has been busy for as long as was asked for
 */
export async function killAgainAndAgain(stage: Stage): Promise<void> {
	const { options, subject, say } = stage;
	const startedMs = Date.now();
	const report = async (untilMs: number) => {
		while (Date.now() < untilMs) {
			await sleep(Math.min(REPORT_EVERY_MS, untilMs - Date.now()));
			say(`${readableTime(Date.now() - startedMs)}: ${await progressLine(stage)}`);
		}
	};
	const blows = [
		...blowsOf('kill', options.kills, options),
		...blowsOf('edit', options.edits, options),
	].sort((a, b) => a.atMs - b.atMs);
	for (const { kind, atMs } of blows) {
		await report(startedMs + atMs);
		if (kind === 'edit') {
			await editDuringRun(stage);
		} else {
			await subject.kill();
			say(`  killed (${subject.kills.length} of ${options.kills})`);
			await subject.start();
		}
	}
	await report(startedMs + options.minutes * 60_000);
}
