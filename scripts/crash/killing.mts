import { setTimeout as sleep } from 'node:timers/promises';

import { createChance } from '../../simulator/random.mts';
import { readableTime } from '../n8n/progress.mts';
import { runningNow } from './runs.mts';
import type { Stage } from './stage.mts';
import { countRows } from './table.mts';

/** A run to edit the workflow in is waited for at most so long. */
const RUN_WAIT_MS = 15_000;
const REPORT_EVERY_MS = 10_000;

/** One moment in each of equal shares of the time, in milliseconds from its start. */
function killTimes({ kills, minutes, seed }: Stage['options']): number[] {
	const chance = createChance(seed);
	const shareMs = (minutes * 60_000) / Math.max(kills, 1);
	return Array.from({ length: kills }, (_, i) => Math.round((i + chance.of('kill', i)) * shareMs));
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
 * The busy time: n8n is killed at random moments and started again, and some edits are published in between.
 *
 * @returns when the feed has been busy for as long as was asked for
 */
export async function killAgainAndAgain(stage: Stage): Promise<void> {
	const { options, subject, say } = stage;
	const startedMs = Date.now();
	const endMs = startedMs + options.minutes * 60_000;
	const report = async (untilMs: number) => {
		while (Date.now() < untilMs) {
			await sleep(Math.min(REPORT_EVERY_MS, untilMs - Date.now()));
			say(`${readableTime(Date.now() - startedMs)}: ${await progressLine(stage)}`);
		}
	};
	const times = killTimes(options);
	for (const [at, timeMs] of times.entries()) {
		// At least one, also with few kills.
		if (at % 5 === Math.min(1, times.length - 1)) await editDuringRun(stage);
		await report(startedMs + timeMs);
		await subject.kill();
		say(`  killed (${at + 1} of ${times.length})`);
		await subject.start();
	}
	if (times.length === 0) await editDuringRun(stage);
	await report(endMs);
}
