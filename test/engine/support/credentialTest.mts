import type {
	ICredentialsDecrypted,
	IExecuteData,
	INode,
	INodeProperties,
	INodeType,
	INodeTypes,
	IWorkflowBase,
} from 'n8n-workflow';

import { createAdditionalData } from './additionalData.mts';
import type { Core } from './core.mts';
import type { CredentialStore } from './credentialStore.mts';
import { NO_OP_TYPE } from './nodeTypes.mts';

/** What the credential dialog shows. */
export interface CredentialTestResult {
	status: 'OK' | 'Error';
	message: string;
}

interface RequestFailure extends Error {
	cause?: { code?: string; response?: { status: number; statusText: string } };
}

/** Presses a credential's "test", as `n8n/dist/services/credentials-tester.service.js` 2.40.7 does it. */
export async function testCredential(
	engineCore: Core,
	parts: { nodeTypes: INodeTypes; credentials: CredentialStore },
	type: string,
	id: string,
): Promise<CredentialTestResult> {
	const { core, workflow: n8n } = engineCore;
	const { test } = parts.credentials.type(type);
	if (!test) throw new Error(`The credential type ${type} has no test request`);
	const decrypted: ICredentialsDecrypted = {
		id,
		name: 'Credential under test',
		type,
		data: parts.credentials.decrypt(id, type),
	};
	const probe: INodeProperties = {
		displayName: 'Temp',
		name: 'temp',
		type: 'string',
		default: '',
		routing: { request: test.request },
	};
	const noOp = parts.nodeTypes.getByNameAndVersion(NO_OP_TYPE);
	const nodeType: INodeType = {
		description: {
			...noOp.description,
			name: NO_OP_TYPE,
			credentials: [{ name: type, required: true }],
			properties: [probe],
		},
	};
	const node: INode = {
		id: 'temp',
		name: 'Temp-Node',
		type: NO_OP_TYPE,
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
		credentials: { [type]: { id, name: decrypted.name } },
	};
	const nodeTypes = { ...parts.nodeTypes, getByNameAndVersion: () => nodeType };
	const workflow = new n8n.Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const additionalData = createAdditionalData(
		engineCore,
		parts.credentials,
		'internal',
		{} as IWorkflowBase,
	);
	const executeData: IExecuteData = { node, data: {}, source: null };
	const context = new core.ExecuteContext(
		workflow,
		node,
		additionalData,
		'internal',
		n8n.createEmptyRunExecutionData(),
		0,
		[],
		{ main: [[{ json: {} }]] },
		executeData,
		[],
	);
	try {
		await workflow.expression.acquireIsolate();
		await new core.RoutingNode(context, nodeType, decrypted).runNode();
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: messageFor(error as RequestFailure, test.rules ?? []) };
	} finally {
		await workflow.expression.releaseIsolate();
	}
}

type Rules = NonNullable<NonNullable<ReturnType<CredentialStore['type']>['test']>['rules']>;

function messageFor(error: RequestFailure, rules: Rules): string {
	const response = error.cause?.response;
	if (!response) return error.cause?.code ?? error.message;
	for (const rule of rules) {
		if (rule.type === 'responseCode' && rule.properties.value === response.status) {
			return rule.properties.message;
		}
	}
	return response.statusText || `Received HTTP status code: ${response.status}`;
}
