import type {
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { Core } from './core.mts';
import type { CredentialStore } from './credentialStore.mts';

/** What n8n's server adds to each execution, as far as a node can notice it. */
export function createAdditionalData(
	{ core, container }: Core,
	credentials: CredentialStore,
	mode: WorkflowExecuteMode,
	workflowData: IWorkflowBase,
	executionId?: string,
): IWorkflowExecuteAdditionalData {
	const base = 'http://localhost:5678';
	return {
		currentNodeExecutionIndex: 0,
		credentialsHelper: credentials.helper,
		executionId,
		restApiUrl: `${base}/rest`,
		instanceBaseUrl: `${base}/`,
		formWaitingBaseUrl: `${base}/form-waiting`,
		webhookBaseUrl: `${base}/webhook`,
		webhookWaitingBaseUrl: `${base}/webhook-waiting`,
		webhookTestBaseUrl: `${base}/webhook-test`,
		variables: {},
		userId: 'engine-test',
		setExecutionStatus() {},
		externalSecretsProxy: container.get(core.ExternalSecretsProxy),
		hooks: new core.ExecutionLifecycleHooks(mode, executionId ?? '1', workflowData),
	} as unknown as IWorkflowExecuteAdditionalData;
}
