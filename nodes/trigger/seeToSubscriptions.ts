import { NodeOperationError, type IPollFunctions } from 'n8n-workflow';

import { attempt } from '../feed/attempt';
import { SECOND_MS } from '../feed/time';
import type { FeedClient } from '../transport/client';
import { runtime } from '../transport/runtime';
import type { PollContext } from './pollContext';
import {
	isCheckDue,
	keepStarted,
	type SubscriptionNews,
	type SubscriptionState,
} from './subscriptions';

/** What is subscribed already is not to wait for the list of subscriptions, nor for starts, any longer; nor than a part of the poll. */
const PATIENCE_MS = 10 * SECOND_MS;
const SHARE_OF_POLL = 1 / 4;

/**
 * Before a poll collects: starts missing subscriptions when it is time to look. Never throws: collecting goes on, and listing says
 * what is wrong. An answer that does not come is waited for a short while only; the next try is left to a later poll.
 */
export async function seeToSubscriptions(context: PollContext, client: Pick<FeedClient, 'within'>): Promise<void> {
	const { node, memory, session, parameters, budgetMs } = context;
	if (!parameters.startMissingSubscriptions) return;
	if (!isCheckDue(session, memory.subscriptions, runtime.now())) return;
	const waitMs = Math.min(PATIENCE_MS, budgetMs * SHARE_OF_POLL);
	const stop = new AbortController();
	void runtime.sleep(waitMs).then(() => stop.abort());
	try {
		await look(context, client.within({ deadlineMs: runtime.now() + waitMs, signal: stop.signal }));
	} catch (error) {
		// A fault of the program: no listing would say it.
		node.logger.error(`The subscriptions could not be seen to: ${(error as Error).message}`);
	}
}

async function look({ node, memory, session }: PollContext, client: FeedClient): Promise<void> {
	const looked = await attempt(async () => await keepStarted(client, session, memory.subscriptions, runtime));
	if (!looked.ok) {
		node.logger.debug(`The subscriptions could not be listed: ${looked.failure.message}`);
		return;
	}
	const { started, restarted, reappeared, failures } = looked.value;
	for (const type of started) node.logger.info(`The subscription of ${type} was started`);
	const tell = (message: string, description: string) =>
		node.__emitError(new NodeOperationError(node.getNode(), message, { description }));
	for (const type of restarted) {
		tell(
			`The subscription of ${type} had been disabled`,
			'It was started again. What Microsoft would have made available meanwhile may be missing.',
		);
	}
	for (const type of reappeared) {
		tell(
			`The subscription of ${type} was missing for a while`,
			'It is there again. If somebody had disabled it, what Microsoft would have made available meanwhile may be missing.',
		);
	}
	tellFailedStarts(node, memory.subscriptions, failures);
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
