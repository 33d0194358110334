import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import fc from 'fast-check';

import { createIdSet, type ByteIdSet } from '../../nodes/feed/idSet';
import { cpuTimeMs } from '../cpuTime.mts';

/** Which of the Ids are new, one after the other: by our set, from texts and from bytes, and by the Set of the language. */
function compare(ids: string[]): void {
	const ours = createIdSet();
	const seen = new Set<string>();
	for (const [at, id] of ids.entries()) {
		const isNew = !seen.has(id);
		seen.add(id);
		const answer = at % 3 === 0 ? addBytes(ours, id) : ours.add(id);
		if (answer !== isNew) throw new Error(`${id} is ${isNew ? 'new' : 'known'}`);
	}
}

/** As it stands in the JSON of an event. */
function addBytes(set: ByteIdSet, id: string): boolean {
	const before = '{"Id":"';
	return set.addFrom(Buffer.from(`${before}${JSON.stringify(id).slice(1)}}`), before.length);
}

/** GUIDs that differ in a few digits only, and what only looks like one. */
const digits = fc.string({ unit: fc.constantFrom('0', '1', 'f'), minLength: 3, maxLength: 3 });
const similar = fc
	.tuple(digits, digits, digits)
	.map(([a, b, c]) => `${a}00000-${b}0-4000-8000-000000000${c}`);
const crooked = fc
	.tuple(similar, fc.nat(35), fc.constantFrom('A', 'F', 'g', '-', '0', 'é', '\u0130', '`', '/', ':'))
	.map(([id, at, letter]) => `${id.slice(0, at)}${letter}${id.slice(at + 1)}`);

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Bytes of buffers that are in use. V8 frees them beside everything else, so what it says sinks some time after a collection. */
async function heldBytes(): Promise<number> {
	let least = Infinity;
	for (let count = 0; count < 10; count++) {
		gc();
		await new Promise(setImmediate);
		least = Math.min(least, process.memoryUsage().arrayBuffers);
	}
	return least;
}

describe('a set of Ids', () => {
	it('is equal to a Set of texts on any Ids', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(similar, crooked, fc.uuid(), fc.string()), { maxLength: 400 }), compare),
			{ seed: 21, numRuns: 300 },
		);
	});

	it('is equal to a Set of texts through all its growth', () => {
		const ids = Array.from({ length: 20_000 }, () => randomUUID());
		compare([...ids, ...ids]);
	});

	it('knows each bit of a GUID', () => {
		const ids = Array.from({ length: 32 }, (_, place) =>
			[...'01248'].map((digit) => {
				const hex = '0'.repeat(place) + digit + '0'.repeat(31 - place);
				return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
			}),
		).flat();
		compare(ids);
	});

	it.each([0, 8, 16, 24])('tells apart Ids that differ in the eight digits from the %ith on only', (place) => {
		const ids = Array.from({ length: 20_000 }, (_, n) => {
			const digits = '0'.repeat(32).split('');
			digits.splice(place, 8, ...(n * 0x9e37).toString(16).padStart(8, '0'));
			return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
		});
		compare([...ids, ...ids]);
	});

	it('takes for a GUID only what has the length and the dashes of one', () => {
		const guid = '0123abcd-4567-89ab-cdef-0123456789ab';
		const near = [8, 13, 18, 23].map((at) => `${guid.slice(0, at)}a${guid.slice(at + 1)}`);
		compare([guid, ...near, `${guid}0`, guid.slice(0, -1), `${guid} `, guid, ...near]);
	});

	it('knows a GUID again that is spelled with escapes', () => {
		const set = createIdSet();
		expect(set.add('a0000000-0000-4000-8000-000000000000')).toBe(true);
		expect(set.addFrom(Buffer.from('"\\u00610000000-0000-4000-8000-000000000000"'), 1)).toBe(false);
	});

	it('takes consecutive GUIDs in about the time of random ones', () => {
		const time = (id: (n: number) => string) => {
			const ids = Array.from({ length: 10_000 }, (_, n) => id(n));
			const startedMs = cpuTimeMs();
			const set = createIdSet();
			for (const each of ids) set.add(each);
			return cpuTimeMs() - startedMs;
		};
		const hex = (n: number) => n.toString(16).padStart(8, '0');
		time(() => randomUUID());
		const randomMs = time(() => randomUUID());
		for (const place of [0, 1, 2, 3]) {
			const consecutive = time((n) => {
				const words = Array.from({ length: 4 }, (_, word) => hex(word === place ? n : 7)).join('');
				return words.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
			});
			expect(consecutive).toBeLessThan(20 * randomMs + 100);
		}
	});

	it('holds three hundred thousand GUIDs in less than 23 bytes each', async () => {
		const before = await heldBytes();
		const set = createIdSet();
		for (let n = 0; n < 300_000; n++) set.add(randomUUID());
		expect((await heldBytes()) - before).toBeLessThan(23 * 300_000);
		expect(set.add('00000000-0000-0000-0000-000000000000')).toBe(true);
		expect(set.add('00000000-0000-0000-0000-000000000000')).toBe(false);
	});
});
