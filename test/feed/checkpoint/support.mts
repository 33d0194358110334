import { createCheckpoint, selectTypes } from '../../../nodes/feed/checkpoint/state';
import type {
	Checkpoint,
	EventRange,
	FailedBatch,
	OpenBlob,
	TypeState,
} from '../../../nodes/feed/checkpoint/state';
import type { ContentType } from '../../../nodes/feed/types';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOW = Date.parse('2026-03-02T10:00:00Z');

export const TYPE = 'Audit.Exchange';

/** A checkpoint of a day ago with nothing in it, as it is right after it was stored. */
export function checkpointOf(...types: ContentType[]): Checkpoint {
	const state = createCheckpoint(NOW - DAY);
	selectTypes(state, types.length ? types : [TYPE], NOW - DAY, NOW - DAY);
	state.unstored = 'nothing';
	return state;
}

export function typeIn(state: Checkpoint, contentType: ContentType = TYPE): TypeState {
	const type = state.types.get(contentType);
	if (!type) throw new Error(`no ${contentType}`);
	return type;
}

/** Opens a blob that was created an hour ago and has not been read, unless told. */
export function openBlob(
	type: TypeState,
	contentId: string,
	{ createdMs = NOW - HOUR, ...more }: Partial<OpenBlob> & { createdMs?: number } = {},
): OpenBlob {
	const { contentType } = type;
	const open: OpenBlob = {
		blob: { contentType, contentId, contentCreated: new Date(createdMs).toISOString(), createdMs },
		ranges: [{ from: 0, to: null }],
		reading: { failures: 0, notBeforeMs: 0 },
		listedMs: createdMs,
		touched: false,
		...more,
	};
	type.open.set(contentId, open);
	return open;
}

/** A batch that failed once, a minute ago, and whose wait is over. */
export function failBatch(state: Checkpoint, number: number, more: Partial<FailedBatch> = {}): FailedBatch {
	const tried = { attempts: 1, failures: 1, suspect: false };
	const batch = { ...tried, notBeforeMs: NOW, lastTriedMs: NOW - MINUTE, ...more };
	state.failedBatches.set(number, batch);
	state.nextBatch = Math.max(state.nextBatch, number + 1);
	return batch;
}

/** Events `from` to `to` of a blob that a run holds. */
export function take(open: OpenBlob, from: number, to: number, batch?: number) {
	const range: EventRange & { to: number } = { from, to, ...(batch === undefined ? {} : { batch }), taken: true };
	open.ranges = [...open.ranges.filter(({ to: end }) => end !== null), range];
	return { open, range };
}
