import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { createCheckpoint, createTypeState, type Checkpoint } from '../feed/checkpoint/state';
import type { StoredCheckpoint } from '../feed/checkpoint/storedCheckpoint';
import { isRecord } from '../feed/parseBlob';
import { CONTENT_TYPES, type ContentType } from '../feed/types';
import { newSession, resumeSession } from './collector/session';
import type { Session } from './collector/types';

/** Keys of the node's static data. */
const CHECKPOINT = 'checkpoint';
const SET_ASIDE = 'setAside';

/**
 * n8n files static data under the node's name. A copy of the watermarks in the workflow's data, under the node's ID, keeps
 * the place when the node is renamed. A duplicated node has an ID of its own and starts fresh.
 */
function copyKey(node: IPollFunctions): string {
	return `office365ManagementTrigger:${node.getNode().id}`;
}

type Watermarks = Partial<Record<ContentType, { startMs: number; listedUpToMs: number }>>;

interface Copy {
	/** Of the checkpoint it was taken from. */
	sequence: number;
	types: Watermarks;
}

/** Static data of one poll; both objects are n8n's own, a change at their top level is what it stores. */
export interface CheckpointStore {
	load(memory: Session | undefined, nowMs: number): { session: Session; problem?: string };
	save(stored: StoredCheckpoint): void;
}

/** To be opened inside the poll: in n8n's durable mode static data belongs to it. */
export function openStore(node: IPollFunctions): CheckpointStore {
	const data = node.getWorkflowStaticData('node');
	const global = node.getWorkflowStaticData('global');
	const key = copyKey(node);
	return {
		load(memory, nowMs) {
			// Under a name that the node had before, n8n still holds the checkpoint of that time.
			const sequence = sequenceOf(data[CHECKPOINT]);
			const isOutdated = sequence >= 0 && sequence < sequenceOf(global[key]);
			const stored: unknown = isOutdated ? undefined : data[CHECKPOINT];
			if (stored === undefined && !memory) return { session: fromCopy(global[key], nowMs) };
			const resumed = resumeSession(memory, plain(stored), nowMs);
			if (!('problem' in resumed)) return { session: resumed };
			data[SET_ASIDE] = stored as IDataObject;
			return { session: memory ?? fromCopy(global[key], nowMs), problem: resumed.problem };
		},
		save(stored) {
			data[CHECKPOINT] = stored as unknown as IDataObject;
			const copy: Copy = { sequence: stored.sequence, types: watermarksOf(stored) };
			global[key] = copy as unknown as IDataObject;
		},
	};
}

/** n8n hands out proxies that note every change. */
function plain(stored: unknown): unknown {
	return stored === undefined ? undefined : JSON.parse(JSON.stringify(stored));
}

function watermarksOf({ types }: StoredCheckpoint): Watermarks {
	return Object.fromEntries(
		Object.entries(types).map(([contentType, { startMs, listedUpToMs }]) => [
			contentType,
			{ startMs, listedUpToMs },
		]),
	);
}

/** -1 for what is no checkpoint and no copy of one. */
function sequenceOf(value: unknown): number {
	const sequence = isRecord(value) ? value.sequence : undefined;
	return typeof sequence === 'number' ? sequence : -1;
}

/** Where the copy says that the node was; without one a fresh checkpoint. */
function fromCopy(copy: unknown, nowMs: number): Session {
	const state: Checkpoint = createCheckpoint(nowMs);
	state.sequence = Math.max(state.sequence, sequenceOf(copy));
	const watermarks: Watermarks = isRecord(copy) && isRecord(copy.types) ? copy.types : {};
	for (const contentType of CONTENT_TYPES) {
		const { startMs, listedUpToMs } = watermarks[contentType] ?? {};
		if (typeof startMs !== 'number' || typeof listedUpToMs !== 'number') continue;
		const type = createTypeState(contentType, startMs, nowMs);
		type.finalMs = listedUpToMs;
		type.frontierMs = listedUpToMs;
		type.rememberedMs = listedUpToMs;
		state.types.set(contentType, type);
	}
	return newSession(state);
}
