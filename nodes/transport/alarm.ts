interface Alarm {
	dueMs: number;
	ring: () => void;
}

const alarms = new Set<Alarm>();
/** When the next timer ends that is to be heeded. */
let wakeMs = Infinity;

/**
 * Calls `ring` once after so many milliseconds, unless it is stopped before. Keeps no process alive.
 *
 * All alarms share one timer. `AbortSignal.timeout` is the only one a node may use that does not keep the process alive; it is
 * dear, and cannot be stopped: one for each request would be made many times a second and stay for a minute.
 *
 * The clock of the machine, which may be set, does not matter.
 *
 * @returns stops the alarm
 */
export function setAlarm(ms: number, ring: () => void): () => void {
	const alarm = { dueMs: performance.now() + ms, ring };
	alarms.add(alarm);
	wakeAt(alarm.dueMs);
	return () => {
		alarms.delete(alarm);
		// V8 keeps what a set once held for longer than the set does, and with it the request that was guarded.
		alarm.ring = () => undefined;
	};
}

function wakeAt(dueMs: number): void {
	if (wakeMs <= dueMs) return;
	wakeMs = dueMs;
	const timer = AbortSignal.timeout(Math.max(1, Math.ceil(dueMs - performance.now())));
	timer.addEventListener('abort', () => wake(dueMs), { once: true });
}

function wake(timerMs: number): void {
	// A timer that was overtaken by a shorter one.
	if (timerMs !== wakeMs) return;
	wakeMs = Infinity;
	const nowMs = performance.now();
	for (const alarm of [...alarms].sort((a, b) => a.dueMs - b.dueMs)) {
		// Timers may end a little early.
		if (alarm.dueMs > nowMs + 1 || !alarms.delete(alarm)) continue;
		alarm.ring();
	}
	if (alarms.size > 0) wakeAt(Math.min(...[...alarms].map(({ dueMs }) => dueMs)));
}
