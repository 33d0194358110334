import { isGone } from '../../simulator/blobFaults.mts';
import type { FeedBlob } from '../../simulator/feed.mts';
import { eventKey } from '../../simulator/ledger.mts';
import type { Due, Outcome, Scene } from './types.mts';

export function emptyOutcome(): Outcome {
	return { arrived: [], messages: [], told: nothingTold(), raw: [] };
}

export const nothingTold = (): Outcome['told'] => ({
	everything: false,
	contentIds: new Set(),
	contentTypes: new Set(),
});

/** The events of a blob that a client has to hand on. */
export function eventsOf(blob: FeedBlob): Due[] {
	const { contentId, contentType, fault } = blob;
	const texts = fault === 'SingleObject' ? blob.events().slice(0, 1) : blob.events();
	return texts.map((text) => ({ key: eventKey(JSON.parse(text)), contentId, contentType }));
}

/** An Id is due once, wherever it was served. What is gone for good is due as well: it must be told. */
export function onceEach(due: Due[]): Due[] {
	const seen = new Set<string>();
	return due.filter(({ key, contentId = '' }) => {
		if (key.startsWith('hash:')) return true;
		const isNew = !seen.has(key);
		seen.add(key);
		return isNew || contentId === '';
	});
}

export function entriesOf(scene: Scene): Due[] {
	return scene.blobs.map(({ contentId, contentType }) => ({
		key: `entry:${contentId}`,
		contentId,
		contentType,
	}));
}

/** How often each key occurs. */
export function countKeys(keys: Iterable<string>): Map<string, number> {
	const counts = new Map<string, number>();
	for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
	return counts;
}

export interface Balance {
	/** Due, and not arrived. */
	missing: Due[];
	/** Of these, what no message tells of. */
	untold: Due[];
	/** Arrived more often than due. */
	repeated: number;
	/** Arrived, and never due. */
	unknown: string[];
}

/** What is due beside what has arrived. */
export function balance(due: Due[], { arrived, told }: Outcome): Balance {
	const left = countKeys(arrived);
	const missing = due.filter(({ key }) => {
		const count = left.get(key) ?? 0;
		if (count > 0) left.set(key, count - 1);
		return count === 0;
	});
	const untold = missing.filter(
		({ contentId, contentType }) =>
			!told.everything &&
			!(contentId !== undefined && told.contentIds.has(contentId)) &&
			!(contentType !== undefined && told.contentTypes.has(contentType)),
	);
	const known = new Set(due.map(({ key }) => key));
	const over = [...left].filter(([, count]) => count > 0);
	return {
		missing,
		untold,
		repeated: over.filter(([key]) => known.has(key)).reduce((sum, [, count]) => sum + count, 0),
		unknown: over.filter(([key]) => !known.has(key)).map(([key]) => key),
	};
}

export const isGoneForGood = ({ fault }: FeedBlob): boolean => fault !== undefined && isGone(fault);
