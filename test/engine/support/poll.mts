import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeTypes,
	IRun,
	IWorkflowBase,
	IWorkflowSettings,
	Workflow,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import { createAdditionalData } from './additionalData.mts';
import type { Core } from './core.mts';
import type { CredentialStore } from './credentialStore.mts';
import { createPollRunner } from './pollRunner.mts';

export interface PollParams {
	parameters: Record<string, unknown>;
	credentialId?: string;
	/** What the database holds when the workflow is loaded. */
	staticData?: IDataObject;
	activation?: WorkflowActivateMode;
	mode?: WorkflowExecuteMode;
	settings?: IWorkflowSettings;
	workflowId?: string;
	node?: Partial<INode>;
	/** What becomes of each hand-over; without it every run succeeds as soon as it starts. */
	onEmit?: (emission: Emission) => void;
	/** Milliseconds `getPollBudgetMs` answers; 300,000 as n8n does by default. */
	budgetMs?: number;
	/** n8n's durable scheduler, with durable cursors or without: each tick has a context of its own. */
	scheduler?: 'cursors' | 'noCursors';
}

/** One `__emit`: a workflow run as n8n would start it. */
export interface Emission {
	items: INodeExecutionData[];
	/** Whether the node asked to be told how the run ends. */
	awaited: boolean;
	/** Ends the run with this status (`success`, `error`, `waiting`, `canceled`, …), or with no run at all. */
	finish(status: IRun['status'] | undefined): void;
	/** The run could not start, or was cancelled before it did. */
	reject(error: Error): void;
}

export interface Poll {
	/** The poll n8n makes when the workflow is switched on; throws what the node throws. */
	activate(): Promise<void>;
	/** One tick of the schedule; what the node throws ends up in `errors`. */
	tick(): Promise<void>;
	/** "Fetch test event" in the editor; returns the items, stores nothing. */
	fetchTestEvent(): Promise<INodeExecutionData[] | null>;
	emissions: Emission[];
	/** Failed executions, recorded by `__emitError`. */
	errors: Error[];
	/** The object in memory. */
	staticData(): IDataObject;
	/** What n8n has written to its database. */
	stored(): IDataObject;
	/** The same workflow after the process died: only what was stored is left. */
	restart(change?: Partial<PollParams>): Poll;
}

/** Settled by n8n when the run ends; 2.40 resolves it without a run if that was blocked. */
interface DonePromise {
	resolve(run: IRun | undefined): void;
	reject(error: Error): void;
}

interface PollParts {
	nodeTypes: INodeTypes;
	credentials: CredentialStore;
	triggerType: string;
	credentialType: string;
}

const TRIGGER_NAME = 'Trigger';

/**
 * A trigger node under n8n's default poller (`n8n/dist/workflows/triggers/trigger-execution-context.factory.js` 2.40.7): a
 * hand-over writes changed static data before the run exists, and nothing else writes it.
 */
export function createPoll(engineCore: Core, parts: PollParts, params: PollParams): Poll {
	const { core } = engineCore;
	const mode = params.mode ?? 'trigger';
	const workflow = createWorkflow(engineCore, parts, params);
	const node = Object.values(workflow.nodes)[0] as INode;
	const emissions: Emission[] = [];
	const errors: Error[] = [];
	let stored = structuredClone(params.staticData ?? {});
	let onHandOver = () => {};

	function store(): void {
		if (workflow.staticData.__dataChanged !== true) return;
		stored = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
		workflow.staticData.__dataChanged = false;
	}

	function emit(data: INodeExecutionData[][], _response?: unknown, done?: DonePromise): void {
		store();
		onHandOver();
		const emission = createEmission(data, done);
		emissions.push(emission);
		if (params.onEmit) params.onEmit(emission);
		else emission.finish('success');
	}

	/** With durable cursors a poll works on a copy of its static data, which is stored when it hands over or returns. */
	function cursorOf(): { read?: () => IDataObject; commit: () => Promise<void> } {
		if (params.scheduler !== 'cursors') return { commit: async () => {} };
		const key = `node:${node.name}`;
		const copy = structuredClone((stored[key] ?? {}) as IDataObject);
		const commit = () => void (stored = { ...stored, [key]: structuredClone(copy) });
		onHandOver = commit;
		return { read: () => copy, commit: async () => commit() };
	}

	function context(contextMode: WorkflowExecuteMode, activation: WorkflowActivateMode) {
		const cursor = cursorOf();
		const additionalData = createAdditionalData(engineCore, parts.credentials, contextMode, {
			id: workflow.id,
		} as IWorkflowBase);
		return new core.PollContext(
			workflow,
			node,
			additionalData,
			contextMode,
			activation,
			emit,
			(error) => void errors.push(error),
			cursor.commit,
			undefined,
			cursor.read,
			() => params.budgetMs ?? 300_000,
		);
	}

	const activation = params.activation ?? 'activate';
	const runner = createPollRunner(engineCore, workflow, node);
	const execute = runner.scheduled(context(mode, activation));

	return {
		activate: async () => await execute(true),
		tick: async () => await (params.scheduler ? runner.scheduled(context(mode, 'update'))() : execute()),
		async fetchTestEvent() {
			const result = await runner.once(context('manual', 'manual'));
			return result?.[0] ?? null;
		},
		emissions,
		errors,
		staticData: () => workflow.getStaticData('node', node),
		stored: () => structuredClone(stored),
		restart: (change = {}) =>
			createPoll(engineCore, parts, { ...params, staticData: structuredClone(stored), ...change }),
	};
}

function createWorkflow(
	{ workflow: n8n }: Core,
	parts: PollParts,
	{ parameters, credentialId, workflowId, settings, staticData, node }: PollParams,
): Workflow {
	const trigger: INode = {
		id: 'trigger-node',
		name: TRIGGER_NAME,
		type: parts.triggerType,
		typeVersion: 1,
		position: [0, 0],
		parameters: structuredClone(parameters) as INode['parameters'],
		...(credentialId && {
			credentials: { [parts.credentialType]: { id: credentialId, name: 'Credential under test' } },
		}),
		...node,
	};
	return new n8n.Workflow({
		id: workflowId ?? 'polled-workflow',
		name: 'Polled workflow',
		nodes: [trigger],
		connections: {},
		active: true,
		nodeTypes: parts.nodeTypes,
		settings,
		staticData: structuredClone(staticData),
	});
}

function createEmission(data: INodeExecutionData[][], done: DonePromise | undefined): Emission {
	return {
		items: data[0] ?? [],
		awaited: done !== undefined,
		finish: (status) =>
			done?.resolve(status && ({ status, mode: 'trigger', data: {}, finished: true } as IRun)),
		reject: (error) => done?.reject(error),
	};
}
