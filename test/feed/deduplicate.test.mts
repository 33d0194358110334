import { createDeduplicator } from '../../nodes/feed/deduplicate';

describe('a deduplicator', () => {
	it('lets an Id pass once, also when the keys of the repeat stand in another order', () => {
		const isNew = createDeduplicator();
		expect(isNew({ Id: 'a', Operation: 'x' })).toBe(true);
		expect(isNew({ Id: 'b' })).toBe(true);
		expect(isNew({ Operation: 'x', Id: 'a' })).toBe(false);
	});

	it.each([
		[{}],
		[{ Id: '' }],
		[{ Id: null }],
		[{ Id: 7 }],
		[{ Id: { toString: () => 'a' } }],
		[{ ID: 'a' }],
	])('lets an event without a usable Id pass always: %j', (event) => {
		const isNew = createDeduplicator();
		isNew({ Id: 'a' });
		expect([isNew(event), isNew(event)]).toEqual([true, true]);
	});

	it('takes Ids as they are: letter case and names of built-in keys', () => {
		const isNew = createDeduplicator();
		expect(['a', 'A', '__proto__', 'constructor', 'toString'].map((Id) => isNew({ Id }))).toEqual(
			Array(5).fill(true),
		);
	});

	it('knows nothing of another one', () => {
		createDeduplicator()({ Id: 'a' });
		expect(createDeduplicator()({ Id: 'a' })).toBe(true);
	});
});
