/**
 * A cheap look for integers of 16 digits and more in the text of a blob. JSON numbers become doubles, so those beyond 2^53
 * lose digits; the user is told, and `output: file` keeps the original bytes.
 */
const LONG_INTEGER = /[:,[]\s*-?\d{16,}\s*[,}\]]/;

/**
 * True if parsing the text loses digits of an integer.
 *
 * @param text the blob's JSON
 * @param parsed what JSON.parse made of it: looked through only if the text looks suspicious, because the same pattern may
 *   stand inside a string.
 */
export function losesPrecision(text: string, parsed: unknown): boolean {
	return LONG_INTEGER.test(text) && holdsUnsafeInteger(parsed);
}

function holdsUnsafeInteger(root: unknown): boolean {
	// A list instead of recursion: the nesting of a hostile blob must not exhaust the stack.
	const open: unknown[] = [root];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === 'number') {
			if (Number.isInteger(value) && !Number.isSafeInteger(value)) return true;
		} else if (typeof value === 'object' && value !== null) {
			for (const child of Object.values(value)) open.push(child);
		}
	}
	return false;
}
