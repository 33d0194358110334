import {
	BACKSLASH,
	BROKEN,
	CLOSE_BRACE,
	CLOSE_BRACKET,
	COMMA,
	OPEN_BRACE,
	OPEN_BRACKET,
	QUOTE,
	skipBlanks,
} from './jsonBytes';
import { parseJson } from './parseBlob';
import type { AuditEvent } from './types';

/** UTF-8's byte order mark. */
const MARK = [0xef, 0xbb, 0xbf];

/**
 * Parses the body of a content blob event by event, which takes a quarter less time than all of it at once: a single character beyond ASCII
 * makes V8 hold a text in two bytes for each, and the text of a whole blob is memory that nobody has touched before, while that of
 * an event is used anew for the next one.
 *
 * @returns what `JSON.parse` makes of the whole; undefined if the body is anything else than a list of nothing but objects
 */
export function parseEvents(body: Buffer): AuditEvent[] | undefined {
	const events: AuditEvent[] = [];
	const open = skipBlanks(body, hasMark(body) ? MARK.length : 0);
	if (body[open] !== OPEN_BRACKET) return undefined;
	let at = skipBlanks(body, open + 1);
	if (body[at] === CLOSE_BRACKET) return endsAfter(body, at) ? events : undefined;
	while (body[at] === OPEN_BRACE) {
		const end = endOfObject(body, at);
		const event = end === BROKEN ? undefined : parseJson(body.toString('utf8', at, end));
		if (event === undefined) return undefined;
		events.push(event as AuditEvent);
		at = skipBlanks(body, end);
		if (body[at] !== COMMA) return body[at] === CLOSE_BRACKET && endsAfter(body, at) ? events : undefined;
		at = skipBlanks(body, at + 1);
	}
	return undefined;
}

function hasMark(body: Buffer): boolean {
	return MARK.every((byte, at) => body[at] === byte);
}

function endsAfter(body: Buffer, bracket: number): boolean {
	return skipBlanks(body, bracket + 1) === body.length;
}

/** Counts brackets only, of either kind: whether it is an object is seen when it is parsed. @param from at its brace */
function endOfObject(body: Buffer, from: number): number {
	const { length } = body;
	let depth = 0;
	let at = from;
	while (at < length) {
		const byte = body[at++]!;
		if (byte === QUOTE) at = behindString(body, at);
		else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
		else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at;
	}
	return BROKEN;
}

/** Most bytes are inside strings, so this looks at less than `endOfString`: what is wrong in a string is seen when it is parsed. */
function behindString(body: Buffer, from: number): number {
	const { length } = body;
	let at = from;
	while (at < length) {
		const byte = body[at++]!;
		if (byte === QUOTE) break;
		if (byte === BACKSLASH) at++;
	}
	return at;
}
