import { FeedFailure } from '../../../nodes/feed/failure';
import { SECRET, TOKEN } from './hostile.mts';

/** The longest that a person reads. */
const MAX_LENGTH = 1_500;

const FORBIDDEN: ReadonlyArray<[what: string, pattern: RegExp]> = [
	['a stack trace', /\n\s+at |\bat (?:[\w.$<>]+ )?\(?[\w./\\:-]+:\d+:\d+|\bat (?:Microsoft|System)\.\w/],
	['words of the JavaScript engine', /is not a function|is not iterable|Cannot (?:read|set|convert|destructure|mix)|call stack|Invalid time value|URI malformed|Converting circular/],
	['a value that is none', /\bNaN\b|\bInfinity\b|\bundefined\b|\[object \w+\]/],
	['a control character', /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/],
	['a token', /eyJ[\w-]{5,}/],
];

/** The secret as it is, and as forms and addresses spell it. */
const SECRETS = [SECRET, encodeURIComponent(SECRET), new URLSearchParams([['', SECRET]]).toString().slice(1), TOKEN];

/** What is wrong with a text that a user reads; undefined if nothing is. */
export function faultOf(message: unknown): string | undefined {
	if (typeof message !== 'string' || message.trim() === '') return `no text: ${String(message)}`;
	if (message.length > MAX_LENGTH) return `${message.length} characters`;
	if (SECRETS.some((secret) => message.includes(secret))) return `a secret: ${message}`;
	const found = FORBIDDEN.find(([, pattern]) => pattern.test(message));
	return found ? `${found[0]}: ${message}` : undefined;
}

/** Throws unless this is a failure that can be told to a user, with nothing odd in any of its fields. */
export function expectClearFailure(thrown: unknown): void {
	if (!(thrown instanceof FeedFailure)) throw new Error(`No FeedFailure: ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
	const { message, advice, code, status, retryAfterMs } = thrown;
	expect(faultOf(message)).toBeUndefined();
	if (advice !== undefined) expect(faultOf(advice)).toBeUndefined();
	if (code !== undefined) expect(code).toMatch(/^[A-Z]{0,8}\d{1,12}$/i);
	if (status !== undefined) expect(Number.isInteger(status)).toBe(true);
	if (retryAfterMs !== undefined) expect(retryAfterMs >= 0 && Number.isFinite(retryAfterMs)).toBe(true);
}

/** The value, or nothing where a FeedFailure was thrown, as it may be. */
export async function clearly<T>(work: () => T | Promise<T>): Promise<T | undefined> {
	try {
		return await work();
	} catch (error) {
		expectClearFailure(error);
		return undefined;
	}
}
