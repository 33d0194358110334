import type { Batch } from './outcome';
import type { Checkpoint } from './state';

const GROWTH = 1.25;

/** From here on only the limit that the user set counts. */
const NO_LIMIT_FROM = 65_536;

/**
 * How many new events go into one batch at most. Where events fail by themselves every large batch has one, and it takes dozens of
 * runs to find it: so batches get half as large with each new one that fails, and a quarter larger with each that is delivered. That
 * comes to rest where three of four are delivered.
 */
export function freshSize({ freshEvents = Infinity }: Checkpoint, maxEvents: number): number {
	return Math.min(maxEvents, freshEvents);
}

/** To be told how the run of every batch ended; those that had failed before say nothing about new events. */
export function heedFreshRun(state: Checkpoint, { failed, eventCount }: Batch, delivered: boolean): void {
	if (failed !== undefined) return;
	const { freshEvents = Infinity } = state;
	if (!delivered) {
		// One of several that ran side by side may end when batches are much smaller already.
		if (eventCount <= freshEvents) state.freshEvents = Math.max(1, Math.floor(eventCount / 2));
	} else if (freshEvents >= NO_LIMIT_FROM) delete state.freshEvents;
	// A batch may be small because there was nothing more.
	else if (eventCount >= freshEvents / 2) state.freshEvents = Math.ceil(freshEvents * GROWTH);
}
