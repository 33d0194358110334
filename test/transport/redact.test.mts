import fc from 'fast-check';

import { quoteOf, withoutTokens } from '../../nodes/transport/redact';
import { FORMS } from '../../scripts/secrets/forms.mts';

const segment = fc.stringMatching(/^[\w-]{12,40}$/);

describe('a quoted text', () => {
	it('holds no part of a token, wherever it stood', () => {
		fc.assert(
			fc.property(
				segment,
				segment,
				segment,
				fc.constantFrom('', 'token ', 'x=', '"', '\n'),
				fc.constantFrom('', '"', ' end', ',', '.'),
				(head, claims, signature, before, after) => {
					const token = `eyJ${head}.eyJ${claims}.${signature}`;
					const text = withoutTokens(`${before}${token}${after} and Bearer ${token}${after}`);
					for (const part of [head, claims, signature]) expect(text).not.toContain(part);
				},
			),
			{ seed: 21 },
		);
	});

	it('hides an opaque token behind Bearer in any letter case', () => {
		expect(withoutTokens('authorization: bearer abc.DEF/+~_-=, next')).toBe(
			'authorization: Bearer [token], next',
		);
		expect(withoutTokens('BEARER\tabc')).toBe('Bearer [token]');
	});

	it('stays as it is without a token', () => {
		const text = 'The bearer of bad news: AF20022, HTTP 400, eyes';
		expect(withoutTokens(text.replace('bearer of', 'messenger of'))).toBe(
			text.replace('bearer of', 'messenger of'),
		);
	});

	it('holds neither base64 of a token, nor a part of one that does not look like it', () => {
		const opaque = 'c2ltdWxhdGVkIHNpZ25hdHVyZSBzaW11bGF0ZWQtMQ';
		for (const text of [opaque, `Signature ${opaque} is bad`, `x=${opaque}==`, `“${opaque}”`]) {
			expect(withoutTokens(text)).toContain('[token]');
			expect(withoutTokens(text)).not.toContain('c2lt');
		}
	});

	it('takes no time for a text of any length', () => {
		const startedMs = performance.now();
		withoutTokens('x'.repeat(300_000) + 'eyJ'.repeat(100_000) + 'Bearer '.repeat(50_000));
		expect(performance.now() - startedMs).toBeLessThan(2_000);
	});

	it.each([
		'Tenant 11111111-2222-3333-4444-555555555555 does not exist',
		'[CorrId=AAAAAAAA-2222-3333-4444-555555555555]',
		'Microsoft.Office.Compliance.Audit.API.AzureManager',
		'/api/v1.0/11111111-2222-3333-4444-555555555555/activity/feed/subscriptions/content',
		'20200705152230936019353$20200705152411486034089$audit_exchange$Audit_Exchange$emea0036',
	])('keeps what Microsoft names in its own: %s', (text) => {
		expect(withoutTokens(text)).toBe(text);
	});
});

describe('a quoted answer of the sign-in host', () => {
	const secret = 'q8Q~Zx1"a\\b+c/d=e&f<g>h%iéj_k.0123456789abcdef';

	// The other two are for searching files; no server answers so.
	it.each(Object.keys(FORMS).filter((form) => form !== 'UTF-16' && form !== 'hex'))(
		'never shows the secret written %s',
		(form) => {
			for (const spelling of FORMS[form]?.(secret) ?? []) {
				const quote = quoteOf(`AADSTS1: cannot read ${spelling} here`, secret);
				for (let at = 0; at + 8 <= spelling.length; at++) {
					expect(quote).not.toContain(spelling.slice(at, at + 8));
				}
			}
		},
	);

	it('shows no part of the secret either, whether the server cut it or we did', () => {
		for (const part of [secret.slice(0, 12), secret.slice(-12), secret.slice(15, 30)]) {
			expect(quoteOf(`Not known: ${part}…`, secret)).toBe('');
		}
		for (let padding = 270; padding < 300; padding++) {
			const quote = quoteOf(`${'x'.repeat(padding)} ${JSON.stringify(secret)}`, secret);
			expect(quote).not.toContain(secret.slice(0, 8));
		}
	});

	it('puts a mark in the place of the secret, and otherwise stays as it is', () => {
		expect(quoteOf(`no such secret: ${secret}.`, secret)).toBe('no such secret: [secret].');
		expect(quoteOf('AADSTS1: no such app.', secret)).toBe('AADSTS1: no such app.');
		expect(quoteOf('AADSTS1: no such app.', '')).toBe('AADSTS1: no such app.');
	});
});

describe('what takes the place', () => {
	it('of a token says so', () => {
		expect(withoutTokens('token=eyJabcdef.eyJx.y!')).toBe('token=[token]!');
		expect(withoutTokens('Bearer   abc')).toBe('Bearer [token]');
	});
});
