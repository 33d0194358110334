import type { IDataObject, IPollFunctions } from 'n8n-workflow';

import { createCheckpoint, createTypeState, type Checkpoint } from '../feed/checkpoint/state';
import type { StoredCheckpoint } from '../feed/checkpoint/storedCheckpoint';
import { isRecord } from '../feed/parseBlob';
import { isTime } from '../feed/time';
import { CONTENT_TYPES, type ContentType } from '../feed/types';
import { newSession, resumeSession } from './collector/session';
import type { Session } from './collector/types';

/** Keys of the node's static data. */
const CHECKPOINT = 'checkpoint';
const SET_ASIDE = 'setAside';

/** For a person to look at; all static data together has to stay within 256 KB. */
const MAX_SET_ASIDE_CHARACTERS = 2_000;

/**
 * n8n files static data under the node's name. A copy of the watermarks in the workflow's data, under the node's ID, keeps
 * the place when the node is renamed. A duplicated node has an ID of its own and starts fresh.
 */
function copyKey(node: IPollFunctions): string {
	return `office365ManagementTrigger:${node.getNode().id}`;
}

type Watermarks = Partial<Record<ContentType, { startMs: number; listedUpToMs: number }>>;

interface Copy {
	/** Of the checkpoint it was taken from, and the name under which that was stored. */
	sequence: number;
	savedMs: number;
	nodeName: string;
	types: Watermarks;
}

/** A checkpoint with the node it belongs to: a name can pass to another node. */
interface OwnedCheckpoint extends StoredCheckpoint {
	nodeId: string;
}

/** Static data of one poll; both objects are n8n's own, a change at their top level is what it stores. */
export interface CheckpointStore {
	/** `problem` says what is wrong with the stored checkpoint, which is kept aside then. */
	load(memory: Session | undefined, nowMs: number): { session: Session; problem?: string };
	save(stored: StoredCheckpoint): void;
}

/** To be opened inside the poll: in n8n's durable mode static data belongs to it. */
export function openStore(node: IPollFunctions): CheckpointStore {
	const data = node.getWorkflowStaticData('node');
	const global = node.getWorkflowStaticData('global');
	const { id, name } = node.getNode();
	const key = copyKey(node);

	function setAside(problem: string): string {
		const text = JSON.stringify(data[CHECKPOINT]);
		data[SET_ASIDE] =
			text.length > MAX_SET_ASIDE_CHARACTERS
				? text.slice(0, MAX_SET_ASIDE_CHARACTERS)
				: (JSON.parse(text) as IDataObject);
		delete data[CHECKPOINT];
		return problem;
	}

	return {
		load(memory, nowMs) {
			const copy = global[key];
			const stored: unknown = data[CHECKPOINT];
			if (stored !== undefined && isOfAnother(stored, id)) {
				const problem = setAside('It belongs to another node that had this name before.');
				return { session: memory ?? fromCopy(copy, nowMs), problem };
			}
			const wanted = isOutdated(stored, copy, name) ? undefined : stored;
			if (wanted === undefined && !memory) return { session: fromCopy(copy, nowMs) };
			const resumed = resumeSession(memory, wanted, nowMs);
			if (!('problem' in resumed)) return { session: resumed };
			const problem = setAside(resumed.problem);
			return { session: memory ?? fromCopy(copy, nowMs), problem };
		},
		save(stored) {
			const owned: OwnedCheckpoint = { ...stored, nodeId: id };
			data[CHECKPOINT] = owned as unknown as IDataObject;
			const { sequence, savedMs } = stored;
			const copy: Copy = { sequence, savedMs, nodeName: name, types: watermarksOf(stored) };
			global[key] = copy as unknown as IDataObject;
		},
	};
}

function isOfAnother(stored: unknown, id: string): boolean {
	const nodeId = isRecord(stored) ? stored.nodeId : undefined;
	return typeof nodeId === 'string' && nodeId !== id;
}

/**
 * Under a name that the node had before, n8n still holds the checkpoint of that time. A copy that is newer under the same name
 * is something else: n8n stored one of the two and not the other, and the checkpoint is the better one.
 */
function isOutdated(stored: unknown, copy: unknown, name: string): boolean {
	const sequence = sequenceOf(stored);
	const renamed = isRecord(copy) && typeof copy.nodeName === 'string' && copy.nodeName !== name;
	return renamed && sequence >= 0 && sequence < sequenceOf(copy);
}

/** Blobs that are stored by themselves (failed, delivered in part) lie behind the watermark and are not in the copy. */
function watermarksOf({ types }: StoredCheckpoint): Watermarks {
	return Object.fromEntries(
		Object.entries(types).map(([contentType, { startMs, listedUpToMs, open }]) => {
			const created = open.map(([, time]) => (typeof time === 'number' ? time : parseInt(time, 10)));
			const oldest = created.reduce((a, b) => Math.min(a, b), listedUpToMs);
			return [contentType, { startMs, listedUpToMs: oldest }];
		}),
	);
}

/** -1 for what is no checkpoint and no copy of one. */
function sequenceOf(value: unknown): number {
	const sequence = isRecord(value) ? value.sequence : undefined;
	return typeof sequence === 'number' && Number.isSafeInteger(sequence) ? sequence : -1;
}

/** Where the copy says that the node was; without one a fresh checkpoint. */
function fromCopy(copy: unknown, nowMs: number): Session {
	const state: Checkpoint = createCheckpoint(nowMs);
	state.sequence = Math.max(state.sequence, sequenceOf(copy));
	if (isRecord(copy) && isTime(copy.savedMs)) state.clockMs = copy.savedMs;
	const watermarks: Watermarks = isRecord(copy) && isRecord(copy.types) ? copy.types : {};
	for (const contentType of CONTENT_TYPES) {
		const { startMs, listedUpToMs } = watermarks[contentType] ?? {};
		if (!isTime(startMs) || !isTime(listedUpToMs)) continue;
		const type = createTypeState(contentType, startMs, nowMs);
		type.finalMs = listedUpToMs;
		type.frontierMs = listedUpToMs;
		type.rememberedMs = listedUpToMs;
		state.types.set(contentType, type);
	}
	return newSession(state);
}
