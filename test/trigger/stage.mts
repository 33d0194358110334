import type { IDataObject } from 'n8n-workflow';

import { createEmptyStage, type Stage, type StageOptions } from '../engine/support/stage.mts';
import type { Poll, PollParams } from '../engine/harness.mts';

export interface TriggerStage extends Stage {
	createTrigger(parameters?: IDataObject, more?: Partial<PollParams>): Poll;
	/** What the process knew is gone; what n8n stored is left. */
	kill(trigger: Poll, change?: Partial<PollParams>): Poll;
}

/** A tenant without content and the trigger in n8n's engine, on one virtual time. */
export async function createTriggerStage(options?: StageOptions): Promise<TriggerStage> {
	const stage = await createEmptyStage({ contentTypes: ['Audit.General'], ...options });
	const { forgetAll } = stage.engine.load<{ forgetAll: () => void }>('dist/nodes/trigger/registry.js');
	forgetAll();
	let workflows = 0;
	return {
		...stage,
		createTrigger: (parameters, more) =>
			stage.engine.createPoll({
				parameters: { contentTypes: ['Audit.General'], ...parameters },
				credentialId: stage.credentialId,
				workflowId: `workflow-${++workflows}`,
				...more,
			}),
		kill(trigger, change) {
			forgetAll();
			return trigger.restart(change);
		},
	};
}

/** Ids of all events that were handed over, in order. */
export function idsOf(trigger: Poll): unknown[] {
	return trigger.emissions.flatMap(({ items }) => items.map(({ json }) => json.Id));
}
