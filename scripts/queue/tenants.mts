import { setTimeout as sleep } from 'node:timers/promises';

import { eventKey } from '../../simulator/ledger.mts';
import { CONTENT_TYPES, startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { createTable, readRows } from '../crash/table.mts';
import { inOneLine, insertParameters, node, triggerParameters, withCredential } from '../crash/workflow.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import { readableTime } from '../n8n/progress.mts';
import { activateWorkflow, deactivateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import type { StoredWorkflow, WorkflowFile } from '../n8n/workflows.mts';
import { CREDENTIAL_TYPE, PACKAGE_NAME, servedRecords } from '../simulatedTenant.mts';
import { tenantCredential } from './credentials.mts';
import type { QueueStage } from './stage.mts';
import { usageOf } from './usage.mts';

const TENANTS = 20;
const TABLE = 'tenants';
const TIMEOUT_MS = 5 * 60_000;
const MINUTE_MS = 60_000;

function collecting(name: string, tenant: StoredCredential, destination: StoredCredential): WorkflowFile {
	return inOneLine(name, [
		{
			...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
			parameters: triggerParameters({}),
			...withCredential({ ...tenant, type: CREDENTIAL_TYPE }),
		},
		{
			...node('Insert', 'n8n-nodes-base.postgres', 2.6),
			parameters: insertParameters(TABLE),
			...withCredential(destination),
		},
	]);
}

const keysOf = (simulator: Simulator) =>
	servedRecords(simulator).map((text) => eventKey(JSON.parse(text)));

/** What the main process uses up in a minute. */
async function minuteOf({ cluster }: QueueStage): Promise<{ cpuMs: number; memoryMb: number }> {
	const before = await usageOf(cluster.main.pid());
	await sleep(MINUTE_MS);
	const after = await usageOf(cluster.main.pid());
	return { cpuMs: after.cpuMs - before.cpuMs, memoryMb: after.memoryMb };
}

/** Waits until every event of every tenant has arrived; answers how many have not, and how many came twice. */
async function arrival(
	{ postgres }: QueueStage,
	tenants: Simulator[],
): Promise<{ lost: number; twice: number; events: number }> {
	const due = new Set(tenants.flatMap(keysOf));
	const deadline = Date.now() + TIMEOUT_MS;
	for (;;) {
		await sleep(2_000);
		const rows = (await readRows(postgres, TABLE)).map(({ key }) => key);
		const arrived = new Set(rows);
		const lost = [...due].filter((key) => !arrived.has(key)).length;
		if (lost > 0 && Date.now() < deadline) continue;
		return { lost, twice: rows.length - arrived.size, events: due.size };
	}
}

/** A workflow of its own for each of many tenants; then nothing new happens in them, and the polls alone are looked at. */
export async function collectManyTenants(stage: QueueStage): Promise<boolean> {
	const { cluster, postgres, say, cleanup } = stage;
	await createTable(postgres, TABLE);
	const idle = await minuteOf(stage);
	say(`  main without workflows: ${idle.cpuMs} ms of processor time a minute, ${idle.memoryMb} MB`);
	const tenants: Simulator[] = [];
	const workflows: StoredWorkflow[] = [];
	const startedMs = Date.now();
	for (let i = 0; i < TENANTS; i++) {
		const simulator = await startSimulator({ seed: 100 + i, blobs: 10, days: 1 / 24, eventsPerBlob: 5 });
		cleanup.add(async () => await simulator.close());
		const credential = await tenantCredential(stage, simulator);
		const file = collecting(`Tenant ${i + 1}`, credential, stage.destination);
		const workflow = await importWorkflow(cluster.session, file);
		await activateWorkflow(cluster.session, workflow);
		tenants.push(simulator);
		workflows.push(workflow);
	}
	const { lost, twice, events } = await arrival(stage, tenants);
	say(`  ${TENANTS} tenants, ${events} events in ${readableTime(Date.now() - startedMs)}: ${lost} lost, ${twice} twice`);

	const requests = () => tenants.reduce((sum, { ledger }) => sum + ledger.requests, 0);
	const before = requests();
	const quiet = await minuteOf(stage);
	const asked = requests() - before;
	// A quiet poll lists each content type once.
	const polls = asked / CONTENT_TYPES.length;
	const each = (quiet.cpuMs - idle.cpuMs) / polls;
	say(
		`  nothing new: ${asked} requests a minute, which are ${Math.round(polls)} polls; main: ${quiet.cpuMs} ms of processor ` +
			`time a minute, so ${each.toFixed(1)} ms for each poll, ${quiet.memoryMb} MB`,
	);
	for (const workflow of workflows) await deactivateWorkflow(cluster.session, workflow);
	const broken = tenants.reduce((sum, { ledger }) => sum + ledger.violations.length, 0);
	if (broken > 0) say(`  ${broken} rules of the API broken`);
	return lost + twice + broken === 0;
}
