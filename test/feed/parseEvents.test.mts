import fc from 'fast-check';

import { parseEvents } from '../../nodes/feed/parseEvents';

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** What the language makes of the whole; undefined if it is no list of nothing but objects. */
function whole(body: Buffer): unknown[] | undefined {
	const text = body.toString('utf8');
	try {
		const parsed: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
		const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
		return Array.isArray(parsed) && parsed.every(isObject) ? parsed : undefined;
	} catch {
		return undefined;
	}
}

const anyEvents = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), { maxLength: 5 });
const layouts = fc.constantFrom(undefined, 1, '\t', '\r\n');
const anyBody = fc
	.tuple(anyEvents, layouts, fc.boolean())
	.map(([events, layout, hasMark]) =>
		Buffer.concat([...(hasMark ? [MARK] : []), Buffer.from(JSON.stringify(events, null, layout))]),
	);

describe('parsing a blob event by event', () => {
	it('makes of every list of objects what JSON.parse makes of the whole', () => {
		fc.assert(
			fc.property(anyBody, (body) => {
				const parsed = parseEvents(body);
				expect(parsed).toBeDefined();
				expect(JSON.stringify(parsed)).toBe(JSON.stringify(whole(body)));
			}),
			{ numRuns: 1_000 },
		);
	});

	it('accepts a damaged body only if JSON.parse does, and then makes the same of it', () => {
		const interesting = fc.constantFrom(...Buffer.from('[]{},:"\\ \n0-etn'), 0xef, 0xbb, 0xbf, 0xc3, 0xff);
		const damage = fc.record({
			at: fc.nat(),
			remove: fc.constantFrom(0, 0, 1, 1, 2, 7, 40),
			insert: fc.array(interesting, { maxLength: 3 }),
		});
		fc.assert(
			fc.property(anyBody, fc.array(damage, { minLength: 1, maxLength: 3 }), (body, damages) => {
				let damaged = body;
				for (const { at, remove, insert } of damages) {
					const from = at % (damaged.length + 1);
					damaged = Buffer.concat([damaged.subarray(0, from), Buffer.from(insert), damaged.subarray(from + remove)]);
				}
				expect(JSON.stringify(parseEvents(damaged))).toBe(JSON.stringify(whole(damaged)));
			}),
			{ numRuns: 5_000 },
		);
	});

	it('makes of bytes that are no UTF-8 what the whole text has in their place', () => {
		const body = Buffer.from('[{"a":"x"},{"b":"y"}]');
		for (const bad of [[0xc3], [0xff], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xed, 0xa0, 0x80]]) {
			for (let at = 0; at <= body.length; at++) {
				const damaged = Buffer.concat([body.subarray(0, at), Buffer.from(bad), body.subarray(at)]);
				expect(JSON.stringify(parseEvents(damaged))).toBe(JSON.stringify(whole(damaged)));
			}
		}
	});

	it.each([
		'',
		' ',
		'[',
		'{"Id":"a"}',
		'[{"Id":"a"}',
		'[{"Id":"a"},',
		'[{"Id":"a"},]',
		'[,{"Id":"a"}]',
		'[{"Id":"a"},,{"Id":"b"}]',
		'[{"Id":"a"}{"Id":"b"}]',
		'[{"Id":"a"}]]',
		'[{"Id":"a"}] {}',
		'[{"Id":"a"},null]',
		'[[{"Id":"a"}]]',
		'[{"Id":"a"},{"Id":"b]',
		'[{"Id":["a"}]]',
		'[{"Id":"a\\"}]',
		'null',
		'<html></html>',
	])('leaves %j to others', (text) => {
		expect(parseEvents(Buffer.from(text))).toBeUndefined();
	});

	it('knows brackets, quotes and backslashes inside texts from those outside', () => {
		const events = [{ a: ']}' }, { 'b"},{': '\\' }, { c: '\\"' }, { d: [{ e: '{[' }, [], {}] }];
		expect(parseEvents(Buffer.from(JSON.stringify(events)))).toEqual(events);
	});
});
