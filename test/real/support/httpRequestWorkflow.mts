import { FETCH_NODE, fetchWorkflow } from '../../../scripts/fetchWorkflow.mts';
import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import type { WorkflowFile } from '../../../scripts/n8n/workflows.mts';
import { CREDENTIAL_TYPE } from '../../../scripts/simulatedTenant.mts';

/** n8n's HTTP Request node in the place of ours, with our credential as its predefined one. */
export function httpRequestWorkflow(credential: StoredCredential, url: string): WorkflowFile {
	const workflow = fetchWorkflow(credential, {});
	const nodes = workflow.nodes.map((node) =>
		node.name === FETCH_NODE
			? {
					...node,
					type: 'n8n-nodes-base.httpRequest',
					typeVersion: 4.2,
					parameters: {
						url,
						authentication: 'predefinedCredentialType',
						nodeCredentialType: CREDENTIAL_TYPE,
					},
				}
			: node,
	);
	return { ...workflow, name: 'HTTP Request', nodes };
}
