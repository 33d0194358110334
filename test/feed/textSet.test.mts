import { randomUUID } from 'node:crypto';

import fc from 'fast-check';

import { createTextSet } from '../../nodes/feed/textSet';
import { cpuTimeMs } from '../cpuTime.mts';

/** Which of the Ids are new, one after the other: by our set, and by the Set of the language. */
function compare(ids: string[]): void {
	const ours = createTextSet();
	const seen = new Set<string>();
	for (const id of ids) {
		const isNew = !seen.has(id);
		seen.add(id);
		if (ours.add(id) !== isNew) throw new Error(`${id} is ${isNew ? 'new' : 'known'}`);
	}
}

const mix = (state: number, code: number) => Math.imul(state ^ code, 0x9e3779b1);

/** Two pairs of characters that bring the set's hash from one state to the same next one. */
function collision(state: number): { pairs: [string, string]; next: number } {
	const byUpperHalf = new Map<number, number>();
	for (let first = 1; first < 0xd800; first++) {
		const mixed = mix(state, first);
		const other = byUpperHalf.get(mixed >>> 16);
		if (other !== undefined) {
			const second = (mixed ^ mix(state, other)) & 0xffff;
			const pairs: [string, string] = [
				String.fromCharCode(first, 0),
				String.fromCharCode(other, second),
			];
			return { pairs, next: mix(mixed, 0) };
		}
		byUpperHalf.set(mixed >>> 16, first);
	}
	throw new Error('No collision');
}

/** 2 to the power of `blocks` texts that all have the same hash. */
function sameHash(blocks: number): string[] {
	let texts = [''];
	let state = 0;
	for (let block = 0; block < blocks; block++) {
		const { pairs, next } = collision(state);
		texts = texts.flatMap((text) => pairs.map((pair) => text + pair));
		state = next;
	}
	return texts;
}

describe('a set of texts', () => {
	it('is equal to the Set of the language on any texts', () => {
		const short = fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 4 });
		fc.assert(
			fc.property(fc.array(fc.oneof(short, fc.uuid(), fc.string({ unit: 'binary' })), { maxLength: 1_500 }), compare),
			{ seed: 21, numRuns: 200 },
		);
	});

	it('is equal to it through all its growth', () => {
		const ids = Array.from({ length: 20_000 }, () => randomUUID());
		compare([...ids, ...ids]);
	});

	it('is equal to it on Ids that run on in single digits', () => {
		const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0');
		const ids = Array.from({ length: 20_000 }, (_, n) => [
			`${hex(n, 8)}-0000-4000-a000-000000000000`,
			`00000000-0000-4000-a000-${hex(n, 12)}`,
		]).flat();
		compare([...ids, ...ids.reverse()]);
	});

	it('tells apart texts made to have the same hash, among others and when it grows', () => {
		const same = sameHash(9);
		expect(new Set(same).size).toBe(512);
		const others = Array.from({ length: 3_000 }, () => randomUUID());
		compare([...same, ...others, ...same, ...others]);
		compare([...others, ...same, ...others, ...same]);
		compare(same.flatMap((text, at) => [text, ...others.slice(at * 5, at * 5 + 5), text]));
	});

	it('takes texts made to have the same hash in about the time of others', () => {
		const time = (texts: string[]) => {
			const startedMs = cpuTimeMs();
			const set = createTextSet();
			for (const text of texts) set.add(text);
			return cpuTimeMs() - startedMs;
		};
		const same = sameHash(15);
		const random = same.map(() => randomUUID());
		time(random);
		const randomMs = time(random);
		expect(time(same)).toBeLessThan(20 * randomMs + 200);
	});

	it('is small as long as it holds little: Content > Get makes one for each blob', () => {
		const before = process.memoryUsage().arrayBuffers;
		const sets = Array.from({ length: 1_000 }, () => createTextSet());
		expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
		expect(sets.every((set) => set.add('a'))).toBe(true);
	});
});
