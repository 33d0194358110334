import fc from 'fast-check';

import { createByteDeduplicator, createDeduplicator } from '../../nodes/feed/deduplicate';
import type { AuditEvent } from '../../nodes/feed/types';

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

describe('a deduplicator of bytes', () => {
	it('answers as the one of events does, and undefined where the bytes are none', () => {
		const guid = fc.constantFrom('0', 'a').map((digit) => `${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`);
		const id = fc.oneof(guid, fc.constantFrom('', 'é"\\', 'A', 'a', '__proto__', null, 7, [], undefined));
		const events = fc.array(fc.record({ before: fc.jsonValue(), Id: id, Operation: fc.string() }), { maxLength: 30 });
		fc.assert(
			fc.property(events, fc.boolean(), (all, indented) => {
				const [isNew, isNewInBytes] = [createDeduplicator(), createByteDeduplicator()];
				for (const event of all) {
					const bytes = Buffer.from(JSON.stringify(event, undefined, indented ? 1 : 0));
					expect(isNewInBytes(bytes)).toBe(isNew(event as AuditEvent));
					expect(isNewInBytes(bytes.subarray(1))).toBeUndefined();
				}
			}),
			{ seed: 5, numRuns: 300 },
		);
	});
});
