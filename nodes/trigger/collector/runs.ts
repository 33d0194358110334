import {
	putBack,
	recordDelivered,
	recordFailed,
	recordRefused,
	recordSuccess,
} from '../../feed/checkpoint/outcome';
import { encodeCheckpoint } from '../../feed/checkpoint/encodeCheckpoint';
import { isDown } from '../../feed/checkpoint/nextWork';
import { SECOND_MS } from '../../feed/time';
import { timeLeft } from './clock';
import type { CollectorPorts, PreparedBatch, Run, RunResult, Session, Work } from './types';

interface Saving {
	session: Session;
	ports: Pick<CollectorPorts, 'save' | 'runtime'>;
}

/** Saves the checkpoint; whoever calls it sees to it that n8n stores it. */
export function save({ session, ports }: Saving): void {
	session.state.sequence++;
	ports.save(encodeCheckpoint(session.state, ports.runtime.now()));
}

/** As {@link save}, when n8n is about to store it. */
export function saveForStorage(work: Work): void {
	save(work);
	work.session.state.storedMs = work.ports.runtime.now();
	work.session.state.unstored = 'nothing';
}

/** Starts a run with the batch. */
export function handOut(work: Work, batch: PreparedBatch): void {
	const { session, ports, options } = work;
	if (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);
	batch.probe = isDown(session.state);
	saveForStorage(work);
	const run: Run = {
		batch,
		delivery: options.delivery,
		startedMs: ports.runtime.now(),
	};
	session.runs.add(run);
	session.afterRetry = batch.failed !== undefined;
	ports
		.emit(batch.parts)
		.then(
			(result) => endRun(work, run, result),
			() => endRun(work, run, 'failed'),
		)
		.catch((fault: unknown) => (session.fault = { fault }));
	// n8n has the events now.
	batch.parts = [];
}

function endRun(work: Work, run: Run, result: RunResult): void {
	const { session, ports, options } = work;
	if (!session.runs.delete(run)) return;
	session.onRunEnd?.();
	if (run.delivery === 'atMostOnce') return;
	if (result === 'delivered') {
		recordDelivered(session.state, run.batch);
		recordSuccess(session.state, run.batch, ports.runtime.now());
		return;
	}
	const { maxDeliveryAttempts } = options;
	const now = ports.runtime.now();
	if (result === 'refused') return recordRefused(session.state, run.batch, now);
	const contentIds = recordFailed(session.state, run.batch, now, maxDeliveryAttempts);
	if (contentIds.length > 0) {
		ports.report({ kind: 'setAside', contentIds, attempts: maxDeliveryAttempts });
	}
}

/** Runs that take longer than allowed count as not delivered. */
export function endOverdueRuns(work: Work): void {
	const { session, ports, options } = work;
	for (const run of [...session.runs]) {
		if (ports.runtime.now() - run.startedMs >= options.deliveryTimeoutMs) {
			endRun(work, run, 'unknown');
		}
	}
}

/** While another run could begin, what has become due meanwhile is looked for so often. */
const LOOK_EVERY_MS = 10 * SECOND_MS;

/**
 * Waits until a run has ended, one is overdue, the poll has to end, or it is time to look for more work. A run tells its end itself:
 * were its promise waited for, one that never ends would keep every wait there was.
 */
export async function waitForRun(work: Work): Promise<void> {
	const { session, ports, options } = work;
	const runs = [...session.runs];
	const now = ports.runtime.now();
	const overdue = Math.min(...runs.map((run) => run.startedMs + options.deliveryTimeoutMs));
	const atMostMs = runs.length < options.parallelExecutions ? LOOK_EVERY_MS : Infinity;
	const waitMs = Math.max(0, Math.min(timeLeft(work), overdue - now, atMostMs));
	const ended = new Promise<void>((resolve) => (session.onRunEnd = resolve));
	await Promise.race([ended, ports.runtime.sleep(waitMs)]);
	delete session.onRunEnd;
}

/** @throws what went wrong when a run ended: its end is nobody's call, so that it is for the poll to tell */
export function heedFault({ session }: Work): void {
	const { fault } = session;
	delete session.fault;
	if (fault) throw fault.fault;
}

/** What was prepared is not handed out now. */
export function dropReady({ session }: Work): void {
	if (session.ready) putBack(session.ready);
	delete session.ready;
}
