import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { broken, HISTORIES } from '../../../scripts/breaks/break.mts';
import { BREAKS } from '../../../scripts/breaks/rules/index.mts';

const ROOT = resolve(import.meta.dirname, '../../..');

describe('the list of breaks', () => {
	it.each(BREAKS.map((each) => [each.rule, each] as const))('finds what it changes exactly once: %s', (_, each) => {
		const source = readFileSync(join(ROOT, each.file), 'utf8');
		expect(broken(each, source)).not.toBe(source);
	});

	it('names each rule once, and tests that exist', () => {
		const rules = BREAKS.map(({ rule }) => rule);
		expect(rules).toHaveLength(new Set(rules).size);
		const tests = BREAKS.map(({ noticedBy = HISTORIES }) => noticedBy);
		expect(tests.filter((test) => !existsSync(join(ROOT, test)))).toEqual([]);
	});

	it('refuses a text that is not there, or more than once', () => {
		const rule = { rule: 'r', file: 'f', from: 'a', to: 'b' };
		expect(broken(rule, 'xay')).toBe('xby');
		for (const source of ['xy', 'xaay']) expect(() => broken(rule, source)).toThrow('exactly once');
	});
});
