import type { Message } from './types.mts';

/** Signs of a text that was written for a programmer, or by accident. */
const UNCLEAR: ReadonlyArray<[RegExp, string]> = [
	[/\n\s+at |\bat [\w.]+ \(|:\d+:\d+\)/, 'a stack trace'],
	[/\bundefined\b|\[object |\bNaN\b/, 'a value that is none'],
	[/eyJ[\w-]{5,}/, 'a token'],
	[/Bearer (?!\[token\])/, 'an authorization header'],
	[/\b(TypeError|RangeError|SyntaxError|AxiosError)\b|Unexpected token|JSON at position|is not a function/, 'a message of JavaScript’s'],
	[/request failed with status|getaddrinfo|socket hang up|read E[A-Z]+|connect E[A-Z]+/i, 'a message of the network library'],
	[/The service was not able to process your request|This was not expected/, 'a message that says nothing'],
];

/** n8n's guideline for its own words; Microsoft's are quoted. */
const UNWANTED_WORDS = /\b(error|problem|failure|mistake)\b/i;
const QUOTES = /“[^”]*”/g;
const MIN_CHARACTERS = 20;
const MAX_CHARACTERS = 1_200;

/** Why a user would not understand the message, or would see what nobody may see; undefined if it is clear. */
export function unclear({ kind, text, advice }: Message, secrets: readonly string[]): string | undefined {
	const all = `${text}\n${advice ?? ''}`;
	if (text.trim().length < MIN_CHARACTERS) return `too short: “${text}”`;
	if (all.length > MAX_CHARACTERS) return `${all.length} characters`;
	if (secrets.some((secret) => secret !== '' && all.includes(secret))) return 'a secret';
	for (const [sign, what] of UNCLEAR) if (sign.test(all)) return what;
	const word = UNWANTED_WORDS.exec(text.replace(QUOTES, ''))?.[0];
	if (word) return `the word “${word}”`;
	// Without a field of its own the advice is a sentence after the first.
	if (kind !== 'hint' && !advice?.trim() && !/[.] \S/.test(text)) return 'nothing to do about it';
	return undefined;
}
