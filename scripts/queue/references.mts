import { startSimulator } from '../../simulator/index.mts';
import { createTable } from '../crash/table.mts';
import { inOneLine, insertParameters, node, triggerParameters, withCredential } from '../crash/workflow.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import { readableTime } from '../n8n/progress.mts';
import { activateWorkflow, deactivateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import type { WorkflowFile } from '../n8n/workflows.mts';
import { ACTION_NODE, CREDENTIAL_TYPE, PACKAGE_NAME } from '../simulatedTenant.mts';
import { waitForArrival } from './arrival.mts';
import { runsPerWorker } from './cluster.mts';
import { tenantCredential } from './credentials.mts';
import type { QueueStage } from './stage.mts';

export interface QuotaPlan {
	/** Also the name of the table. */
	name: string;
	/** Requests a minute that the tenant allows. */
	quota: number;
	/** Max Requests per Minute in trigger and download; undefined: the default, 2,000. */
	perProcess?: number;
}

/** More than the quota of a minute, so that it takes a share to keep it. */
const BLOBS = 150;

/** The trigger hands out references, and whichever worker gets a run downloads its blobs. */
function referenceWorkflow(
	{ name, perProcess }: QuotaPlan,
	tenant: StoredCredential,
	destination: StoredCredential,
): WorkflowFile {
	const share = perProcess === undefined ? {} : { maxRequestsPerMinute: perProcess };
	const ours = { ...tenant, type: CREDENTIAL_TYPE };
	const parallel = { maxEventsPerExecution: 5, parallelExecutions: 8, ...share };
	return inOneLine(`References ${name}`, [
		{
			...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
			parameters: { ...triggerParameters(parallel), output: 'reference' },
			...withCredential(ours),
		},
		{
			...node('Download', ACTION_NODE, 1),
			parameters: {
				resource: 'content',
				operation: 'get',
				contentId: '={{ $json.contentId }}',
				simplify: false,
				options: share,
			},
			...withCredential(ours),
		},
		{
			...node('Insert', 'n8n-nodes-base.postgres', 2.6),
			parameters: insertParameters(name),
			...withCredential(destination),
		},
	]);
}

/**
 * Workers download what the trigger only lists.
 *
 * @returns whether everything arrived, both workers took part, and the quota was kept if the processes share it
 */
export async function downloadByReference(stage: QueueStage, plan: QuotaPlan): Promise<boolean> {
	const { cluster, postgres, say, cleanup } = stage;
	await createTable(postgres, plan.name);
	const simulator = await startSimulator({
		seed: plan.quota,
		blobs: BLOBS,
		days: 1 / 24,
		eventsPerBlob: 3,
		quota: { requests: plan.quota, perMs: 60_000 },
	});
	cleanup.add(async () => await simulator.close());
	const credential = await tenantCredential(stage, simulator);
	const workflow = await importWorkflow(
		cluster.session,
		referenceWorkflow(plan, credential, stage.destination),
	);
	const startedMs = Date.now();
	await activateWorkflow(cluster.session, workflow);
	const { lost } = await waitForArrival(postgres, plan.name, [simulator]);
	await deactivateWorkflow(cluster.session, workflow);
	const runs = await runsPerWorker(cluster, workflow);
	const { throttled, requests, peakRequestsPerMinute, violations } = simulator.ledger;
	const each = plan.perProcess === undefined ? 'the default' : `${plan.perProcess}`;
	say(
		`  quota ${plan.quota}/min, each process ${each}: ${BLOBS} blobs in ${readableTime(Date.now() - startedMs)}; ` +
			`${requests} requests, at most ${peakRequestsPerMinute}/min, ${throttled} throttled ` +
			`(${((throttled / requests) * 100).toFixed(1)}%), ${lost} events lost, ${violations.length} rules broken; ` +
			`runs per worker: ${runs.join(' and ')}`,
	);
	const within = plan.perProcess === undefined || throttled === 0;
	const shared = runs.every((count) => count > 0);
	return lost === 0 && violations.length === 0 && within && shared;
}
