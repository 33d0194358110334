import type { IPollFunctions } from 'n8n-workflow';

import { createLookAhead, type LookAhead } from '../feed/lookAhead';
import type { ContentType } from '../feed/types';
import type { Session } from './collector/types';
import { newSubscriptionState, type SubscriptionState } from './subscriptions';

/** Enough to hide the latency of small blobs; a poll has to leave the process to others. */
const READ_AHEAD = { blobs: 16, characters: 24 * 1024 * 1024 };

/** What this process knows about one trigger between its polls. */
export interface TriggerMemory {
	/** Undefined until the first poll. */
	session?: Session;
	subscriptions: SubscriptionState;
	lookAhead: LookAhead;
	/** How many entries without a usable contentId were listed at once, as last told. */
	unusable: Map<ContentType, number>;
	/** A poll is at work: n8n's ticks do not wait for each other. */
	polling: boolean;
	/** What was last told to be wrong with the whole node, so that it is told once. */
	problem?: string;
}

const memories = new Map<string, TriggerMemory>();

/** The memory of a node, by workflow and node: it outlives edits of the workflow, not the process. */
export function memoryOf(node: IPollFunctions): TriggerMemory {
	const key = `${node.getWorkflow().id ?? ''}:${node.getNode().id}`;
	let memory = memories.get(key);
	if (!memory) {
		memory = {
			subscriptions: newSubscriptionState(),
			lookAhead: createLookAhead(READ_AHEAD),
			unusable: new Map(),
			polling: false,
		};
		memories.set(key, memory);
	}
	return memory;
}

/** Forgets everything, as the end of the process does. */
export function forgetAll(): void {
	memories.clear();
}

const activated = new WeakSet<IPollFunctions>();

/**
 * True for the first poll of an activation. n8n's default poller makes it with the context that all later ticks use too, so
 * a context that was not seen before is an activation. In durable mode every tick has a context of its own.
 */
export function isActivationPoll(node: IPollFunctions, durable: boolean): boolean {
	if (durable || activated.has(node)) return false;
	activated.add(node);
	return true;
}
