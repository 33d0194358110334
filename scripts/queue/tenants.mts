import { setTimeout as sleep } from 'node:timers/promises';

import { CONTENT_TYPES, startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { createTable } from '../crash/table.mts';
import { readableTime } from '../n8n/progress.mts';
import { activateWorkflow, deactivateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import type { StoredWorkflow } from '../n8n/workflows.mts';
import { waitForArrival } from './arrival.mts';
import { collectingWorkflow } from './collectingWorkflow.mts';
import { tenantCredential } from './credentials.mts';
import type { QueueStage } from './stage.mts';
import { usageOf } from './usage.mts';

const TENANTS = 20;
const TABLE = 'tenants';
const MEASURED_MS = 30_000;
const FIRST_POLLS = 4;
const SETTLING_MS = 120_000;

/**
 * n8n 2.40 makes an isolate of its expression engine for every poll, and for every reading of a credential in it, unless it
 * is told to wait for an expression that needs one.
 */
const LAZY_ISOLATES = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

/** What the main process uses up in {@link MEASURED_MS}. */
async function mainUses({ cluster }: QueueStage): Promise<{ cpuMs: number; memoryMb: number }> {
	const before = await usageOf(cluster.main.pid());
	await sleep(MEASURED_MS);
	const after = await usageOf(cluster.main.pid());
	return { cpuMs: after.cpuMs - before.cpuMs, memoryMb: after.memoryMb };
}

function requestsOf(tenants: readonly Simulator[]): number {
	return tenants.reduce((sum, { ledger }) => sum + ledger.requests, 0);
}

/** Says what the main process needs for a poll that finds nothing. */
async function measurePolls(
	stage: QueueStage,
	tenants: readonly Simulator[],
	idleCpuMs: number,
	title: string,
): Promise<void> {
	const before = requestsOf(tenants);
	const { cpuMs, memoryMb } = await mainUses(stage);
	const asked = requestsOf(tenants) - before;
	// A quiet poll lists each content type once.
	const polls = asked / CONTENT_TYPES.length;
	const each = (cpuMs - idleCpuMs) / polls;
	stage.say(
		`  ${title}: ${asked} requests in ${readableTime(MEASURED_MS)}, which are ${Math.round(polls)} polls; main: ${cpuMs} ms ` +
			`of processor time, so ${each.toFixed(1)} ms for each poll, ${memoryMb} MB`,
	);
}

/** A workflow of its own for each of many tenants; then nothing new happens in them, and the polls alone are looked at. */
export async function collectManyTenants(stage: QueueStage): Promise<boolean> {
	const { cluster, postgres, say, cleanup } = stage;
	await createTable(postgres, TABLE);
	const idle = await mainUses(stage);
	const time = readableTime(MEASURED_MS);
	say(`  main without workflows: ${idle.cpuMs} ms of processor time in ${time}, ${idle.memoryMb} MB`);
	const tenants: Simulator[] = [];
	const workflows: StoredWorkflow[] = [];
	const startedMs = Date.now();
	for (let i = 0; i < TENANTS; i++) {
		const simulator = await startSimulator({ seed: 100 + i, blobs: 10, days: 1 / 24, eventsPerBlob: 5 });
		cleanup.add(async () => await simulator.close());
		const credential = await tenantCredential(stage, simulator);
		const file = collectingWorkflow(`Tenant ${i + 1}`, TABLE, credential, stage.destination);
		const workflow = await importWorkflow(cluster.session, file);
		await activateWorkflow(cluster.session, workflow);
		tenants.push(simulator);
		workflows.push(workflow);
	}
	const { lost, twice, events } = await waitForArrival(postgres, TABLE, tenants);
	say(`  ${TENANTS} tenants, ${events} events in ${readableTime(Date.now() - startedMs)}: ${lost} lost, ${twice} twice`);

	await measurePolls(stage, tenants, idle.cpuMs, 'nothing new');
	await cluster.restartMain(LAZY_ISOLATES);
	// The first polls after a start do more than the others.
	const settled = requestsOf(tenants) + TENANTS * CONTENT_TYPES.length * FIRST_POLLS;
	const deadline = Date.now() + SETTLING_MS;
	while (requestsOf(tenants) < settled && Date.now() < deadline) await sleep(500);
	await measurePolls(stage, tenants, idle.cpuMs, 'the same with isolates made when needed only');
	for (const workflow of workflows) await deactivateWorkflow(cluster.session, workflow);
	const broken = tenants.reduce((sum, { ledger }) => sum + ledger.violations.length, 0);
	if (broken > 0) say(`  ${broken} rules of the API broken`);
	return lost + twice + broken === 0;
}
