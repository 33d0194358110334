import { parseFlatted } from '../../scripts/n8n/flatted.mts';

describe('Reading an execution as n8n stores it', () => {
	it('resolves references to objects, arrays and strings, and keeps other values', () => {
		const text = JSON.stringify([{ a: '1', n: 5, no: null, yes: true }, ['2', '3'], 'two', '7']);
		expect(parseFlatted(text)).toEqual({ a: ['two', '7'], n: 5, no: null, yes: true });
	});

	it('gives objects that are referred to twice the same identity, circles included', () => {
		const parsed = parseFlatted('[{"a":"1","b":"1"},{"self":"1"}]') as Record<string, unknown>;
		expect(parsed['a']).toBe(parsed['b']);
		expect((parsed['a'] as Record<string, unknown>)['self']).toBe(parsed['a']);
	});

	it('keeps a key named __proto__ as data', () => {
		const parsed = parseFlatted('[{"__proto__":"1"},{"x":1}]') as object;
		expect(Object.keys(parsed)).toEqual(['__proto__']);
	});
});
