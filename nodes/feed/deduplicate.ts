import { createIdSet, type IdSet } from './idSet';
import { BROKEN, QUOTE } from './jsonBytes';
import { findEventId, NO_ID } from './readEventId';
import type { AuditEvent } from './types';

/**
 * Remembers event Ids. Duplicates are "expected and designed" (Microsoft): within a blob, across blobs, days later.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-api-faq
 *
 * @param seen grows with every event; by default little, where nothing else is kept of an event
 * @returns a predicate that is true the first time it sees an event, and always for an event without an Id: without one
 *   nobody can tell that it is a repeat.
 */
export function createDeduplicator(seen: IdSet = createIdSet()): (event: AuditEvent) => boolean {
	return (event) => {
		const id = event.Id;
		if (typeof id !== 'string' || id === '') return true;
		return seen.add(id);
	};
}

/** The same for events as bytes. @returns a predicate that answers undefined if the bytes are no event */
export function createByteDeduplicator(): (event: Uint8Array) => boolean | undefined {
	const seen = createIdSet();
	return (event) => {
		const id = findEventId(event);
		if (id === BROKEN) return undefined;
		const isEmpty = id === NO_ID || event[id] === QUOTE;
		return isEmpty || seen.addFrom(event, id);
	};
}
