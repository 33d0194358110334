import type {
	IConnections,
	IDataObject,
	INode,
	INodeExecutionData,
	IRun,
	IWorkflowBase,
	IWorkflowSettings,
	NodeExecutionHint,
	WorkflowExecuteMode,
	INodeTypes,
} from 'n8n-workflow';

import { createAdditionalData } from './additionalData.mts';
import type { Core } from './core.mts';
import type { CredentialStore } from './credentialStore.mts';
import type { LogEntry } from './logCapture.mts';

/** The part of an exported workflow that a run needs. */
export interface WorkflowJson {
	id?: string;
	name?: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	staticData?: IDataObject;
}

export interface RunOptions {
	/** Items of the first node; one empty item unless told. */
	input?: INodeExecutionData[];
	/** Name of the node to begin with; the first of the list unless told. */
	start?: string;
	mode?: WorkflowExecuteMode;
	/** Stops the execution, as the Stop button does, after so many real milliseconds or when this settles. */
	cancelAfter?: number | Promise<unknown>;
}

/** What one node left behind. */
export interface NodeResult {
	/** Items of the first output. */
	items: INodeExecutionData[];
	/** Items of the error output, for nodes set to continue there. */
	errorItems: INodeExecutionData[];
	error?: Error;
	hints: NodeExecutionHint[];
}

export interface WorkflowResult {
	run: IRun;
	/** Lines logged while the workflow ran. */
	logs: LogEntry[];
	error?: Error;
	of(nodeName: string): NodeResult;
}

let executionCount = 0;

/** Runs a workflow in n8n's real engine and waits for its end. Failures end up in the result; nothing is thrown. */
export async function runWorkflow(
	engineCore: Core,
	parts: { nodeTypes: INodeTypes; credentials: CredentialStore; logs: LogEntry[] },
	json: WorkflowJson,
	{ input = [{ json: {} }], start, mode = 'manual', cancelAfter }: RunOptions = {},
): Promise<WorkflowResult> {
	const { core, workflow: n8n } = engineCore;
	executionCount += 1;
	const executionId = String(executionCount);
	const workflow = new n8n.Workflow({
		id: json.id ?? 'workflow-under-test',
		name: json.name ?? 'Workflow under test',
		nodes: structuredClone(json.nodes),
		connections: json.connections,
		active: false,
		nodeTypes: parts.nodeTypes,
		settings: json.settings,
		staticData: json.staticData,
	});
	const additionalData = createAdditionalData(
		engineCore,
		parts.credentials,
		mode,
		{ ...json, id: workflow.id } as unknown as IWorkflowBase,
		executionId,
	);
	const first = workflow.getNode(start ?? json.nodes[0]?.name ?? '');
	if (!first) throw new Error('The workflow has no node to start with');
	const data = n8n.createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: first, data: { main: [input] }, source: null }],
		},
	});
	const logStart = parts.logs.length;
	const execution = new core.WorkflowExecute(additionalData, mode, data).processRunExecutionData(
		workflow,
	);
	const timer = cancelOn(cancelAfter, () => execution.cancel());
	const run = await execution;
	clearTimeout(timer);
	return {
		run,
		logs: parts.logs.slice(logStart),
		error: run.data.resultData.error as Error | undefined,
		of: (nodeName) => resultOf(run, nodeName),
	};
}

function cancelOn(
	when: number | Promise<unknown> | undefined,
	cancel: () => void,
): NodeJS.Timeout | undefined {
	if (typeof when === 'number') return setTimeout(cancel, when);
	void when?.then(cancel);
	return undefined;
}

function resultOf(run: IRun, nodeName: string): NodeResult {
	const task = run.data.resultData.runData[nodeName]?.at(-1);
	return {
		items: task?.data?.main?.[0] ?? [],
		errorItems: task?.data?.main?.[1] ?? [],
		error: task?.error as Error | undefined,
		hints: task?.hints ?? [],
	};
}
