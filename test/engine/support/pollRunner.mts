import type { INode, INodeExecutionData, IPollFunctions, Workflow } from 'n8n-workflow';

import type { Core } from './core.mts';

type Polled = INodeExecutionData[][] | null;

export interface PollRunner {
	/** What n8n's schedule calls; the first call of an activation throws what the node throws. */
	scheduled(context: IPollFunctions): (firstOfActivation?: boolean) => Promise<void>;
	/** What "Fetch test event" calls. */
	once(context: IPollFunctions): Promise<Polled>;
}

/** Calls `poll()` as the n8n under test does. */
export function createPollRunner(
	{ core, container }: Core,
	workflow: Workflow,
	node: INode,
): PollRunner {
	if (!core.PollTriggerExecutor) return earlierRunner(workflow, node);
	return {
		scheduled: (context) =>
			container.get(core.PollTriggerExecutor).create(workflow, node, context as never, () => true),
		once: async (context) =>
			await workflow.expression.withIsolate(
				async () =>
					await container
						.get(core.TriggersAndPollers)
						.runPollFunction(workflow, node, context as never),
			),
	};
}

/** `n8n-core/dist/execution-engine/active-workflows.js` 1.122.48, where this is part of a larger function. */
function earlierRunner(workflow: Workflow, node: INode): PollRunner {
	const { poll } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const once = async (context: IPollFunctions) => (await poll?.call(context)) ?? null;
	const scheduled =
		(context: IPollFunctions) =>
		async (firstOfActivation = false) => {
			try {
				const polled = await once(context);
				if (polled !== null) context.__emit(polled);
			} catch (error) {
				if (firstOfActivation) throw error;
				context.__emitError(error as Error);
			}
		};
	return { scheduled, once };
}
