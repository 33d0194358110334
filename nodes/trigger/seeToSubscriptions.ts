import { NodeOperationError, type IPollFunctions } from 'n8n-workflow';

import type { SubscriptionSource } from '../feed/subscriptions';
import { runtime } from '../transport/runtime';
import type { PollContext } from './pollContext';
import {
	isCheckDue,
	keepStarted,
	type SubscriptionNews,
	type SubscriptionState,
} from './subscriptions';

/** Before a poll collects: starts missing subscriptions when it is time to look. Never throws: listing says what is wrong. */
export async function seeToSubscriptions(
	{ node, memory, session, parameters }: PollContext,
	client: SubscriptionSource,
): Promise<void> {
	if (!parameters.startMissingSubscriptions) return;
	if (!isCheckDue(session, memory.subscriptions, runtime.now())) return;
	try {
		const news = await keepStarted(client, session, memory.subscriptions, runtime);
		for (const type of news.started) node.logger.info(`The subscription of ${type} was started`);
		for (const type of news.restarted) {
			node.__emitError(
				new NodeOperationError(node.getNode(), `The subscription of ${type} had been disabled`, {
					description:
						'It was started again. What Microsoft would have made available meanwhile may be missing.',
				}),
			);
		}
		tellFailedStarts(node, memory.subscriptions, news.failures);
	} catch (error) {
		node.logger.debug(`The subscriptions could not be listed: ${(error as Error).message}`);
	}
}

/** Once per content type and reason: without its subscription nothing of that type is collected. */
export function tellFailedStarts(
	node: IPollFunctions,
	{ told }: SubscriptionState,
	failures: SubscriptionNews['failures'],
): void {
	for (const { contentType, failure } of failures) {
		const message = `The subscription of ${contentType} could not be started: ${failure.message}`;
		if (told.get(contentType) === message) continue;
		told.set(contentType, message);
		node.logger.warn(message);
		node.__emitError(new NodeOperationError(node.getNode(), message, { description: failure.advice }));
	}
}
