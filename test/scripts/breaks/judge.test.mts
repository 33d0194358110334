import { judge, type JestReport } from '../../../scripts/breaks/judge.mts';

/** jest's report of one test file; a test without messages has passed. */
function report(tests: Array<[name: string, ...messages: string[]]>, message = ''): JestReport {
	return {
		testResults: [
			{
				message,
				assertionResults: tests.map(([fullName, ...failureMessages]) => ({
					...{ fullName, failureMessages, status: failureMessages.length > 0 ? 'failed' : 'passed' },
				})),
			},
		],
	};
}

const history = (...invariants: string[]) =>
	[
		'Property failed after 6 tests',
		'[cause]: Error: expect(received).toEqual(expected) // deep equality',
		...invariants.map((words) => `+   "${words}",`),
	].join('\n');

describe('a break', () => {
	it('is noticed by the test whose assertion failed', () => {
		const assertion = 'Error: expect(received).toBe(expected) // Object.is equality';
		expect(judge(report([['a'], ['b', assertion]]))).toEqual({ kind: 'noticed', by: 'b' });
	});

	it('is noticed by the invariant that a history names', () => {
		const failed = report([['histories', history('id 5.0 never arrived (5.0)', 'window length')]]);
		expect(judge(failed)).toEqual({ kind: 'noticed', by: 'id 5.0 never arrived (5.0)' });
	});

	it.each([
		['nothing fails', report([['a'], ['b']]), 'passed'],
		['a test takes too long', report([['a', 'Error: thrown: "Exceeded timeout of 5000 ms for a test."']]), 'failed otherwise'],
		['a test throws', report([['a', 'TypeError: x is not a function']]), 'failed otherwise'],
		['a poll throws in a history', report([['a', history('a poll threw: TypeError: x is not a function')]]), 'failed otherwise'],
		[
			'a poll throws in a directed test',
			report([['a', 'Error: expect(received).toEqual(expected)\n+   "a poll threw: TypeError: x is not a function",']]),
			'failed otherwise',
		],
		['the file cannot be loaded', report([], 'SyntaxError: Unexpected token'), 'failed otherwise'],
	])('is not noticed if %s', (_, failed, kind) => {
		expect(judge(failed).kind).toBe(kind);
	});
});
