import { createHash } from 'node:crypto';

import fc from 'fast-check';

import {
	addContent,
	forgetContentBefore,
	hasContent,
	packContentMemories,
	unpackContentMemory,
	type ContentMemory,
} from '../../../nodes/feed/checkpoint/contentMemory';
import {
	packEventMemory,
	REMEMBERED_EVENTS,
	rememberEvents,
	unpackEventMemory,
} from '../../../nodes/feed/checkpoint/eventMemory';
import { FINGERPRINT_BITS, fingerprint } from '../../../nodes/feed/checkpoint/fingerprint';
import { packSet, unpackSet } from '../../../nodes/feed/checkpoint/packedSet';

const fingerprints = fc.uniqueArray(
	fc.bigInt({ min: 0n, max: 2n ** 56n - 1n }).map((value) => value.toString(16).padStart(14, '0')),
	{ maxLength: 300 },
);

describe('fingerprints', () => {
	it('take a new blob for a seen one with less than 1e-12, for 20,000 in one quarter of an hour', () => {
		expect(20_000 / 2 ** FINGERPRINT_BITS).toBeLessThan(1e-12);
		expect(REMEMBERED_EVENTS / 2 ** FINGERPRINT_BITS).toBeLessThan(1e-12);
	});

	it('are the first 56 bits of SHA-256', () => {
		const digest = createHash('sha256').update('a$b').digest('hex');
		expect(fingerprint('a$b')).toBe(digest.slice(0, 14));
	});
});

describe('a packed set', () => {
	it('is the same set when unpacked', () => {
		fc.assert(
			fc.property(fingerprints, (values) => {
				const [count, packed] = packSet(values);
				expect([...unpackSet(count, packed)].sort()).toEqual([...values].sort());
			}),
			{ seed: 1 },
		);
	});

	it('takes less than 8 characters for each of 2,500 fingerprints', () => {
		const values = Array.from({ length: 2_500 }, (_, index) => fingerprint(String(index)));
		expect(packSet(values)[1].length / 2_500).toBeLessThan(8);
	});

	it('that is cut off is not read as a smaller one', () => {
		const [count, packed] = packSet(['0'.repeat(14), 'f'.repeat(14), fingerprint('x')]);
		expect(() => unpackSet(count, packed.slice(0, packed.length / 2))).toThrow(
			new RangeError('the remembered content is cut off'),
		);
	});
});

describe('remembered content', () => {
	const MINUTE = 60_000;
	const at = Date.parse('2026-03-02T10:07:00Z');

	it('is forgotten by contentCreated, a quarter of an hour at a time', () => {
		const memory: ContentMemory = new Map();
		addContent(memory, 'old', at);
		addContent(memory, 'new', at + 15 * MINUTE);
		forgetContentBefore(memory, at + 7 * MINUTE);
		expect(hasContent(memory, 'old', at)).toBe(true);
		forgetContentBefore(memory, at + 8 * MINUTE);
		expect(hasContent(memory, 'old', at)).toBe(false);
		expect(hasContent(memory, 'new', at + 15 * MINUTE)).toBe(true);
	});

	it('survives storing, also after it has grown', () => {
		const memory: ContentMemory = new Map();
		addContent(memory, 'a', at);
		packContentMemories([memory], 1_000);
		addContent(memory, 'b', at);
		const copy = unpackContentMemory(JSON.parse(JSON.stringify(packContentMemories([memory], 1_000)[0])));
		expect(['a', 'b', 'c'].map((id) => hasContent(copy, id, at))).toEqual([true, true, false]);
	});

	it('that is at rest is packed once', () => {
		const memory: ContentMemory = new Map();
		addContent(memory, 'a', at);
		const packed = () => Object.values(packContentMemories([memory], 1_000)[0]!)[0];
		expect(packed()).toBe(packed());
	});

	it('is stored as far as there is room, the newest first', () => {
		const memories: ContentMemory[] = [new Map(), new Map()];
		[at, at + 30 * MINUTE].forEach((ms, index) => addContent(memories[index] ?? new Map(), 'old', ms));
		addContent(memories[0] ?? new Map(), 'new', at + 60 * MINUTE);
		const buckets = (room: number) => packContentMemories(memories, room).map((stored) => Object.keys(stored).length);
		expect([1_000, 80, 40, 10].map(buckets)).toEqual([[2, 1], [1, 1], [1, 0], [0, 0]]);
		// One fingerprint takes 36 bytes.
		expect([108, 107].map(buckets)).toEqual([[2, 1], [1, 1]]);
	});
});

describe('remembered events', () => {
	it('are exactly the last N, the oldest forgotten first', () => {
		const ids = Array.from({ length: REMEMBERED_EVENTS + 10 }, (_, index) => fingerprint(`${index}`));
		const memory = new Set<string>();
		rememberEvents(memory, ids);
		expect([...memory]).toEqual(ids.slice(10));
	});

	it('count as the newest when they are delivered again', () => {
		const memory = new Set<string>();
		for (const ids of [['a', 'b'], ['a']]) rememberEvents(memory, ids);
		expect([...memory]).toEqual(['b', 'a']);
	});

	it('keep their order through storing', () => {
		const memory = new Set(Array.from({ length: 20 }, (_, index) => fingerprint(`${index}`)));
		expect([...unpackEventMemory(packEventMemory(memory))]).toEqual([...memory]);
	});

	it('that are cut off are refused', () => {
		expect(() => unpackEventMemory(packEventMemory(new Set([fingerprint('a')])).slice(0, 4))).toThrow(
			'cut off',
		);
	});
});
