import type { IPollFunctions } from 'n8n-workflow';

import type { Session } from './collector/types';
import type { TriggerParameters } from './parameters';
import type { TriggerMemory } from './registry';
import type { CheckpointStore } from './staticData';

/** One poll, with everything it needs. */
export interface PollContext {
	node: IPollFunctions;
	memory: TriggerMemory;
	session: Session;
	parameters: TriggerParameters;
	store: CheckpointStore;
	/** How long the poll may last. */
	budgetMs: number;
	/** n8n's durable poller: it stores what a poll without data has changed, and gives it less than a minute. */
	durable: boolean;
}
