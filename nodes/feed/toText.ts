/**
 * A value as text, whoever made it: an object as JSON. `String()` throws on objects whose `toString` is data, which is all it takes
 * in an answer or an expression.
 */
export function toText(value: unknown): string {
	if (typeof value !== 'object' || value === null) return String(value);
	try {
		return JSON.stringify(value) ?? '';
	} catch {
		// Nested too deep, or a circle.
		return 'an object';
	}
}

/** Long enough to recognize a value in a message. */
const MAX_SHOWN = 80;

/** A value for a message: short, in one line. */
export function toShortText(value: unknown): string {
	const text = withoutControls(toText(value));
	return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** Line ends, terminal sequences and the like become blanks: texts of others go into logs and pages. */
export function withoutControls(text: string): string {
	return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
