import { inOneLine, insertParameters, node, triggerParameters, withCredential } from '../crash/workflow.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import type { WorkflowFile } from '../n8n/workflows.mts';
import { CREDENTIAL_TYPE, PACKAGE_NAME } from '../simulatedTenant.mts';

/** Trigger and a plain insert: what the tenant has had for seven days, written down. */
export function backlogWorkflow(
	credentials: { tenant: StoredCredential; postgres: StoredCredential },
	maxRequestsPerMinute: number,
): WorkflowFile {
	const { tenant, postgres } = credentials;
	const options = { overlapMinutes: 120, maxRequestsPerMinute };
	return inOneLine('Backlog', [
		{
			...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
			parameters: { ...triggerParameters(options), lastAmount: 7, lastUnit: 'days', simplify: true },
			...withCredential({ ...tenant, type: CREDENTIAL_TYPE }),
		},
		{
			...node('Insert', 'n8n-nodes-base.postgres', 2.6),
			parameters: insertParameters(),
			...withCredential(postgres),
		},
	]);
}
