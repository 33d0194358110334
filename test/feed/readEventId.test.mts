import fc from 'fast-check';

import { BROKEN } from '../../nodes/feed/jsonBytes';
import { findEventId, NO_ID, textAt } from '../../nodes/feed/readEventId';

/** What is found, as texts. */
function readEventId(bytes: Uint8Array): { Id?: string } | undefined {
	const at = findEventId(bytes);
	if (at === BROKEN) return undefined;
	return { Id: at === NO_ID ? undefined : textAt(bytes, at) };
}

/** What JSON.parse says. */
function expected(bytes: Uint8Array): { Id?: string } | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
		if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
		const { Id } = value as { Id?: unknown };
		return { Id: typeof Id === 'string' ? Id : undefined };
	} catch {
		return undefined;
	}
}

const read = (text: string) => readEventId(Buffer.from(text));

describe('the Id of an event’s bytes', () => {
	it.each([
		['{"Id":"a"}', 'a'],
		[' { "Operation" : "x" , "Id" : "b" } ', 'b'],
		['{"Id":"a","x":{"Id":"inner"},"y":[{"Id":"inner"}]}', 'a'],
		['{"Id":"first","Id":"last"}', 'last'],
		['{"\\u0049d":"spelled"}', 'spelled'],
		['{"I\\u0064":"spelled"}', 'spelled'],
		['{"Id":"caf\\u00e9 \\"é\\" 💥"}', 'café "é" 💥'],
		['{"Idx":"no","xId":"no","id":"no"}', undefined],
		['{"Id":7}', undefined],
		['{"Id":"a","Id":null}', undefined],
		['{"Id":{"Id":"inner"}}', undefined],
		['{}', undefined],
	])('of %s is %s', (text, id) => {
		expect(read(text)).toEqual({ Id: id });
	});

	it.each([
		'', '[]', '"Id"', '7', '{', '{"Id":"a"', '{"Id":"a"}}', '{"Id":"a"} x', '{"Id":"a",}', '{,}', '{"Id"}', '{"Id":}',
		'{Id:"a"}', "{'Id':'a'}", '{"Id" "a"}', '{"Id":nonsense}', '{"Id":tru}', '{"x":[1,]}', '{"x":[1 2]}', '{"x":[1}',
		'{"x":{"y":1]}', '{"x":01}', '{"x":-}', '{"x":1.}', '{"x":.5}', '{"x":1e}', '{"x":+1}', '{"x":"\\x"}', '{"x":"\\u12g4"}',
		'{"x":"a\nb"}', '{"x":"\u0000"}', '{"x":1}é', '{\u00a0"x":1}', '{"x":NaN}', '\uFEFF{"Id":"a"}',
	])('is none where %j is no JSON object', (text) => {
		expect(read(text)).toBeUndefined();
		expect(expected(Buffer.from(text))).toBeUndefined();
	});

	it('and what is no JSON are told as JSON.parse tells them, whatever the bytes', () => {
		const key = fc.constantFrom('Id', 'id', 'I', '\\', '"', 'é', '__proto__');
		const event = fc.dictionary(fc.oneof(key, fc.string()), fc.oneof(fc.string(), fc.jsonValue()));
		const odd = fc.constantFrom(...'{}[]:,"\\ue-+.0Ii\n\t é').map((letter) => Buffer.from(letter));
		const change = fc.record({ at: fc.nat(200), cut: fc.nat(2), put: fc.oneof(odd, fc.uint8Array({ maxLength: 2 })) });
		fc.assert(
			fc.property(event, fc.array(change, { maxLength: 2 }), fc.nat(3), (value, changes, indent) => {
				let bytes = Buffer.from(JSON.stringify(value, undefined, indent));
				for (const { at, cut, put } of changes) {
					const from = at % (bytes.length + 1);
					bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
				}
				expect(readEventId(bytes)).toEqual(expected(bytes));
			}),
			{ seed: 11, numRuns: 3_000 },
		);
	});

	it('is found in any depth of nesting', () => {
		const deep = `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},"Id":"a"}`;
		expect(read(deep)).toEqual({ Id: 'a' });
	});
});
