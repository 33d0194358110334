import fc from 'fast-check';

import { withoutTokens } from '../../nodes/transport/redact';

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
});
