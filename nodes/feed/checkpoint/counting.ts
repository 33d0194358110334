import { markUnstored, type Checkpoint, type Counts } from './state';

/**
 * Changes what ranges count, when the node's Output was changed. Their numbers mean nothing any more, so every blob that is not
 * settled is delivered again from its start: repeats are allowed, a loss is not.
 *
 * @returns true if anything was changed; batches prepared before are void then
 */
export function selectCounting(state: Checkpoint, counts: Counts): boolean {
	if (state.counts === counts) return false;
	state.counts = counts;
	state.failedBatches.clear();
	for (const { open } of state.types.values()) {
		for (const blob of open.values()) {
			blob.ranges = [{ from: 0, to: null }];
			delete blob.length;
		}
	}
	markUnstored(state, 'urgent');
	return true;
}
