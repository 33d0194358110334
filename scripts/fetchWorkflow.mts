import { ACTION_NODE, CREDENTIAL_TYPE } from './simulatedTenant.mts';
import type { StoredCredential } from './n8n/credentials.mts';
import type { WorkflowFile } from './n8n/workflows.mts';

export const FETCH_NODE = 'Fetch';

/** A manual trigger and our action node with these parameters and this credential. */
export function fetchWorkflow(
	{ id, name }: StoredCredential,
	parameters: Record<string, unknown>,
): WorkflowFile {
	return {
		name: 'Fetch',
		nodes: [
			{
				id: 'start',
				name: 'Start',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: 'fetch',
				name: FETCH_NODE,
				type: ACTION_NODE,
				typeVersion: 1,
				position: [220, 0],
				parameters,
				credentials: { [CREDENTIAL_TYPE]: { id, name } },
			},
		],
		connections: { Start: { main: [[{ node: FETCH_NODE, type: 'main', index: 0 }]] } },
	};
}

/** Everything the API still lists, in all content types. */
export const FETCH_ALL = {
	resource: 'event',
	operation: 'getAll',
	contentTypes: [
		'Audit.AzureActiveDirectory',
		'Audit.Exchange',
		'Audit.SharePoint',
		'Audit.General',
		'DLP.All',
	],
	timeRange: 'last',
	lastAmount: 7,
	lastUnit: 'days',
	returnAll: true,
};
