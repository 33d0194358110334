import { unclear } from '../../../scripts/faults/clarity.mts';
import { balance, emptyOutcome } from '../../../scripts/faults/outcome.mts';

const SECRET = 'sim8Q~0123456789';
const clear = {
	kind: 'error',
	text: 'There is no subscription for this content type (AF20022, HTTP 400)',
	advice: 'Run Subscription > Start for it.',
} as const;

describe('a message', () => {
	test('is clear when it says what happened and what to do', () => {
		expect(unclear(clear, [SECRET])).toBeUndefined();
		expect(unclear({ kind: 'error', text: 'The sign-in host cannot be reached. Check the network.' }, [])).toBeUndefined();
		expect(unclear({ kind: 'hint', text: 'Some numbers are too long to keep all digits' }, [])).toBeUndefined();
	});

	test.each([
		['nothing to do about it', { advice: '' }],
		['too short', { text: 'ECONNRESET' }],
		['a stack trace', { text: `${clear.text}\n    at Object.get (file.js:1:2)` }],
		['a value that is none', { text: 'The content of undefined could not be read. Try again.' }],
		['a value that is none', { text: 'It could not be read: [object Object]. Try again.' }],
		['a token', { advice: 'Send eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJ4In0 again' }],
		['a secret', { advice: `Use ${SECRET} instead` }],
		['a message of JavaScript', { text: 'TypeError: x is not a function, please try again' }],
		['a message of the network library', { text: 'getaddrinfo ENOTFOUND manage.office.com' }],
		['the word', { text: 'An error has occurred with this content type' }],
		['characters', { text: 'x'.repeat(5_000) }],
	])('is not: %s', (why, change) => {
		expect(unclear({ ...clear, ...change }, [SECRET])).toContain(why);
	});

	test('may quote Microsoft, whatever words Microsoft uses', () => {
		const text = 'Microsoft did not accept the request. Microsoft says: “An error has occurred” (HTTP 400)';
		expect(unclear({ ...clear, text }, [])).toBeUndefined();
	});
});

describe('the balance of a cell', () => {
	const due = [
		{ key: 'id:a', contentId: '1', contentType: 'Audit.General' },
		{ key: 'id:b', contentId: '2', contentType: 'Audit.Exchange' },
		{ key: 'hash:c', contentId: '2', contentType: 'Audit.Exchange' },
		{ key: 'hash:c', contentId: '2', contentType: 'Audit.Exchange' },
	];
	const outcome = (arrived: string[], told: Partial<ReturnType<typeof emptyOutcome>['told']> = {}) => {
		const empty = emptyOutcome();
		return { ...empty, arrived, told: { ...empty.told, ...told } };
	};

	test('is even when each has arrived as often as it is due', () => {
		expect(balance(due, outcome(['hash:c', 'id:b', 'id:a', 'hash:c']))).toEqual({
			missing: [],
			untold: [],
			repeated: 0,
			unknown: [],
		});
	});

	test('knows what is missing, what of it nobody told, what came twice and what nobody served', () => {
		const told = { contentIds: new Set(['1']) };
		expect(balance(due, outcome(['id:b', 'id:b', 'hash:c', 'id:x'], told))).toEqual({
			missing: [due[0], due[3]],
			untold: [due[3]],
			repeated: 1,
			unknown: ['id:x'],
		});
	});

	test('takes a failure of everything, or of a content type, as told', () => {
		expect(balance(due, outcome([], { everything: true })).untold).toEqual([]);
		const types = { contentTypes: new Set(['Audit.Exchange']) };
		expect(balance(due, outcome([], types)).untold).toEqual([due[0]]);
	});
});
