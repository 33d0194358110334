import fc from 'fast-check';

import { joinLines } from '../../nodes/feed/joinLines';
import { createEventSplitter } from '../../nodes/feed/splitEvents';

/** Texts made of what could mislead a reader of bytes. */
const awkward = fc.oneof(
	fc.string({
		unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r', 'u', '0'),
	}),
	fc.string({ unit: 'binary' }),
	fc.constantFrom('}]', '\\"', '\\\\', '\uFEFF', '\u2028', 'שלום', '💥', '</script>', ''),
);
const value = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		awkward,
		fc.integer(),
		fc.double({ noNaN: true, noDefaultInfinity: true }),
		fc.boolean(),
		fc.constant(null),
		fc.array(tie('value'), { maxLength: 3 }),
		fc.dictionary(awkward, tie('value'), { maxKeys: 3 }),
	),
})).value;
const event = fc.dictionary(awkward, value, { maxKeys: 4 });

/** Where to cut, as fractions of the length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
const spaces = fc.constantFrom(undefined, 1, '\t', '  ');

function chunk(bytes: Uint8Array, fractions: number[]): Uint8Array[] {
	const at = fractions.map((fraction) => Math.floor(fraction * bytes.length)).sort((a, b) => a - b);
	return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

function split(chunks: Uint8Array[]) {
	const splitter = createEventSplitter();
	const texts = chunks
		.flatMap((bytes) => splitter.push(bytes))
		.map((bytes) => Buffer.from(bytes).toString('utf8'));
	return { splitter, texts };
}

const splitText = (text: string) => split([Buffer.from(text)]);

describe('a body that is split while it arrives', () => {
	it('gives exactly the events of JSON.parse, however it is cut and indented', () => {
		fc.assert(
			fc.property(
				fc.array(event, { maxLength: 6 }),
				cuts,
				spaces,
				fc.boolean(),
				(events, fractions, indent, bom) => {
					const json = `${bom ? '\uFEFF' : ''}${JSON.stringify(events, null, indent)}`;
					const { splitter, texts } = split(chunk(Buffer.from(json), fractions));
					expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual(
						JSON.parse(JSON.stringify(events)),
					);
					expect(texts.every((text) => !/[\r\n]/.test(text))).toBe(true);
					expect([splitter.isComplete(), splitter.isSingleObject(), splitter.unusable()]).toEqual([
						true,
						false,
						0,
					]);
				},
			),
			{ seed: 8, numRuns: 300 },
		);
	});

	it('may arrive byte by byte', () => {
		const json = '\uFEFF[ {"a":"שלום\\"}]"} ,\r\n{"b":[{"c":"\\\\"}]}]\n';
		const { splitter, texts } = split([...Buffer.from(json)].map((byte) => Uint8Array.of(byte)));
		expect(texts).toEqual(['{"a":"שלום\\"}]"}', '{"b":[{"c":"\\\\"}]}']);
		expect(splitter.isComplete()).toBe(true);
	});

	it('keeps the bytes of an event as they are: long numbers, escapes, order and repeats of keys', () => {
		const raw = '{"n":12345678901234567890.10,"u":"\\u05d0\\/","a":1,"A":2,"a":3}';
		expect(splitText(`[${raw}, ${raw}]`).texts).toEqual([raw, raw]);
	});

	it('keeps nothing of a chunk for later: one that is used again changes no event that ends in the next', () => {
		const bytes = Buffer.from('[{"a":1},{"b":2');
		const splitter = createEventSplitter();
		expect(Buffer.from(splitter.push(bytes)[0]!).toString()).toBe('{"a":1}');
		bytes.fill(0x20);
		expect(Buffer.from(splitter.push(Buffer.from('}]'))[0]!).toString()).toBe('{"b":2}');
	});

	it('gives each event room for a line feed behind it, wherever it is cut, which harms no other', () => {
		const json = Buffer.from('[{"a":1},{"b":\r\n2}{"c":3} ,{"d":4}]');
		for (let at = 0; at <= json.length; at++) {
			const splitter = createEventSplitter();
			const chunks = [json.subarray(0, at), json.subarray(at)].map((bytes) => new Uint8Array([...bytes, 0x23]));
			const lines = chunks.map((chunk) => splitter.push(chunk.subarray(0, -1)));
			const joined = lines.map((each) => Buffer.concat(joinLines(each)).toString()).join('');
			expect(joined).toBe('{"a":1}\n{"b":  2}\n{"c":3}\n{"d":4}\n');
			// What lies behind a chunk may belong to somebody else.
			expect(chunks.map((chunk) => chunk.at(-1))).toEqual([0x23, 0x23]);
		}
	});

	it('leaves out elements that are no objects, and counts them', () => {
		const { splitter, texts } = splitText(
			'[null, {"a":1}, "}],{", [1,{"x":[2]}], -1.5e3, true ,{"b":2},7]',
		);
		expect(texts).toEqual(['{"a":1}', '{"b":2}']);
		expect([splitter.unusable(), splitter.isComplete()]).toEqual([6, true]);
	});

	it('may be one object alone', () => {
		const { splitter, texts } = splitText('\uFEFF {"error":{"code":"AF50000"}} ');
		expect(texts).toEqual(['{"error":{"code":"AF50000"}}']);
		expect([splitter.isSingleObject(), splitter.isComplete()]).toEqual([true, true]);
	});

	it('may be an empty list', () => {
		const { splitter, texts } = splitText(' [ ] ');
		expect([texts, splitter.isComplete(), splitter.unusable()]).toEqual([[], true, 0]);
	});

	it.each([
		'',
		'  ',
		'\uFEFF',
		'<html>[{"a":1}]</html>',
		'null',
		'7',
		'"[]"',
		'Service unavailable',
		'{"a":1}{"b":2}',
		'[{"a":1}]x',
		'[][]',
		'no service]',
		'x[]',
	])('is not complete when it is no list: %j', (text) => {
		expect(splitText(text).splitter.isComplete()).toBe(false);
	});

	it('gives nothing of what looks like an event inside an HTML page', () => {
		expect(splitText('<script>x=[{"a":1}]</script>]').texts).toEqual([]);
		expect(splitText('[{"a":1}] <script>[{"b":2}]').texts).toEqual(['{"a":1}']);
	});

	it.each([
		['a list', '\uFEFF[{"a":"שלום }]","b":[1,{"c":2}]}, null, {"d":"\\""}]'],
		['a pretty-printed list', JSON.stringify([{ a: [{ b: '{' }] }, { c: null }], null, 2)],
		['one object', '{"a":{"b":"\\\\"}}'],
	])('is not complete when cut off at any byte: %s', (_, text) => {
		const bytes = Buffer.from(text);
		for (let length = 0; length < bytes.length; length++) {
			expect(split([bytes.subarray(0, length)]).splitter.isComplete()).toBe(false);
		}
		expect(split([bytes]).splitter.isComplete()).toBe(true);
	});

	it.each([
		['inside a string', '[{"a":"x\ny"}]', '{"a":"x\ny"}'],
		['behind an escape inside a string', '[{"a":"x\\"\ny"}]', '{"a":"x\\"\ny"}'],
		['in the middle of a number', '[{"a":1\n2}]', '{"a":1 2}'],
		['in the middle of a word', '[{"a":tr\r\nue}]', '{"a":tr  ue}'],
	])('is not mended into another event by taking out a line break %s', (_, body, bytes) => {
		const { texts } = splitText(body);
		expect(texts).toEqual([bytes]);
		expect(() => JSON.parse(texts[0]!) as unknown).toThrow(SyntaxError);
	});
});
