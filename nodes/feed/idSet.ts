/** A set of texts that can only grow. */
export interface IdSet {
	/** @returns true if the text was not in the set before */
	add(id: string): boolean;
}

/** An Id as four 32-bit numbers. */
type Words = Uint32Array;

const WORDS = 4;
const GUID_LENGTH = 36;
const DASH = 0x2d;
/** Ids per block, 256 KB: few and large, so that they do not lie between buffers that come and go and keep their memory apart. */
const BLOCK_BITS = 14;
const BLOCK_IDS = 1 << BLOCK_BITS;
/** 64 tables: the first bits of an Id's hash say which, the last ones where in it. */
const TABLE_BITS = 6;
const FIRST_SLOTS = 32;
const MAX_LOAD = 0.75;

/** Where the two digits of each byte stand. */
const BYTES_AT = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);

/** The value of a lower-case hexadecimal digit by its character code; 255 for every other character. */
const HEX_VALUE = new Uint8Array(0x10000).fill(255);
for (let value = 0; value < 16; value++) HEX_VALUE[value.toString(16).charCodeAt(0)] = value;

/**
 * Holds GUIDs, which is what the Ids of audit records are, in about 24 bytes each, where a Set of texts takes about 120: the
 * memory of a de-duplication must not grow like the data. A GUID is 128 bits and all of them are kept, so no two Ids are ever
 * taken for one. Anything else than a lower-case GUID is held as text.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema
 */
export function createIdSet(): IdSet {
	const guids = createGuidSet();
	const texts = new Set<string>();
	const words = new Uint32Array(WORDS);
	return {
		add(id) {
			if (readGuid(id, words)) return guids.add(words);
			const before = texts.size;
			return texts.add(id).size > before;
		},
	};
}

/** Reads a lower-case GUID into `words`; false if the text is none. Runs once for each event, so it branches little. */
function readGuid(id: string, words: Words): boolean {
	if (id.length !== GUID_LENGTH || !hasDashes(id)) return false;
	let digits = 0;
	for (let word = 0; word < WORDS; word++) {
		let value = 0;
		for (let byte = word * 4; byte < word * 4 + 4; byte++) {
			const at = BYTES_AT[byte]!;
			const high = HEX_VALUE[id.charCodeAt(at)]!;
			const low = HEX_VALUE[id.charCodeAt(at + 1)]!;
			digits |= high | low;
			value = (value << 8) | (high << 4) | low;
		}
		words[word] = value;
	}
	return digits < 16;
}

function hasDashes(id: string): boolean {
	return (
		id.charCodeAt(8) === DASH &&
		id.charCodeAt(13) === DASH &&
		id.charCodeAt(18) === DASH &&
		id.charCodeAt(23) === DASH
	);
}

/**
 * Ids in blocks that never move, found through tables of their numbers (open addressing, linear probing). There are many small
 * tables instead of a large one, because to grow one it has to be there twice for a moment.
 */
function createGuidSet() {
	const blocks: Words[] = [];
	let count = 0;
	const tables = Array.from({ length: 1 << TABLE_BITS }, newTable);

	const blockOf = (number: number) => blocks[(number - 1) >>> BLOCK_BITS]!;
	const offsetOf = (number: number) => ((number - 1) & (BLOCK_IDS - 1)) * WORDS;

	/** The slot that holds the Id, or the free one where it belongs. */
	function slotOf(slots: Uint32Array, hashed: number, words: Words, from: number): number {
		const mask = slots.length - 1;
		let slot = hashed & mask;
		for (let number = slots[slot]!; number > 0; number = slots[slot]!) {
			if (isSame(blockOf(number), offsetOf(number), words, from)) return slot;
			slot = (slot + 1) & mask;
		}
		return slot;
	}

	function grow(table: Table): void {
		const before = table.slots;
		const slots = new Uint32Array(before.length * 2);
		for (const number of before) {
			if (number === 0) continue;
			const block = blockOf(number);
			const offset = offsetOf(number);
			slots[slotOf(slots, hash(block, offset), block, offset)] = number;
		}
		table.slots = slots;
	}

	return {
		add(words: Words): boolean {
			const hashed = hash(words, 0);
			const table = tables[hashed >>> (32 - TABLE_BITS)]!;
			const slot = slotOf(table.slots, hashed, words, 0);
			if (table.slots[slot]! > 0) return false;
			if (count % BLOCK_IDS === 0) blocks.push(new Uint32Array(BLOCK_IDS * WORDS));
			blocks[blocks.length - 1]!.set(words, (count % BLOCK_IDS) * WORDS);
			table.slots[slot] = ++count;
			if (++table.count > table.slots.length * MAX_LOAD) grow(table);
			return true;
		},
	};
}

interface Table {
	/** Number of the Id + 1; 0 is a free slot. The length is a power of two. */
	slots: Uint32Array;
	count: number;
}

const newTable = (): Table => ({ slots: new Uint32Array(FIRST_SLOTS), count: 0 });

function isSame(a: Words, atA: number, b: Words, atB: number): boolean {
	return (
		a[atA] === b[atB] &&
		a[atA + 1] === b[atB + 1] &&
		a[atA + 2] === b[atB + 2] &&
		a[atA + 3] === b[atB + 3]
	);
}

/** Spreads Ids that differ in a few bits only: GUIDs of one generator run on in single digits. */
function hash(words: Words, at: number): number {
	let mixed = 0;
	for (let word = at; word < at + WORDS; word++) {
		mixed = Math.imul(mixed ^ words[word]!, 0x9e3779b1);
		mixed ^= mixed >>> 15;
	}
	return mixed;
}
