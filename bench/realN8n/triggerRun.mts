import { setTimeout as sleep } from 'node:timers/promises';

import type { StoredCredential } from '../../scripts/n8n/credentials.mts';
import { listExecutions, readExecution } from '../../scripts/n8n/executions.mts';
import type { ExecutionSummary } from '../../scripts/n8n/executions.mts';
import type { RestSession } from '../../scripts/n8n/rest.mts';
import { activateWorkflow, deactivateWorkflow, importWorkflow } from '../../scripts/n8n/workflows.mts';
import type { StoredWorkflow, WorkflowFile } from '../../scripts/n8n/workflows.mts';
import { PACKAGE_NAME } from '../../scripts/simulatedTenant.mts';
import { createDeliveryChecker } from '../load/checkDelivery.mts';
import type { Load } from '../load/types.mts';
import { NO_LIMIT } from '../noLimit.mts';
import { judge } from '../run/judge.mts';
import type { RunningTenant } from '../tenant/start.mts';

const TRIGGER = 'Trigger';
const TIMEOUT_MS = 300_000;
const LOOK_MS = 250;
/** No new run for so long, and none at work: everything is handed on. */
const QUIET_MS = 4_000;
const UNFINISHED = new Set(['new', 'running', 'waiting']);
const MOST_EXECUTIONS = 1_000;

/** The trigger, polling every five seconds, and a node that receives the events. */
function workflow({ id, name, type }: StoredCredential, load: Load): WorkflowFile {
	return {
		name: 'Benchmark',
		nodes: [
			{
				id: 'trigger',
				name: TRIGGER,
				type: `${PACKAGE_NAME}.office365ManagementTrigger`,
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					pollTimes: {
						item: Array.from({ length: 12 }, (_, at) => ({
							mode: 'custom',
							cronExpression: `${at * 5} * * * * *`,
						})),
					},
					contentTypes: [...load.contentTypes],
					startFrom: 'last',
					lastAmount: load.days,
					lastUnit: 'days',
					options: { maxRequestsPerMinute: NO_LIMIT },
				},
				credentials: { [type]: { id, name } },
			},
			{
				id: 'receive',
				name: 'Receive',
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { [TRIGGER]: { main: [[{ node: 'Receive', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/** Waits until the trigger has nothing more to hand on. @throws Error after five minutes */
async function waitUntilQuiet(
	session: RestSession,
	stored: StoredWorkflow,
	tenant: RunningTenant,
	load: Load,
): Promise<ExecutionSummary[]> {
	const deadline = Date.now() + TIMEOUT_MS;
	let known = 0;
	let changedAt = Date.now();
	while (Date.now() < deadline) {
		await sleep(LOOK_MS);
		// While it is busy, n8n may say that its database is not ready.
		const executions = await listExecutions(session, stored, MOST_EXECUTIONS).catch(() => undefined);
		if (!executions) continue;
		const isBusy = executions.some(({ status }) => UNFINISHED.has(status));
		if (isBusy || executions.length !== known) changedAt = Date.now();
		known = executions.length;
		if (known === 0 || Date.now() - changedAt < QUIET_MS) continue;
		const { servedPerBlob } = await tenant.report();
		if (servedPerBlob.every((events) => events === load.eventsPerBlob)) return executions;
	}
	throw new Error(`The trigger was not done after ${TIMEOUT_MS / 1000} s`);
}

export interface TriggerRun {
	/** From the first request the tenant saw to the end of the last run. */
	wallMs: number;
	runs: number;
}

/**
 * Switches a workflow with the trigger on and waits until the tenant's whole backlog went through runs that succeeded.
 *
 * @throws NotDelivered if the runs did not receive exactly what was served
 */
export async function runTriggerWorkflow(
	session: RestSession,
	credential: StoredCredential,
	tenant: RunningTenant,
	load: Load,
	templates: readonly string[],
): Promise<TriggerRun> {
	const stored = await importWorkflow(session, workflow(credential, load));
	await activateWorkflow(session, stored);
	const executions = await waitUntilQuiet(session, stored, tenant, load);
	await deactivateWorkflow(session, stored);
	const checker = createDeliveryChecker(load, templates);
	for (const { id } of executions) {
		const { items } = await readExecution(session, id);
		for (const { json } of items[TRIGGER] ?? []) checker.record(json);
	}
	const report = await tenant.report();
	judge('the trigger in a real n8n', checker.result(), report, load);
	const ends = executions.map(({ stoppedAt = '' }) => Date.parse(stoppedAt));
	return { wallMs: Math.max(...ends) - report.startedAtMs, runs: executions.length };
}
