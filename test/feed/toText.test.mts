import { toShortText, toText, withoutControls } from '../../nodes/feed/toText';

describe('a value as text', () => {
	it.each([
		['a text', 'a text'],
		[7, '7'],
		[null, 'null'],
		[undefined, 'undefined'],
		[{ a: [1] }, '{"a":[1]}'],
		[{ toString: 'data' }, '{"toString":"data"}'],
		[{ toJSON: () => undefined }, ''],
	])('%j is %j', (value, text) => {
		expect(toText(value)).toBe(text);
	});

	it('is told in words where JSON has none for it', () => {
		const circle: Record<string, unknown> = {};
		circle['self'] = circle;
		expect(toText(circle)).toBe('an object');
	});

	it('is shown whole up to 80 characters, and its beginning beyond', () => {
		expect(toShortText('x'.repeat(80))).toBe('x'.repeat(80));
		expect(toShortText('x'.repeat(81))).toBe(`${'x'.repeat(80)}…`);
	});

	it('is shown in one line, without anything that a terminal would obey', () => {
		expect(withoutControls('a\r\nb\u001b[31mc\u2028d\u0000')).toBe('a b [31mc d ');
		expect(toShortText('a\nb')).toBe('a b');
	});
});
