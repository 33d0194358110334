import type { INodeExecutionData, IPollFunctions, IRun } from 'n8n-workflow';

import { isRecord } from '../feed/parseBlob';
import type { RunResult } from './collector/types';

/** A run that waits (a Wait node) has taken the events; everything else than these two did not. */
const DELIVERED: ReadonlySet<string> = new Set(['success', 'waiting']);

/**
 * Starts a run of the workflow and waits for its end. n8n stores the static data as it is at this moment.
 *
 * The promise may never settle: n8n 1.x does not tell when a run cannot start.
 *
 * n8n tells a poll nothing when its workflow is switched off: pollers have no `closeFunction` and no signal, only a result
 * that a poll returns is dropped. n8n 2 refuses what is handed over then, and after a few refusals nothing more is; n8n 1.x
 * still runs it, until the poll ends.
 */
export async function handOver(node: IPollFunctions, items: INodeExecutionData[]): Promise<RunResult> {
	const done = node.helpers.createDeferredPromise<IRun | undefined>();
	node.__emit([items], undefined, done);
	try {
		// In queue mode the run's data is empty: only its status tells.
		const run = await done.promise;
		if (run === undefined) return 'refused';
		if (DELIVERED.has(run.status)) return 'delivered';
		return run.status === 'canceled' && !timedOut(messageOf(run.data?.resultData?.error)) ? 'refused' : 'failed';
	} catch (error) {
		const message = messageOf(error);
		node.logger.warn(`The run could not be started or was stopped: ${message}`);
		return isAboutN8n(message) ? 'refused' : 'failed';
	}
}

/**
 * The workflow is switched off, the poll is another main's by now, a person or the end of n8n stopped the run. Whatever else ends
 * it before it began may be the fault of the events: that they are too much for the database, say.
 */
function isAboutN8n(message: string): boolean {
	return (
		/Published version not found|no longer holds its lease|execution was cancelled/.test(message) && !timedOut(message)
	);
}

/**
 * Of all that cancels a run, only the workflow's own time limit may be the fault of the events. In queue mode n8n does not say
 * which it was: then nobody counts it against them.
 */
function timedOut(message: string): boolean {
	return message.includes('cancelled because it timed out');
}

function messageOf(error: unknown): string {
	const message = isRecord(error) ? error.message : undefined;
	return typeof message === 'string' ? message : '';
}
