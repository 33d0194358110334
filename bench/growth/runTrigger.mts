import type { Engine, Poll } from '../../test/engine/harness.mts';
import type { DeliveryChecker } from '../load/checkDelivery.mts';
import type { Load } from '../load/types.mts';
import { NO_LIMIT } from '../noLimit.mts';

/** More polls than any backlog takes: who needs more does not get on. */
const MOST_POLLS = 1_000;

let runs = 0;

/**
 * Switches the trigger on and polls until it has handed on the whole backlog, every run succeeding at once.
 *
 * @returns the size of the largest checkpoint, as JSON
 */
export async function runTrigger(
	engine: Engine,
	credentialId: string,
	load: Load,
	checker: Pick<DeliveryChecker, 'record'>,
): Promise<number> {
	let delivered = 0;
	let checkpointBytes = 0;
	const poll: Poll = engine.createPoll({
		credentialId,
		parameters: {
			contentTypes: [...load.contentTypes],
			startFrom: 'last',
			lastAmount: load.days,
			lastUnit: 'days',
			options: { maxRequestsPerMinute: NO_LIMIT },
		},
		// What a trigger knows of its past is kept by workflow, and the warm-up must not be the past of the measured run.
		workflowId: `growth-${++runs}`,
		onEmit({ items, finish }) {
			for (const { json } of items) checker.record(json);
			delivered += items.length;
			checkpointBytes = Math.max(checkpointBytes, JSON.stringify(poll.staticData()).length);
			finish('success');
		},
	});
	await poll.activate();
	const wanted = load.blobs * load.eventsPerBlob;
	for (let polls = 0; delivered < wanted && polls < MOST_POLLS; polls++) {
		await poll.tick();
		const [error] = poll.errors;
		if (error) throw error;
		// The harness keeps what was handed on; n8n does not.
		poll.emissions.length = 0;
	}
	return checkpointBytes;
}
