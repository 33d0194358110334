import { heedCheckpointClock } from '../../feed/checkpoint/clock';
import type { CollectorOptions, Session, Work } from './types';

/** To be called before a poll works with the session: what was left by a clock that was ahead must not cost anything. */
export function heedClock(session: Session, nowMs: number, delivery: CollectorOptions['delivery']): void {
	if (!heedCheckpointClock(session.state, nowMs, delivery === 'atLeastOnce')) return;
	session.passes.clear();
	for (const run of session.runs) run.startedMs = Math.min(run.startedMs, nowMs);
}

/** How long the poll may go on. If the clock was set back behind its beginning, it is over: the next one heeds it. */
export function timeLeft({ session, ports, options }: Work): number {
	const nowMs = ports.runtime.now();
	return nowMs < session.state.clockMs ? 0 : Math.max(0, options.deadlineMs - nowMs);
}
