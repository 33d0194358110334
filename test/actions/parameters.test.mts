import {
	readContentTypes,
	readFilters,
	readNumber,
	readOptions,
	toList,
} from '../../nodes/actions/common/parameters';
import { InvalidFilter } from '../../nodes/feed/filters';
import { fakeNode } from './fakeNode.mts';

describe('a list that a user fills in', () => {
	it.each([
		['a, b ,,c', ['a', 'b', 'c']],
		[
			['a', ' b ', '', null, undefined, 7],
			['a', 'b', '7'],
		],
		[['a,b'], ['a,b']],
		[7, ['7']],
		['', []],
		[[], []],
		[null, []],
		[undefined, []],
	])('%j is %j', (value, list) => {
		expect(toList(value)).toEqual(list);
	});
});

describe('an object where a text belongs', () => {
	// `String()` throws on it, and JSON from anywhere can hold it.
	const unprintable = { toString: 1, valueOf: 1 };

	it('is taken as its JSON', () => {
		expect(toList([unprintable, 'a'])).toEqual(['{"toString":1,"valueOf":1}', 'a']);
	});

	it('does not widen a filter: nothing matches it', () => {
		expect(readFilters({ users: [unprintable] })?.({ UserId: 'anna' })).toBe(false);
	});

	it('is refused in a message of bounded length', () => {
		const read = () => readContentTypes(fakeNode(), [{ ...unprintable, text: 'x'.repeat(5_000) }], 0);
		expect(read).toThrow(/^“\{"toString":1.{0,100}…” is not a content type$/);
	});

	it('is no collection of options unless it is one', () => {
		expect([null, undefined, 'x', [1]].map(readOptions)).toEqual([{}, {}, {}, {}]);
		expect(readOptions({ a: 1 })).toEqual({ a: 1 });
	});
});

describe('content types', () => {
	const read = (value: unknown) => readContentTypes(fakeNode(), value, 2);

	it('are taken as list or text, in any letter case, each once, in the order given', () => {
		expect(read(['DLP.All', 'Audit.General'])).toEqual(['DLP.All', 'Audit.General']);
		expect(read('audit.general, AUDIT.EXCHANGE,Audit.General')).toEqual([
			'Audit.General',
			'Audit.Exchange',
		]);
	});

	it.each(['', [], null, undefined, [''], ' , '])('%j is none chosen', (value) => {
		expect(() => read(value)).toThrow('No content type is chosen');
	});

	it.each(['Audit.Teams', ['Audit.General', 'x'], {}, 7])(
		'%j is refused with the names to choose from',
		(value) => {
			expect(() => read(value)).toThrow(
				expect.objectContaining({
					message: expect.stringMatching(/“.+” is not a content type/) as unknown,
					description: expect.stringContaining(
						'Audit.AzureActiveDirectory, Audit.Exchange, Audit.SharePoint, Audit.General, DLP.All',
					) as unknown,
					context: expect.objectContaining({ itemIndex: 2 }) as unknown,
				}),
			);
		},
	);
});

describe('filters', () => {
	it.each([{}, undefined, null, 'x', { users: '', operations: [], recordTypes: [''] }])(
		'%j keeps everything',
		(value) => {
			expect(readFilters(value)).toBeUndefined();
		},
	);

	it('may be text or arrays, numbers or names', () => {
		const matches = readFilters({
			recordTypes: ['ExchangeAdmin', 50],
			users: 'anna@*, bob@contoso.com',
			operations: ['New-*'],
		})!;
		expect(matches({ RecordType: 50, UserId: 'BOB@contoso.com', Operation: 'New-X' })).toBe(true);
		expect(matches({ RecordType: 50, UserId: 'carl@contoso.com', Operation: 'New-X' })).toBe(false);
		expect(readFilters({ recordTypes: 15 })!({ RecordType: 15 })).toBe(true);
	});

	it('use every field they are given', () => {
		for (const field of [
			'recordTypes',
			'workloads',
			'operations',
			'users',
			'clientIps',
			'resultStatuses',
		]) {
			expect(readFilters({ [field]: field === 'clientIps' ? '10.0.0.1' : '7' })!({})).toBe(false);
		}
	});

	it('that cannot mean anything are refused', () => {
		expect(() => readFilters({ clientIps: '10.0.0.0/8, home' })).toThrow(InvalidFilter);
	});
});

describe('a number', () => {
	const read = (value: unknown, max?: number) =>
		readNumber(fakeNode(), 'Limit', value, { min: 1, max });

	it.each([
		[5, 5],
		['5', 5],
		[' 7 ', 7],
		[10, 10],
	])('%j is %d', (value, number) => {
		expect(read(value, 10)).toBe(number);
	});

	it.each([0, -1, 1.5, NaN, Infinity, '', ' ', 'many', null, undefined, true, [5], {}, 11])(
		'%j is refused by its name',
		(value) => {
			expect(() => read(value, 10)).toThrow(
				expect.objectContaining({
					message: '“Limit” must be a whole number from 1 to 10',
					description: 'Correct the value and run the node again.',
				}),
			);
		},
	);
});
