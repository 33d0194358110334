import type { IDataObject } from 'n8n-workflow';

import { createEmptyStage, MINUTE, type Stage, type StageOptions } from '../engine/support/stage.mts';
import type { Poll, PollParams } from '../engine/harness.mts';

export interface TriggerStage extends Stage {
	createTrigger(parameters?: IDataObject, more?: Partial<PollParams>): Poll;
	/** A blob with these events, created so many minutes ago and listed from now on. */
	publish(ids: string | string[], minutesAgo?: number): ReturnType<Stage['sim']['feed']['addBlob']>;
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
		publish: (ids, minutesAgo = 1) =>
			stage.sim.feed.addBlob({
				contentType: 'Audit.General',
				createdMs: stage.clock.now() - minutesAgo * MINUTE,
				events: [ids].flat().map((Id) => ({ Id, RecordType: 1, Operation: 'Test' })),
			}),
		kill(trigger, change) {
			forgetAll();
			return trigger.restart(change);
		},
	};
}

export interface GivenStage extends Pick<TriggerStage, 'publish'> {
	readonly stage: TriggerStage;
	/** Another one instead, for the rest of the test. */
	change(options: StageOptions): Promise<void>;
}

/** A stage of its own for each test of the `describe` that calls this. */
export function stageForEachTest(options?: StageOptions): GivenStage {
	let stage: TriggerStage;
	beforeEach(async () => {
		stage = await createTriggerStage(options);
	});
	afterEach(async () => await stage.close());
	return {
		get stage() {
			return stage;
		},
		publish: (...blob) => stage.publish(...blob),
		async change(others) {
			await stage.close();
			stage = await createTriggerStage(others);
		},
	};
}

/** Ids of all events that were handed over, in order. */
export function idsOf(trigger: Poll): unknown[] {
	return trigger.emissions.flatMap(({ items }) => items.map(({ json }) => json.Id));
}
