import { COMMA, CLOSE_BRACE, CLOSE_BRACKET, COLON, OPEN_BRACKET } from './jsonBytes';

/**
 * JSON numbers become doubles, so integers beyond 2^53 lose digits; the user is told, and `output: file` keeps the original bytes.
 * Every blob is looked at, so its bytes are, which is quick; what was parsed is looked through only if there
 * is reason to, because the same digits may stand inside a string.
 */
const LONG = 16;
const HALF = LONG / 2;

const MINUS = 0x2d;
/** Tab, line ends and the blank. */
const BLANKS = [0x09, 0x0a, 0x0d, 0x20];
/** What can stand directly before and after an integer in JSON. */
const BEFORE = new Set<number | undefined>([COLON, COMMA, OPEN_BRACKET, MINUS, ...BLANKS]);
const AFTER = new Set<number | undefined>([COMMA, CLOSE_BRACE, CLOSE_BRACKET, ...BLANKS]);

/** True if there is an integer in the JSON, or in a string of it, that parsing would take digits from. */
export function hasLongInteger(json: Buffer): boolean {
	// 16 digits in a row cover every sixteenth byte somewhere: only those are looked at.
	const last = json.length - 1;
	let at = LONG - 1;
	while (at <= last) {
		// And half a row lies on one side of it at least: that leaves out most times and GUIDs.
		if (!isDigit(json[at]) || !(isDigit(json[at - HALF]) || isDigit(json[Math.min(last, at + HALF)]))) {
			at += LONG;
			continue;
		}
		let start = at;
		while (isDigit(json[start - 1])) start--;
		let end = at + 1;
		while (isDigit(json[end])) end++;
		if (end - start >= LONG && looksUnsafe(json, start, end)) return true;
		at = end + LONG;
	}
	return false;
}

function isDigit(byte = 0): boolean {
	return byte >= 0x30 && byte <= 0x39;
}

function looksUnsafe(json: Buffer, start: number, end: number): boolean {
	return (
		BEFORE.has(json[start - 1]) &&
		AFTER.has(json[end]) &&
		!Number.isSafeInteger(Number(json.toString('latin1', start, end)))
	);
}

/** True if a number somewhere in it has lost digits. */
export function holdsUnsafeInteger(root: unknown): boolean {
	// A list instead of recursion: the nesting of a hostile blob must not exhaust the stack.
	const open: unknown[] = [root];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === 'number') {
			// Beyond some 300 digits nothing is left but Infinity.
			if (!Number.isSafeInteger(value) && (Number.isInteger(value) || !Number.isFinite(value))) return true;
		} else if (typeof value === 'object' && value !== null) {
			for (const child of Object.values(value)) open.push(child);
		}
	}
	return false;
}
