import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { openStore, type CheckpointStore } from '../../../nodes/trigger/staticData';
import type { WorldRun } from './destination.mts';

export interface NodeIdentity {
	id: string;
	name: string;
}

/** n8n's copy of a workflow in memory, on which its polls work; an edit or a restart loads another one. */
export interface LoadedWorkflow {
	data: Record<string, IDataObject>;
	/** The runs whose success it knows of, and the name that the trigger had when it was saved. */
	known: readonly WorldRun[];
	savedAs: string;
}

/** One in so many stores is measured: writing JSON is most of a history's time. */
const MEASURED = 8;

/** How n8n keeps the static data of a workflow. */
export interface StaticData {
	load(): LoadedWorkflow;
	/** @returns how many characters the node's checkpoint takes, or 0 if that was not measured */
	store(workflow: LoadedWorkflow): number;
	/** Another node of the workflow stores what it was started with. */
	rollBack(): void;
	open(workflow: LoadedWorkflow, node: NodeIdentity): CheckpointStore;
}

export function createStaticData(): StaticData {
	let before: LoadedWorkflow | undefined;
	let stored: LoadedWorkflow = { data: {}, known: [], savedAs: '' };
	let stores = 0;
	return {
		load: () => copyOf(stored),
		store(workflow) {
			before = stored;
			stored = copyOf(workflow);
			if (stores++ % MEASURED !== 0) return 0;
			return JSON.stringify(stored.data[keyOf(stored.savedAs)] ?? {}).length;
		},
		rollBack: () => void (stored = before ?? stored),
		open(workflow, node) {
			const of = (key: string) => (workflow.data[key] ??= {});
			return openStore({
				getWorkflowStaticData: (type: string) => of(type === 'global' ? type : keyOf(node.name)),
				getNode: () => node,
			} as unknown as IPollFunctions);
		},
	};
}

/** What is saved under a key is always a new object, so that two levels are all that can change. */
function copyOf({ data, ...rest }: LoadedWorkflow): LoadedWorkflow {
	return {
		...rest,
		data: Object.fromEntries(Object.entries(data).map(([key, values]) => [key, { ...values }])),
	};
}

function keyOf(nodeName: string): string {
	return `node:${nodeName}`;
}
