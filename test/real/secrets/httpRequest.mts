import { FETCH_NODE, fetchWorkflow } from '../../../scripts/fetchWorkflow.mts';
import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import { runWorkflow } from '../../../scripts/n8n/executions.mts';
import type { Execution } from '../../../scripts/n8n/executions.mts';
import { importWorkflow } from '../../../scripts/n8n/workflows.mts';
import { CREDENTIAL_TYPE } from '../../../scripts/simulatedTenant.mts';
import type { Simulator } from '../../../simulator/types.mts';
import type { Stage } from './stage.mts';

export function listUrl({ url, tenant }: Pick<Simulator, 'url' | 'tenant'>): string {
	return `${url}/api/v1.0/${tenant.tenantId}/activity/feed/subscriptions/list?PublisherIdentifier=${tenant.tenantId}`;
}

/** Runs n8n's HTTP Request node with our credential as its predefined one. */
export async function httpRequest(
	{ n8n }: Stage,
	credential: StoredCredential,
	url: string,
): Promise<Execution> {
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
	const stored = await importWorkflow(n8n.session, { ...workflow, name: 'HTTP Request', nodes });
	return await runWorkflow(n8n.session, stored, 'Start');
}
