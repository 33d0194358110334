import type { IPollFunctions } from 'n8n-workflow';

import { createLookAhead, type LookAhead } from '../feed/lookAhead';
import type { ContentType } from '../feed/types';
import type { Session } from './collector/types';
import { newSubscriptionState, type SubscriptionState } from './subscriptions';

/** Enough to hide the latency of small blobs; a poll has to leave the process to others. */
const READ_AHEAD = { blobs: 16, bytes: 24 * 1024 * 1024 };

/** What this process knows about one trigger between its polls. */
export interface TriggerMemory {
	/** Undefined until the first poll. */
	session?: Session;
	subscriptions: SubscriptionState;
	lookAhead: LookAhead;
	/** How many entries without a usable contentId were listed at once, as last told. */
	unusable: Map<ContentType, number>;
	/** The static data that the last poll was given, to tell whether this one was given a copy of its own. */
	staticData?: object;
	/** The last poll came with a context that nobody had seen before, and was taken for an activation. */
	activatedLast: boolean;
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
			activatedLast: false,
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

/**
 * True if the static data of this poll is a copy made for it, which n8n compares and stores when the poll returns (durable cursors,
 * n8n 2.40). Otherwise it is the workflow's own object, which lasts from poll to poll, and in which n8n keeps a mark of changes
 * under `__dataChanged`. To be asked once in a poll.
 *
 * Both must hold, so that a mistake costs an empty run now and then: what n8n does not store is never taken for stored.
 */
export function isCopy(node: IPollFunctions, memory: TriggerMemory): boolean {
	const data: object = node.getWorkflowStaticData('node');
	const isAnother = data !== memory.staticData;
	memory.staticData = data;
	return isAnother && !('__dataChanged' in data);
}

const seen = new WeakSet<IPollFunctions>();

/** `unclear`: has to check as an activation and to be as quick, and to collect as a tick. */
export type PollKind = 'activation' | 'tick' | 'unclear';

/**
 * n8n's default poller makes the first poll of an activation with the context that all later ticks use too, so a context that was
 * not seen before is an activation. Each tick of the durable scheduler has a context of its own.
 *
 * Should those not be recognised (poll.ts), they look like one edit after the other. Only every other one is taken for an
 * activation then, or nothing would ever be collected.
 */
export function kindOfPoll(node: IPollFunctions, memory: TriggerMemory, scheduled: boolean): PollKind {
	const isNew = !scheduled && !seen.has(node);
	seen.add(node);
	const again = isNew && memory.activatedLast && node.getActivationMode() === 'update';
	memory.activatedLast = isNew && !again;
	if (again) return 'unclear';
	return isNew ? 'activation' : 'tick';
}
