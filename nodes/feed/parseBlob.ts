import { FeedFailure } from './failure';
import type { AuditEvent } from './types';

export interface ParsedBlob {
	events: AuditEvent[];
	/** Elements that are no audit records (null, text, numbers); the caller reports them. */
	unusable: number;
}

/** JSON with or without a byte order mark; undefined if it is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
	} catch {
		return undefined;
	}
}

function unreadable(message: string): FeedFailure {
	// Repeated like a transient failure, because the same request often brings the whole body a moment later.
	return new FeedFailure({ kind: 'unreadable', message, advice: 'Try again in a few minutes.' });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{error: …}` or `{Message: …}` with status 200 instead of events. An audit record has an Id, an Operation, a RecordType. */
export function isErrorObject(value: unknown): boolean {
	if (!isRecord(value)) return false;
	const isEvent = 'Id' in value || 'RecordType' in value || 'Operation' in value;
	return !isEvent && ('error' in value || 'Message' in value || 'message' in value);
}

/**
 * Reads the body of a content blob, whatever it is: an array of events, among other things perhaps, or one event alone (seen on the
 * wire), with or without a byte order mark. Lists of nothing but events, which is nearly all, are for `parseEvents`.
 *
 * @throws FeedFailure `unreadable` if the body is empty, cut off, not JSON or not events. An error object is the transport's
 *   business and does not get here.
 */
export function parseBlob(text: string): ParsedBlob {
	if (text.trim() === '') throw unreadable('Microsoft sent an empty body instead of events');
	const parsed = parseJson(text);
	if (Array.isArray(parsed)) {
		const events = parsed.filter(isRecord);
		if (events.length === 0 && parsed.length > 0) throw noEvents();
		return { events, unusable: parsed.length - events.length };
	}
	if (isRecord(parsed) && !isErrorObject(parsed)) return { events: [parsed], unusable: 0 };
	throw parsed === undefined
		? unreadable(`Microsoft sent ${describe(text)} instead of events`)
		: noEvents();
}

/** A list of other things is an answer gone wrong, not a blob whose every entry is to be left out. */
export function noEvents(): FeedFailure {
	return unreadable('Microsoft sent JSON that holds no events');
}

/** What to tell of entries between the events that are none. */
export function unusableEntries(count: number): { message: string; advice: string } {
	return {
		message: `${count} of its entries are no audit records`,
		advice: 'They were left out; its other entries are complete.',
	};
}

function describe(body: string): string {
	const start = body.trimStart();
	if (start.startsWith('<')) return 'an HTML page';
	if (start.startsWith('[') || start.startsWith('{')) return 'a body that is cut off or damaged';
	return 'text';
}
