import { compareRecords, dueOnce, withoutContent } from '../../scripts/compareRecords.mts';

const each = (records: Array<Record<string, unknown>>) => records.map((record) => [record]);

describe('Comparing delivered records with served ones', () => {
	const served = [
		{ Id: 'a', n: 1 },
		{ Id: 'b', list: [{ x: 1 }] },
	];

	it('finds equal what differs in the order of keys and of records only', () => {
		const delivered = [
			{ list: [{ x: 1 }], Id: 'b' },
			{ n: 1, Id: 'a' },
		];
		expect(compareRecords(each(served), delivered)).toEqual({
			equal: 2,
			missing: [],
			unexpected: [],
		});
	});

	it.each([
		['another value', { Id: 'a', n: 2 }],
		['another type', { Id: 'a', n: '1' }],
		['one key more', { Id: 'a', n: 1, extra: null }],
		['one key less', { Id: 'a' }],
	])('notices %s', (_, changed) => {
		expect(compareRecords(each(served), [changed, { Id: 'b', list: [{ x: 1 }] }])).toEqual({
			equal: 1,
			missing: [{ Id: 'a', n: 1 }],
			unexpected: [changed],
		});
	});

	it('notices a record that is delivered twice', () => {
		const { unexpected } = compareRecords(each(served), [...served, { Id: 'a', n: 1 }]);
		expect(unexpected).toEqual([{ Id: 'a', n: 1 }]);
	});

	it('accepts either form of an Id that was served with two contents, but only one of them', () => {
		const due = dueOnce([
			{ Id: 'a', n: 1 },
			{ Id: 'a', n: 2 },
		]);
		expect(compareRecords(due, [{ Id: 'a', n: 2 }])).toMatchObject({ equal: 1, missing: [] });
		expect(
			compareRecords(due, [
				{ Id: 'a', n: 2 },
				{ Id: 'a', n: 1 },
			]).unexpected,
		).toHaveLength(1);
	});

	it('takes every record without Id as one of its own', () => {
		expect(dueOnce([{ n: 1 }, { n: 1 }, { Id: '', n: 2 }])).toHaveLength(3);
	});

	it('leaves out the one key that the node adds', () => {
		expect(withoutContent({ Id: 'a', _content: { contentId: 'x' } })).toEqual({ Id: 'a' });
	});
});
