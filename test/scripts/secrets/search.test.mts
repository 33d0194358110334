import { gzipSync } from 'node:zlib';

import fc from 'fast-check';

import { FORMS, secretNeedles, tokenNeedles } from '../../../scripts/secrets/forms.mts';
import { createFinder } from '../../../scripts/secrets/finder.mts';
import type { Place } from '../../../scripts/secrets/places.mts';
import { searchPlaces } from '../../../scripts/secrets/search.mts';
import { encodeAccessToken } from '../../../simulator/jwt.mts';

/** Every sign that one of the encodings changes. */
const SECRET = 'Zq8Q~first"half\\of+the/secret=and&its%<end>é.x_y-z';

const CLAIMS = {
	aud: 'http://127.0.0.1:1',
	iss: 'i',
	iat: 1,
	nbf: 1,
	exp: 2,
	appid: 'a',
	tid: 't',
	ver: '1.0',
} as const;
const token = (uti: string) => encodeAccessToken({ ...CLAIMS, uti });

const place = (text: Buffer | string): Place => ({
	kind: 'test',
	name: 'x',
	bytes: Buffer.from(text),
});
const hits = (text: Buffer | string, needles = secretNeedles('secret', SECRET)) =>
	searchPlaces([place(text)], needles).hits;

describe('the search for secrets', () => {
	it.each(Object.keys(FORMS))(
		'finds a secret that is written %s, whatever stands around it',
		(form) => {
			fc.assert(
				fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (before, after) => {
					const spelt = {
						plain: (text: string) => text,
						'JSON-escaped': (text: string) => JSON.stringify(text),
						'JSON-escaped twice': (text: string) => JSON.stringify(JSON.stringify(text)),
						'URL-encoded': (text: string) => encodeURIComponent(Buffer.from(text).toString()),
						'form-encoded': (text: string) => `client_secret=${new URLSearchParams({ text })}`,
						'HTML-escaped': (text: string) =>
							text
								.replace(/&/g, '&amp;')
								.replace(/</g, '&lt;')
								.replace(/>/g, '&gt;')
								.replace(/"/g, '&quot;')
								.replace(/'/g, '&#39;'),
						base64: (text: string) => Buffer.from(text).toString('base64'),
						base64url: (text: string) => Buffer.from(text).toString('base64url'),
						'base64 of the form-encoded': (text: string) =>
							Buffer.from(String(new URLSearchParams({ text }))).toString('base64'),
						hex: (text: string) => Buffer.from(text).toString('hex'),
						'UTF-16': (text: string) => Buffer.from(text, 'utf16le').toString('latin1'),
					}[form];
					if (!spelt) throw new Error(`No example of ${form}`);
					const bytes = Buffer.from(
						spelt(`${before}${SECRET}${after}`),
						form === 'UTF-16' ? 'latin1' : 'utf8',
					);
					const forms = hits(bytes).map((hit) => hit.form);
					// Without + and / both alphabets are the same.
					expect(form === 'base64url' ? forms.join() : forms).toContain(
						form.replace('64url', '64'),
					);
				}),
				{ seed: 6, numRuns: 40 },
			);
		},
	);

	it('finds what is left of a secret that was cut off, at either end', () => {
		expect(hits(`It says: “${SECRET.slice(0, 21)}`)).not.toEqual([]);
		expect(hits(`…${SECRET.slice(-21)}`)).not.toEqual([]);
	});

	it('finds each part of a token, alone', () => {
		const needles = tokenNeedles('token', token('unique'));
		for (const part of token('unique').split('.')) {
			expect(hits(`x${part}y`, needles)).not.toEqual([]);
			expect(hits(Buffer.from(`x${part}y`).toString('base64'), needles)).not.toEqual([]);
		}
		expect(hits('simulated signature unique', needles)).not.toEqual([]);
	});

	it('does not take one token’s signature for another’s', () => {
		const signature = token('b').split('.')[2] ?? '';
		expect(hits(signature, tokenNeedles('a', token('a')))).toEqual([]);
	});

	it('looks into compressed bytes, and into JSON inside JSON', () => {
		expect(hits(gzipSync(`a ${SECRET} b`))).not.toEqual([]);
		const flatted = JSON.stringify([
			{ data: '1' },
			JSON.stringify({ deep: JSON.stringify({ [SECRET]: 1 }) }),
		]);
		expect(hits(flatted).map(({ form }) => form)).toContain('plain');
	});

	it('finds nothing where nothing is', () => {
		expect(hits('the client secret was not sent; eyJ; Bearer [token]')).toEqual([]);
		expect(hits('')).toEqual([]);
	});

	it('counts what it searched', () => {
		const { kinds, needles } = searchPlaces(
			[place('abc'), place('de')],
			secretNeedles('s', SECRET),
		);
		expect(kinds.get('test')).toEqual({ places: 2, bytes: 5 });
		expect(needles).toBeGreaterThan(20);
	});

	it('finds every needle, whichever others begin alike', () => {
		const words = fc.uniqueArray(fc.stringMatching(/^[ab]{3,7}$/), { minLength: 1, maxLength: 20 });
		fc.assert(
			fc.property(words, fc.stringMatching(/^[ab]{0,60}$/), (texts, haystack) => {
				const find = createFinder(texts.map((text) => ({ of: text, form: 'plain', text })));
				const found = find(Buffer.from(haystack)).map(({ text }) => text);
				expect(found.sort()).toEqual(texts.filter((text) => haystack.includes(text)).sort());
			}),
			{ seed: 7 },
		);
	});
});
