import fc from 'fast-check';

import { hasLongInteger, holdsUnsafeInteger } from '../../nodes/feed/preciseNumbers';
import { cpuTimeMs } from '../cpuTime.mts';

const loses = (text: string) => hasLongInteger(Buffer.from(text)) && holdsUnsafeInteger(JSON.parse(text));

describe('numbers that JSON.parse cannot keep', () => {
	it.each([
		'{"a":9007199254740993}',
		'{"a": -9007199254740993 }',
		'[1,12345678901234567890]',
		'[12345678901234567890,1]',
		`[${'1'.repeat(400)}]`,
		'{"a":{"b":[{"c":\n12345678901234567890\n}]}}',
	])('are told: %s', (text) => {
		expect(loses(text)).toBe(true);
	});

	it.each([
		'{"a":9007199254740991}',
		'{"a":"12345678901234567890"}',
		'{"a":"x:12345678901234567890,"}',
		'{"a":"x:12345678901234567890,","b":1.5}',
		'{"a":"x:12345678901234567890,","b":null}',
		'{"a":1.23456789012345678}',
		'[1,2,3]',
		'[]',
	])('are not seen where there are none: %s', (text) => {
		expect(loses(text)).toBe(false);
	});

	it('are told for exactly the integers beyond 2^53, wherever they stand', () => {
		const integers = fc.oneof(
			fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
			fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
		);
		fc.assert(
			fc.property(
				fc.array(integers, { minLength: 1, maxLength: 4 }),
				fc.constantFrom('', ' ', '\n'),
				(values, space) => {
					const isUnsafe = values.some((value) => !Number.isSafeInteger(Number(value)));
					expect(loses(`[{"a":[${values.join(`${space},${space}`)}${space}]}]`)).toBe(isUnsafe);
				},
			),
			{ seed: 14 },
		);
	});

	it('are looked for without recursion: deep nesting does not exhaust the stack', () => {
		let nested: unknown = 9_007_199_254_740_993;
		for (let depth = 0; depth < 200_000; depth++) nested = [nested];
		expect(holdsUnsafeInteger(nested)).toBe(true);
	});

	it('are looked for in linear time in a long row of digits or blanks', () => {
		const texts = [`[${'9'.repeat(500_000)}x`, `[${' '.repeat(500_000)}x`, '[9'.repeat(250_000)];
		const startedMs = cpuTimeMs();
		for (const text of texts) hasLongInteger(Buffer.from(text));
		expect(cpuTimeMs() - startedMs).toBeLessThan(1_000);
	});
});
