/** One text to search for, and what it would give away. */
export interface Needle {
	/** The name of the secret: "client secret of …", "token 3: signature". */
	of: string;
	/** How it is spelt: "plain", "base64" … */
	form: string;
	text: string;
}

/** Programs escape the hexadecimal digits of %7E in either letter case. */
const lowerCaseEscapes = (text: string) =>
	text.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase());

const HTML: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function jsonEscaped(text: string): string {
	return JSON.stringify(text).slice(1, -1);
}

/** As in a form's body: unlike `encodeURIComponent` it also escapes `~`, which Microsoft's client secrets hold. */
function formEncoded(text: string): string {
	return new URLSearchParams({ x: text }).toString().slice('x='.length);
}

/**
 * Base64 of any text around this one: what it looks like depends on how many bytes stand before it. Characters that also
 * depend on the neighbours are cut off.
 */
function base64Within(text: string): string[] {
	const bytes = Buffer.from(text);
	return [0, 1, 2].map((before) => {
		const padded = Buffer.concat([Buffer.alloc(before), bytes]);
		const whole = padded.subarray(0, padded.length - (padded.length % 3)).toString('base64');
		return before === 0 ? whole : whole.slice(4);
	});
}

const url = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');

/** Every spelling of a text that n8n, a browser, a proxy or a careless line of code could give it. */
export const FORMS: Record<string, (text: string) => string[]> = {
	plain: (text) => [text],
	'JSON-escaped': (text) => [jsonEscaped(text)],
	'JSON-escaped twice': (text) => [jsonEscaped(jsonEscaped(text))],
	'URL-encoded': (text) => [encodeURIComponent(text), lowerCaseEscapes(encodeURIComponent(text))],
	'form-encoded': (text) => [formEncoded(text), lowerCaseEscapes(formEncoded(text))],
	'HTML-escaped': (text) => [text.replace(/[&<>"']/g, (sign) => HTML[sign] ?? sign)],
	base64: base64Within,
	base64url: (text) => base64Within(text).map(url),
	'base64 of the form-encoded': (text) => base64Within(formEncoded(text)),
	hex: (text) => [
		Buffer.from(text).toString('hex'),
		Buffer.from(text).toString('hex').toUpperCase(),
	],
	'UTF-16': (text) => [Buffer.from(text, 'utf16le').toString('latin1')],
};

/** Shorter ones are found by chance. */
const MIN_LENGTH = 8;

function spell(of: string, text: string): Needle[] {
	const found = new Map<string, Needle>();
	for (const [form, write] of Object.entries(FORMS)) {
		for (const spelling of write(text)) {
			// The finder compares bytes, one character each.
			const bytes = form === 'UTF-16' ? spelling : Buffer.from(spelling).toString('latin1');
			if (bytes.length >= MIN_LENGTH && !found.has(bytes))
				found.set(bytes, { of, form, text: bytes });
		}
	}
	return [...found.values()];
}

/** What a text cut off in the middle would still show. */
const HEAD_LENGTH = 20;

/** A client secret in every spelling, its beginning and its end too. */
export function secretNeedles(name: string, secret: string): Needle[] {
	return [
		...spell(name, secret),
		...spell(`${name}: beginning`, secret.slice(0, HEAD_LENGTH)),
		...spell(`${name}: end`, secret.slice(-HEAD_LENGTH)),
	];
}

/** As far as the claims differ from any other JSON: `{"aud":"https://…`. */
const CLAIMS_HEAD_LENGTH = 40;

/** An access token: each of its three parts in every spelling, also the beginning of the claims, and the bare signature. */
export function tokenNeedles(name: string, token: string): Needle[] {
	const [header = '', claims = '', signature = ''] = token.split('.');
	return [
		...spell('token: header', header),
		...spell(`${name}: claims`, claims),
		...spell('token: beginning of the claims', claims.slice(0, CLAIMS_HEAD_LENGTH)),
		...spell(`${name}: signature`, signature),
		...spell(`${name}: decoded signature`, Buffer.from(signature, 'base64url').toString('latin1')),
	];
}
