import { NodeOperationError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';

import { toShortText, toText } from '../feed/toText';
import { runtime } from '../transport/runtime';
import { findOperation } from './registry';
import { createNodeClient } from './common/context';
import { toNodeError } from './common/errors';
import type { OperationContext } from './types';

/**
 * Runs the chosen operation for each input item.
 *
 * With "Continue" in the node's settings an item that fails becomes one item with its `error`.
 *
 * @throws NodeApiError, NodeOperationError
 */
export async function runItems(node: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const output: INodeExecutionData[] = [];
	const hints = new Set<string>();
	for (let itemIndex = 0; itemIndex < node.getInputData().length; itemIndex++) {
		try {
			for (const item of await runItem(node, itemIndex, hints)) output.push(item);
		} catch (error) {
			const failure = toNodeError(node.getNode(), error, itemIndex);
			if (!node.continueOnFail() || node.getExecutionCancelSignal?.()?.aborted) throw failure;
			const { message, description } = failure;
			output.push({
				json: { error: message, ...(description ? { description } : {}) },
				// Lets n8n route the item to the error output, where the node has one.
				error: failure,
				pairedItem: { item: itemIndex },
			});
		}
	}
	if (hints.size > 0) {
		node.addExecutionHints(...[...hints].map((message) => ({ message, location: 'outputPane' as const })));
	}
	return output;
}

async function runItem(
	node: IExecuteFunctions,
	itemIndex: number,
	hints: Set<string>,
): Promise<INodeExecutionData[]> {
	const resource = toText(node.getNodeParameter('resource', itemIndex));
	const name = toText(node.getNodeParameter('operation', itemIndex));
	const operation = findOperation(resource, name);
	if (!operation) {
		throw new NodeOperationError(node.getNode(), `There is no operation “${toShortText(name)}” for “${toShortText(resource)}”`, {
			itemIndex,
			description: 'Choose Resource and Operation from the lists.',
		});
	}
	// Ends what is still under way when the operation is done, for example blobs read ahead of a limit.
	const done = new AbortController();
	const cancel = node.getExecutionCancelSignal?.();
	const signal = cancel ? AbortSignal.any([cancel, done.signal]) : done.signal;
	const { logger } = node;
	const context: OperationContext = {
		node,
		itemIndex,
		runtime,
		logger,
		signal,
		client: async (limits) => await createNodeClient(node, { ...limits, signal, logger }),
		hint(message, logged = message) {
			node.logger.warn(logged);
			hints.add(message);
		},
	};
	try {
		return await operation.execute(context);
	} finally {
		done.abort();
	}
}
