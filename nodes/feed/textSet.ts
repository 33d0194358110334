import type { IdSet } from './idSet';

const FIRST_SLOTS = 1 << 10;
/** A search that has passed this many texts ends in a Set of the language. At half load one is as long only if somebody wants it. */
const MAX_PASSED = 64;

/**
 * For Ids whose texts are kept by somebody else, too: it compares numbers, and looks at a text again only if its hash is that of
 * another one. A Set of texts has to touch all of them, which lie scattered over the heap, each time it grows.
 *
 * @param firstSlots a power of two; as long as half of them do, no text has to be moved
 */
export function createTextSet(firstSlots = FIRST_SLOTS): IdSet {
	const texts: string[] = [];
	/** The hash of each text. */
	let hashes = new Int32Array(firstSlots / 2);
	/** Open addressing, linear probing: number of the text + 1; 0 is free. The length is a power of two. */
	let slots = new Uint32Array(firstSlots);
	/** Texts made to have the hashes of others, so that each of them would be compared with all. */
	const crowded = new Set<string>();

	/** @returns the slot where the text is or belongs; -1 if there are too many before it */
	function slotOf(hashed: number, text: string): number {
		const mask = slots.length - 1;
		for (let passed = 0; passed < MAX_PASSED; passed++) {
			const slot = (hashed + passed) & mask;
			const number = slots[slot]!;
			if (number === 0 || (hashes[number - 1] === hashed && texts[number - 1] === text)) return slot;
		}
		return -1;
	}

	function grow(): void {
		const before = hashes;
		hashes = new Int32Array(before.length * 2);
		hashes.set(before);
		slots = new Uint32Array(slots.length * 2);
		for (const [at, text] of texts.entries()) {
			const slot = slotOf(hashes[at]!, text);
			if (slot < 0) crowded.add(text);
			else slots[slot] = at + 1;
		}
	}

	return {
		add(text) {
			const hashed = hash(text);
			const slot = slotOf(hashed, text);
			if (slot >= 0 && slots[slot]! > 0) return false;
			if (crowded.size > 0 && crowded.has(text)) return false;
			if (slot < 0) {
				crowded.add(text);
				return true;
			}
			hashes[texts.length] = hashed;
			slots[slot] = texts.push(text);
			if (texts.length === hashes.length) grow();
			return true;
		},
	};
}

/** Not negative. */
function hash(text: string): number {
	let mixed = 0;
	for (let at = 0; at < text.length; at++) {
		mixed = Math.imul(mixed ^ text.charCodeAt(at), 0x9e3779b1);
	}
	// What differs in high bits only has to differ in the low ones, which say where.
	return (mixed ^ (mixed >>> 15)) & 0x7fffffff;
}
