import { withoutControls } from '../feed/toText';

/** Longer than what Microsoft calls things by. */
const LONG_RUN = /[\w+/%-]{32,}/g;

/** Letters of both cases and digits: a token that is no JSON Web Token, a part of one, or base64 of something. */
const isOpaque = (run: string) => /[a-z]/.test(run) && /[A-Z]/.test(run) && /\d/.test(run);

/**
 * Takes out what looks like a token. Answers are quoted to the user, and a server (or a proxy that echoes requests) could
 * put the token that it was sent into its answer.
 */
export function withoutTokens(text: string): string {
	return text
		.replace(/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer [token]')
		.replace(/\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g, '[token]')
		.replace(LONG_RUN, (run) => (isOpaque(run) ? '[token]' : run));
}

/** A page can be quoted, but not at any length. */
const MAX_QUOTE_LENGTH = 300;

/** So many characters in a row are no coincidence. */
const TELLING_LENGTH = 8;

/**
 * What may be shown of a text by somebody who was sent the secret: without it, however it is spelt; and nothing at all, if
 * what is left has a part of it still (a server may cut a text anywhere).
 */
export function quoteOf(text: string, secret: string): string {
	const spellings = spellingsOf(secret);
	const marked = spellings.reduce((shown, spelling) => shown.replaceAll(spelling, '[secret]'), text);
	const quote = withoutControls(withoutTokens(marked)).slice(0, MAX_QUOTE_LENGTH);
	return spellings.some((spelling) => sharesPart(quote, spelling)) ? '' : quote;
}

/** As it is, in JSON, in an address, in the body of a form (which escapes `~` too), and in base64. */
function spellingsOf(secret: string): string[] {
	if (secret === '') return [];
	const form = new URLSearchParams({ x: secret }).toString().slice('x='.length);
	const base64 = [secret, form].flatMap((text) =>
		// Base64 depends on how many bytes stand before; the ends, which also depend on the neighbours, are cut off.
		[0, 1, 2].map((before) => Buffer.from(' '.repeat(before) + text).toString('base64').slice(4, -4)),
	);
	// A lone surrogate cannot be spelt in an address.
	const inAddress = encodeURIComponent(Buffer.from(secret).toString('utf8'));
	return [secret, JSON.stringify(secret).slice(1, -1), inAddress, form, ...base64].filter(
		(spelling) => spelling !== '',
	);
}

function sharesPart(text: string, spelling: string): boolean {
	// %7E is %7e to some.
	const [shown, hidden] = [text.toLowerCase(), spelling.toLowerCase()];
	const length = Math.min(TELLING_LENGTH, hidden.length);
	for (let at = 0; at + length <= hidden.length; at++) {
		if (shown.includes(hidden.slice(at, at + length))) return true;
	}
	return false;
}
