import fc from 'fast-check';

/** What must never be shown: a secret in Microsoft's alphabet, and tokens of both kinds that a server could echo. */
export const SECRET = 'Zq8~s3cret_Value.of-the*app!(42)';
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const TOKEN = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ aud: 'x', roles: ['ActivityFeed.Read'] })}.c2lnbmF0dXJl`;

const { constantFrom, integer, nat, oneof } = fc;

/** Texts that have broken parsers, pages, logs or address checks somewhere. */
const INFAMOUS = [
	'', ' ', '\u0000', '\r\nX-Injected: 1', '\u001b[31m', '\uFEFF', '\u2028', '\u202e', '\ud800', '\udfff',
	'İ', 'ß', '💥', 'שלום', 'e\u0301', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON',
	'../../..', '..', '.', '%2f..%2f', '?', '#', '/', '\\', '//evil.example', 'http://127.0.0.1@evil.example/', 'javascript:alert(1)',
	'null', '<null>', '<html><script>alert(1)</script></html>', '{"a":1}', '[]', '{{ $json }}', '={{ 1 }}',
	'Bearer abcdefghijklmnop', '*'.repeat(200), '1'.repeat(400), '9'.repeat(40), '-1', '1e309', '0x10', '1.2.3.4:443', '[fdfd::1]:443',
	'::ffff:10.0.0.1', '10.0.0.0/8', '2026-02-30T25:61:61', '0000-00-00', '9999-12-31T23:59:59.9999999Z', '+275760-09-13',
	'Retry after 99999999999999999999 s', 'retry in 1sand 1sand 1sand ', 'Tenant x does not exist', 'AF20024', 'AADSTS7000215',
] as const;

export const text: fc.Arbitrary<string> = oneof(
	{ weight: 4, arbitrary: constantFrom(...INFAMOUS) },
	{ weight: 1, arbitrary: constantFrom(TOKEN, `Bearer ${TOKEN}`) },
	{ weight: 2, arbitrary: fc.string({ maxLength: 40 }) },
	{ weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
	{
		weight: 1,
		arbitrary: fc.tuple(constantFrom(...INFAMOUS), integer({ min: 2, max: 300 })).map(([one, times]) => one.repeat(times).slice(0, 5_000)),
	},
);

export const number: fc.Arbitrary<number> = oneof(
	constantFrom(0, -0, -1, 1, 0.1, 2 ** 31, 2 ** 53, 2 ** 53 + 2, 1e21, 1e300, -1e300, Number.MAX_VALUE, 5e-324, 8.64e15, 8.64e15 + 1),
	integer(),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const key: fc.Arbitrary<string> = oneof(
	constantFrom(
		'__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'toJSON', 'then', 'length', '', '_content', 'error', 'Message', 'code',
		'Id', 'id', 'RecordType', 'contentId', 'contentCreated', 'contentUri', 'events', 'Name', 'Value', '0',
	),
	text,
);

/** Anything that JSON can say. */
export const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
	value: oneof(
		{ depthSize: 'small', withCrossShrink: true },
		text,
		number,
		fc.boolean(),
		fc.constant(null),
		fc.array(tie('value'), { maxLength: 4 }),
		fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
	),
})).value;

/** JSON text nested so deep that whoever recurses falls. */
export const deepJson: fc.Arbitrary<string> = fc
	.tuple(constantFrom<[string, string]>(['[', ']'], ['{"a":', '}'], ['[{"a":', '}]']), constantFrom(50, 500, 20_000), text)
	.map(([[open, close], depth, core]) => open.repeat(depth) + JSON.stringify(core) + close.repeat(depth));

/** Anything a parameter can hold: JSON, and what expressions make besides. */
export const parameter: fc.Arbitrary<unknown> = oneof(
	{ weight: 6, arbitrary: json },
	{
		weight: 1,
		arbitrary: constantFrom<unknown[]>(undefined, NaN, Infinity, -Infinity, new Date(NaN), new Date(0), Object.create(null), 10n ** 30n, /x/, () => 1, new Map()),
	},
	{ weight: 1, arbitrary: number.map((ms) => new Date(ms)) },
	{ weight: 1, arbitrary: number.map((ms) => ({ toMillis: () => ms })) },
);

export const status: fc.Arbitrary<number> = oneof(
	constantFrom(200, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504),
	integer({ min: 200, max: 999 }),
);

/** The text of a header's value, as an HTTP parser lets it through. */
export const headerValue: fc.Arbitrary<string> = oneof(
	constantFrom('', '0', '-5', '31536000', '1e9', '9'.repeat(400), 'Wed, 21 Oct 2099 07:28:00 GMT', 'Wed, 99 Xyz', 'soon', '1, 2'),
	text.map((value) => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')),
);

export const index = nat(1_000_000);
