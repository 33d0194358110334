/**
 * A cheap look for integers of 16 digits and more in the text of a blob. JSON numbers become doubles, so those beyond 2^53
 * lose digits; the user is told, and `output: file` keeps the original bytes.
 */
const LONG = 16;
const HALF = LONG / 2;

/** What can stand directly before and after an integer in JSON. */
const BEFORE = ':,[- \t\n\r';
const AFTER = ',}] \t\n\r';

/**
 * True if parsing the text loses digits of an integer.
 *
 * @param text the blob's JSON
 * @param parsed what JSON.parse made of it: looked through only if the text looks suspicious, because the same digits may
 *   stand inside a string.
 */
export function losesPrecision(text: string, parsed: unknown): boolean {
	// 16 digits in a row cover every sixteenth character somewhere: only those are looked at.
	const last = text.length - 1;
	let at = LONG - 1;
	while (at <= last) {
		// And half a row lies on one side of it at least: that leaves out most times and GUIDs.
		if (!isDigit(text, at) || !(isDigit(text, at - HALF) || isDigit(text, Math.min(last, at + HALF)))) {
			at += LONG;
			continue;
		}
		let start = at;
		while (isDigit(text, start - 1)) start--;
		let end = at + 1;
		while (isDigit(text, end)) end++;
		if (end - start >= LONG && looksUnsafe(text, start, end)) return holdsUnsafeInteger(parsed);
		at = end + LONG;
	}
	return false;
}

function isDigit(text: string, index: number): boolean {
	const code = text.charCodeAt(index);
	return code >= 0x30 && code <= 0x39;
}

function looksUnsafe(text: string, start: number, end: number): boolean {
	return (
		BEFORE.includes(text.charAt(start - 1)) &&
		AFTER.includes(text.charAt(end)) &&
		!Number.isSafeInteger(Number(text.slice(start, end)))
	);
}

function holdsUnsafeInteger(root: unknown): boolean {
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
