import { inOneLine, insertParameters, node, triggerParameters, withCredential } from '../crash/workflow.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import type { WorkflowFile } from '../n8n/workflows.mts';
import { CREDENTIAL_TYPE, PACKAGE_NAME } from '../simulatedTenant.mts';

/** The trigger as it is by default, and a plain insert into a table made by `createTable`. */
export function collectingWorkflow(
	name: string,
	table: string,
	tenant: StoredCredential,
	destination: StoredCredential,
): WorkflowFile {
	return inOneLine(name, [
		{
			...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
			parameters: triggerParameters({}),
			...withCredential({ ...tenant, type: CREDENTIAL_TYPE }),
		},
		{
			...node('Insert', 'n8n-nodes-base.postgres', 2.6),
			parameters: insertParameters(table),
			...withCredential(destination),
		},
	]);
}
