import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import { runWorkflow } from '../../../scripts/n8n/executions.mts';
import type { Execution } from '../../../scripts/n8n/executions.mts';
import { importWorkflow } from '../../../scripts/n8n/workflows.mts';
import type { Simulator } from '../../../simulator/types.mts';
import { httpRequestWorkflow } from '../support/httpRequestWorkflow.mts';
import type { Stage } from './stage.mts';

export function listUrl({ url, tenant }: Pick<Simulator, 'url' | 'tenant'>): string {
	return `${url}/api/v1.0/${tenant.tenantId}/activity/feed/subscriptions/list?PublisherIdentifier=${tenant.tenantId}`;
}

/** Runs n8n's HTTP Request node with our credential. */
export async function httpRequest(
	{ n8n }: Stage,
	credential: StoredCredential,
	url: string,
): Promise<Execution> {
	const stored = await importWorkflow(n8n.session, httpRequestWorkflow(credential, url));
	return await runWorkflow(n8n.session, stored, 'Start');
}
