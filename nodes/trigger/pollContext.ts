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
	/** By n8n's durable scheduler: each poll has a context of its own, and may be made by another n8n process. */
	scheduled: boolean;
	/** n8n stores what a poll without data has changed. */
	storesOnReturn: boolean;
}
