import { setTimeout as sleep } from 'node:timers/promises';

import { inOneLine, node } from '../../../scripts/crash/workflow.mts';
import { createCredential } from '../../../scripts/n8n/credentials.mts';
import { listExecutions, runWorkflow } from '../../../scripts/n8n/executions.mts';
import {
	activateWorkflow,
	deactivateWorkflow,
	importWorkflow,
} from '../../../scripts/n8n/workflows.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../../../scripts/simulatedTenant.mts';
import type { Stage, Tenant } from './stage.mts';

/**
 * Puts a text that looks like a secret wherever a secret could turn up, by means that every user of n8n has. A search that
 * does not find it there would not find a secret either.
 */
export async function plantCanary(
	stage: Stage,
	{ simulator }: Tenant,
	canary: string,
): Promise<void> {
	const { session } = stage.n8n;
	const text = JSON.stringify(canary);
	// A credential's name goes with it into exports and answers.
	await createCredential(session, CREDENTIAL_TYPE, canary, credentialFor(simulator));

	// Items, two binary files, and n8n's log, which has the message of a run that fails.
	const files = await importWorkflow(
		session,
		inOneLine(canary, [
			node('Start', 'n8n-nodes-base.manualTrigger', 1),
			{
				...node('Items', 'n8n-nodes-base.code', 2),
				parameters: { jsCode: `return [{ json: { canary: ${text} } }];` },
			},
			{ ...node('File', 'n8n-nodes-base.convertToFile', 1.1), parameters: { operation: 'toJson' } },
			{
				...node('Zip', 'n8n-nodes-base.compression', 1.1),
				parameters: { operation: 'compress', outputFormat: 'gzip', outputPrefix: 'zip' },
			},
			{
				...node('Fail', 'n8n-nodes-base.code', 2),
				parameters: { jsCode: `throw new Error(${text});` },
			},
		]),
	);
	await runWorkflow(session, files, 'Start');

	// Static data is kept of runs that nobody watches, and what they print goes to the console.
	const keeps = await importWorkflow(
		session,
		inOneLine(`Static ${canary}`, [
			{
				...node('Clock', 'n8n-nodes-base.scheduleTrigger', 1.2),
				parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] } },
			},
			{
				...node('Keep', 'n8n-nodes-base.code', 2),
				parameters: {
					jsCode: `$getWorkflowStaticData('global').canary = ${text};\nconsole.log(${text});\nreturn [];`,
				},
			},
		]),
	);
	await activateWorkflow(session, keeps);
	for (let tries = 0; tries < 120; tries++) {
		const done = (await listExecutions(session, keeps)).filter(
			({ status }) => status === 'success',
		);
		if (done.length > 1) break;
		await sleep(500);
	}
	await deactivateWorkflow(session, keeps);
}
