import type { GovernorSettings } from '../feed/governorPolicy';
import type { Runtime } from '../feed/types';
import { onAbort } from './cancel';
import { createGovernor, type Governor } from './governor';

interface Shared {
	governor: Governor;
	/** The settings of all that use it now. */
	active: Set<GovernorSettings>;
}

/** One governor per quota: everything in this process that reads one tenant as one publisher shares it. */
const governors = new Map<string, Shared>();

/**
 * The governor of a tenant and publisher. While several use it, the smallest of their settings holds.
 *
 * @param signal ends this use
 */
export function sharedGovernor(
	key: string,
	runtime: Runtime,
	settings: GovernorSettings,
	signal?: AbortSignal,
): Governor {
	let shared = governors.get(key);
	if (!shared) {
		shared = { governor: createGovernor(runtime, settings), active: new Set() };
		governors.set(key, shared);
	}
	const { governor, active } = shared;
	// Who cannot say when the use ends does not bind the others.
	if (signal && !signal.aborted) {
		active.add(settings);
		onAbort(signal, () => {
			active.delete(settings);
			if (active.size > 0) governor.configure(smallest([...active]));
		});
	}
	governor.configure(smallest([...active, settings]));
	return governor;
}

function smallest(all: GovernorSettings[]): GovernorSettings {
	return {
		maxConcurrency: Math.min(...all.map(({ maxConcurrency }) => maxConcurrency)),
		maxPerMinute: Math.min(...all.map(({ maxPerMinute }) => maxPerMinute)),
	};
}
