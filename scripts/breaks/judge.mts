/** What jest writes with `--json`, as far as it is read here. */
export interface JestReport {
	testResults: Array<{
		message: string;
		assertionResults: Array<{ status: string; fullName: string; failureMessages: string[] }>;
	}>;
}

export type Verdict =
	| { kind: 'noticed'; by: string }
	| { kind: 'passed' }
	/** Something else than an assertion failed: that says nothing about the rule. */
	| { kind: 'failed otherwise'; why: string };

/** A history's own words for an invariant that does not hold; those of a poll that threw are none. */
const RECEIVED = /^\s*\+\s+"(.*)",?$/gm;
const THREW = 'a poll threw';

/** Only a failing assertion counts; a timeout, an exception or a file that cannot be loaded does not. */
export function judge({ testResults }: JestReport): Verdict {
	const failed = testResults.flatMap(({ assertionResults }) =>
		assertionResults.filter(({ status }) => status === 'failed'),
	);
	for (const { fullName, failureMessages } of failed) {
		const assertion = failureMessages.find((message) => /(^|\[cause\]: )Error: expect\(/m.test(message));
		if (assertion === undefined) continue;
		const invariants = [...assertion.matchAll(RECEIVED)].map(([, words = '']) => words);
		const [broken] = invariants.filter((words) => !words.startsWith(THREW));
		if (invariants.length > 0 && broken === undefined) continue;
		return { kind: 'noticed', by: (assertion.includes('[cause]') && broken) || fullName };
	}
	const [first] = failed;
	if (first) return { kind: 'failed otherwise', why: firstLine(first.failureMessages.join('\n')) };
	const unloadable = testResults.find(({ assertionResults }) => assertionResults.length === 0);
	if (unloadable) return { kind: 'failed otherwise', why: firstLine(unloadable.message) };
	return { kind: 'passed' };
}

function firstLine(text: string): string {
	return text.trim().split('\n')[0] ?? '';
}
