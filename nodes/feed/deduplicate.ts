import { createIdSet } from './idSet';
import type { AuditEvent } from './types';

/**
 * Remembers event Ids. Duplicates are "expected and designed" (Microsoft): within a blob, across blobs, days later.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-api-faq
 *
 * @returns a predicate that is true the first time it sees an event, and always for an event without an Id: without one
 *   nobody can tell that it is a repeat.
 */
export function createDeduplicator(): (event: AuditEvent) => boolean {
	const seen = createIdSet();
	return (event) => {
		const id = event.Id;
		if (typeof id !== 'string' || id === '') return true;
		return seen.add(id);
	};
}
