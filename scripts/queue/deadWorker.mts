import { setTimeout as sleep } from 'node:timers/promises';

import { startBusyTenant } from '../crash/busyTenant.mts';
import { drain } from '../crash/drain.mts';
import type { Scene } from '../crash/drain.mts';
import { reportVerdict } from '../crash/report.mts';
import { runningNow } from '../crash/runs.mts';
import { createTable } from '../crash/table.mts';
import { crashWorkflow } from '../crash/workflow.mts';
import { activateWorkflow, deactivateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import { executionsOf, runsPerWorker } from './cluster.mts';
import type { Member } from './cluster.mts';
import { tenantCredential } from './credentials.mts';
import type { QueueStage } from './stage.mts';

const SEED = 1;
const PARALLEL = 6;
const MAX_EVENTS = 10;
/** How long the tenant goes on getting content after the kill. */
const BUSY_MS = 30_000;
/** A worker is killed when each has begun so many runs of the workflow. */
const RUNS_BEFORE = 5;
const START_TIMEOUT_MS = 300_000;

/**
 * Waits until every worker has begun some runs and one of the victim's is under way; returns the ids of those.
 *
 * @throws Error if the workers do not share the runs
 */
async function runsToKill(
	{ cluster }: QueueStage,
	workflow: Scene['workflow'],
	victim: Member,
): Promise<string[]> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < deadline) {
		await sleep(200);
		const counts = await runsPerWorker(cluster, workflow);
		if (counts.some((runs) => runs < RUNS_BEFORE)) continue;
		const running = new Set(await runningNow(cluster.session, workflow));
		const met = executionsOf(victim).filter((id) => running.has(id));
		if (met.length > 0) return met;
	}
	throw new Error('The workers did not share the runs');
}

/**
 * A busy tenant is collected with parallel runs, and a worker dies in the middle.
 *
 * @returns whether both workers ran executions, nothing is lost, and every duplicate is explained
 */
export async function loseNothingWithAWorker(stage: QueueStage): Promise<boolean> {
	const { cluster, postgres, say, cleanup } = stage;
	await createTable(postgres);
	const tenant = await startBusyTenant(SEED, 1);
	cleanup.add(async () => await tenant.close());
	const workflow = await importWorkflow(
		cluster.session,
		crashWorkflow({
			tenant: await tenantCredential(stage, tenant.simulator),
			postgres: stage.destination,
			failing: 0,
			parallelExecutions: PARALLEL,
			seed: SEED,
			edition: 1,
			maxEventsPerExecution: MAX_EVENTS,
		}),
	);
	const victim = cluster.workers[0] as Member;
	const subject = { session: () => cluster.session, kills: victim.kills };
	const scene: Scene = { say, postgres, tenant, subject, workflow };
	await activateWorkflow(cluster.session, workflow);
	const met = await runsToKill(stage, workflow, victim);
	await victim.kill();
	say(`  ${victim.name} was killed with ${met.length} runs under way (executions ${met.join(', ')})`);
	await victim.start();
	await sleep(BUSY_MS);
	await drain(scene);
	await deactivateWorkflow(cluster.session, workflow);
	const counts = await runsPerWorker(cluster, workflow);
	say(`  runs per worker: ${counts.join(' and ')}`);
	return await reportVerdict(scene);
}
