import { setTimeout as sleep } from 'node:timers/promises';

import {
	inOneLine,
	node,
	triggerParameters,
	withCredential,
} from '../../../scripts/crash/workflow.mts';
import { listExecutions, readExecution } from '../../../scripts/n8n/executions.mts';
import type { Execution } from '../../../scripts/n8n/executions.mts';
import {
	activateWorkflow,
	deactivateWorkflow,
	importWorkflow,
} from '../../../scripts/n8n/workflows.mts';
import type { StoredWorkflow, WorkflowFile } from '../../../scripts/n8n/workflows.mts';
import { CREDENTIAL_TYPE, PACKAGE_NAME } from '../../../scripts/simulatedTenant.mts';
import type { Stage } from './stage.mts';

const PATIENCE_MS = 120_000;

/** Two of four numbers: a run that fails is followed by one of the error workflow, so every other would be the same ones. */
const FAIL_SOMETIMES =
	"if (Math.floor($execution.id / 2) % 2 === 0) throw new Error('This run fails');\nreturn $input.all();";

export interface TriggerScene {
	/** Runs that succeeded, and runs that failed. */
	good: Execution;
	bad: Execution;
	/** What the error workflow was told, when a run failed. */
	told: Execution;
	/** What is recorded once the client secret has expired. */
	expired: Execution;
}

/**
 * The first execution of a workflow, with all its data, that is as wanted. Others may come before it: a run that n8n
 * itself does not get to begin or to end, on a busy machine, says nothing of secrets.
 */
async function waitFor(
	{ n8n }: Stage,
	workflow: StoredWorkflow,
	what: string,
	isIt: (execution: Execution) => boolean,
): Promise<Execution> {
	const deadline = Date.now() + PATIENCE_MS;
	const seen = new Map<string, string>();
	while (Date.now() < deadline) {
		for (const { id, status } of await listExecutions(n8n.session, workflow)) {
			if (seen.has(id) || !['success', 'error'].includes(status)) continue;
			const execution = await readExecution(n8n.session, id);
			if (isIt(execution)) return execution;
			seen.set(id, `${status}: ${execution.error?.message ?? 'no error'}`);
		}
		await sleep(500);
	}
	const others = [...seen.values()].slice(-10).join('; ');
	throw new Error(`No execution that ${what} within ${PATIENCE_MS / 1000} s, only: ${others}`);
}

/** An active trigger with an error workflow, whose runs fail now and then, and whose client secret expires in the end. */
export async function playTrigger(stage: Stage): Promise<TriggerScene> {
	const { session } = stage.n8n;
	const errorWorkflow = await importWorkflow(
		session,
		inOneLine('Told of failures', [
			node('Failure', 'n8n-nodes-base.errorTrigger', 1),
			node('Note', 'n8n-nodes-base.noOp', 1),
		]),
	);
	// n8n 2.x runs the published version only.
	await activateWorkflow(session, errorWorkflow).catch(() => undefined);
	const tenant = await stage.openTenant('trigger', { newBlobs: { everyMs: 1_000 } });
	const workflow: WorkflowFile = inOneLine('Collect', [
		{
			...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
			parameters: triggerParameters({ maxEventsPerExecution: 5 }),
			...withCredential({ ...tenant.credential, type: CREDENTIAL_TYPE }),
		},
		{ ...node('Sometimes', 'n8n-nodes-base.code', 2), parameters: { jsCode: FAIL_SOMETIMES } },
	]);
	const settings = { ...workflow.settings, errorWorkflow: errorWorkflow.id };
	const stored = await importWorkflow(session, { ...workflow, settings });
	await activateWorkflow(session, stored);
	const hasItems = (name: string) => (execution: Execution) =>
		execution.status === 'success' && (execution.items[name]?.length ?? 0) > 0;
	const failsItself = ({ error }: Execution) => error?.message.includes('This run fails') ?? false;
	const good = await waitFor(stage, stored, 'delivers', hasItems('Trigger'));
	const bad = await waitFor(stage, stored, 'fails by itself', failsItself);
	const told = await waitFor(stage, errorWorkflow, 'is told', hasItems('Failure'));
	tenant.simulator.tenantState.secretState = 'expired';
	tenant.simulator.revokeTokens();
	const isExpired = ({ error }: Execution) =>
		JSON.stringify(error ?? null).includes('AADSTS7000222');
	const expired = await waitFor(stage, stored, 'names the expired secret', isExpired);
	await deactivateWorkflow(session, stored);
	return { good, bad, told, expired };
}
