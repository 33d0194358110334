import {
	BACKSLASH,
	BROKEN,
	CLOSE_BRACE,
	CLOSE_BRACKET,
	COLON,
	COMMA,
	endOfPlainValue,
	endOfString,
	OPEN_BRACE,
	OPEN_BRACKET,
	QUOTE,
	skipBlanks,
	toBuffer,
} from './jsonBytes';

const CAPITAL_I = 0x49;
const SMALL_D = 0x64;

/** Braces and brackets that are open, the outermost first: the same list for all, as one is read after the other, and never emptied. */
const open: number[] = [];
let depth = 0;

/** The event has no Id that is a text. */
export const NO_ID = 0;

/**
 * Finds the Id in the bytes of an event, and says what `JSON.parse` would say of them. It makes no objects: the garbage of
 * gigabytes of events lets V8 take more memory than all that has to be kept.
 *
 * @returns where the text begins, behind its quote; {@link NO_ID}; or {@link BROKEN} if the bytes are no JSON object
 */
export function findEventId(bytes: Uint8Array): number {
	depth = 0;
	/** Where the value of the event's own key Id begins; the last one counts. */
	let idAt = BROKEN;
	let at = skipBlanks(bytes, 0);
	if (bytes[at] !== OPEN_BRACE) return BROKEN;
	while (at !== BROKEN) {
		// A value begins here, behind its key if it has one.
		const first = bytes[at]!;
		if (isOpening(first)) {
			open[depth++] = first;
			at = skipBlanks(bytes, at + 1);
		} else {
			at = endOfPlainValue(bytes, at);
			if (at === BROKEN) return BROKEN;
			at = skipBlanks(bytes, at);
		}
		const isFirst = isOpening(first) && bytes[at] !== closing();
		if (!isFirst) {
			while (bytes[at] === closing()) {
				depth--;
				at = skipBlanks(bytes, at + 1);
				if (depth > 0) continue;
				if (at < bytes.length) return BROKEN;
				return bytes[idAt] === QUOTE ? idAt + 1 : NO_ID;
			}
			if (bytes[at] !== COMMA) return BROKEN;
			at = skipBlanks(bytes, at + 1);
		}
		if (open[depth - 1] === OPEN_BRACE) {
			const value = passKey(bytes, at);
			if (value !== BROKEN && depth === 1 && isIdKey(bytes, at)) idAt = value;
			at = value;
		}
	}
	return BROKEN;
}

function isOpening(byte: number): boolean {
	return byte === OPEN_BRACE || byte === OPEN_BRACKET;
}

/** What closes the innermost. */
function closing(): number {
	return open[depth - 1] === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
}

/** @returns where the key's value begins */
function passKey(bytes: Uint8Array, from: number): number {
	if (bytes[from] !== QUOTE) return BROKEN;
	const end = endOfString(bytes, from + 1);
	if (end === BROKEN) return BROKEN;
	const colon = skipBlanks(bytes, end);
	return bytes[colon] === COLON ? skipBlanks(bytes, colon + 1) : BROKEN;
}

/** @param from the quote before a key that was passed already */
function isIdKey(bytes: Uint8Array, from: number): boolean {
	const first = bytes[from + 1];
	const second = bytes[from + 2];
	if (first === CAPITAL_I && second === SMALL_D) return bytes[from + 3] === QUOTE;
	// Nobody writes `"\u0049d"`, but it is the same key.
	return (first === BACKSLASH || second === BACKSLASH) && textAt(bytes, from + 1) === 'Id';
}

/** @param from behind the quote of a text that was passed already */
export function textAt(bytes: Uint8Array, from: number): string {
	const end = endOfString(bytes, from);
	const text = toBuffer(bytes).toString('utf8', from, end - 1);
	return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
