import { createCheckpoint, type Checkpoint } from '../../feed/checkpoint/state';
import { decodeCheckpoint } from '../../feed/checkpoint/decodeCheckpoint';
import type { Session } from './types';

export function newSession(state: Checkpoint): Session {
	return { state, runs: new Set(), afterRetry: false, passes: new Map(), newsDue: false, downloads: new Map() };
}

/**
 * The session to go on with: the one in memory, unless what n8n has stored is newer.
 *
 * n8n may hand us an old copy: an edit that is published during a run loads the one from the database, and a run whose nodes
 * write static data stores the one from before it. Several mains in n8n's durable mode write newer ones.
 *
 * @returns what is wrong with the stored one, if it is needed and cannot be used
 */
export function resumeSession(
	memory: Session | undefined,
	stored: unknown,
	nowMs: number,
): Session | { problem: string } {
	if (stored === undefined) return memory ?? newSession(createCheckpoint(nowMs));
	const storedSequence = (stored as { sequence?: unknown } | null)?.sequence;
	const isNewer = memory && typeof storedSequence === 'number' && storedSequence > memory.state.sequence;
	if (memory && !isNewer) return memory;
	const decoded = decodeCheckpoint(stored);
	return 'problem' in decoded ? decoded : newSession(decoded);
}
