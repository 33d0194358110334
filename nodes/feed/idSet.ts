import { QUOTE } from './jsonBytes';
import { textAt } from './readEventId';

/** A set of texts that can only grow. */
export interface IdSet {
	/** @returns true if the text was not in the set before */
	add(id: string): boolean;
}

/** Takes Ids from the bytes of events as well, without making texts of them. */
export interface ByteIdSet extends IdSet {
	/** @param from where the Id begins in an event, behind its quote */
	addFrom(bytes: Uint8Array, from: number): boolean;
}

/** An Id as four 32-bit numbers. */
type Words = Uint32Array;

const WORDS = 4;
const GUID_LENGTH = 36;
const DASH = 0x2d;
/** 64 tables: the first bits of an Id's hash say which, the others where in it. */
const TABLE_BITS = 6;
/** A search begins at the start of a bucket, so it passes few Ids even where a table is nearly full. */
const BUCKET = 8;
const FIRST_BUCKETS = 4;
const MAX_LOAD = 0.9;
const GROWTH = 1.2;

/** Where the two digits of each byte stand. */
const BYTES_AT = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);

/** The value of a lower-case hexadecimal digit by its byte; 255 for every other byte. */
const HEX_VALUE = new Uint8Array(0x100).fill(255);
for (let value = 0; value < 16; value++) HEX_VALUE[value.toString(16).charCodeAt(0)] = value;

/**
 * Holds GUIDs, which is what the Ids of audit records are, in 18 to 22 bytes each, where a Set of texts takes about 120: the
 * memory of a de-duplication must not grow like the data. A GUID is 128 bits and all of them are kept, so no two Ids are ever
 * taken for one. Anything else than a lower-case GUID is held as text.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#common-schema
 */
export function createIdSet(): ByteIdSet {
	const guids = createGuidSet();
	const texts = new Set<string>();
	const words = new Uint32Array(WORDS);
	const ascii = new Uint8Array(GUID_LENGTH + 1);

	function add(id: string): boolean {
		if (writeAscii(id, ascii) && readGuid(ascii, 0, words)) return guids.add(words);
		const before = texts.size;
		return texts.add(id).size > before;
	}
	return {
		add,
		addFrom: (bytes, from) => (readGuid(bytes, from, words) ? guids.add(words) : add(textAt(bytes, from))),
	};
}

/** Writes a text of a GUID's length with a quote behind it, as it stands in JSON; false if it is none. */
function writeAscii(id: string, ascii: Uint8Array): boolean {
	if (id.length !== GUID_LENGTH) return false;
	for (let at = 0; at < GUID_LENGTH; at++) {
		const code = id.charCodeAt(at);
		ascii[at] = code < 0x80 ? code : 0;
	}
	ascii[GUID_LENGTH] = QUOTE;
	return true;
}

/** Reads a lower-case GUID that ends with a quote into `words`; false if there is none. Runs once for each event, so it branches little. */
function readGuid(bytes: Uint8Array, from: number, words: Words): boolean {
	if (bytes[from + GUID_LENGTH] !== QUOTE || !hasDashes(bytes, from)) return false;
	let digits = 0;
	for (let word = 0; word < WORDS; word++) {
		let value = 0;
		for (let byte = word * 4; byte < word * 4 + 4; byte++) {
			const at = from + BYTES_AT[byte]!;
			const high = HEX_VALUE[bytes[at]!]!;
			const low = HEX_VALUE[bytes[at + 1]!]!;
			digits |= high | low;
			value = (value << 8) | (high << 4) | low;
		}
		words[word] = value;
	}
	return digits < 16;
}

function hasDashes(bytes: Uint8Array, from: number): boolean {
	return (
		bytes[from + 8] === DASH &&
		bytes[from + 13] === DASH &&
		bytes[from + 18] === DASH &&
		bytes[from + 23] === DASH
	);
}

/**
 * The Ids themselves in open addressing, linear probing. There are many small tables instead of a large one, because to grow one it
 * has to be there twice for a moment; and each begins with another size, so that they do not all have just grown.
 */
function createGuidSet() {
	const tables = Array.from({ length: 1 << TABLE_BITS }, (_, index) => newTable(FIRST_BUCKETS + (index % FIRST_BUCKETS)));
	// Slots of zeros are free.
	let hasNil = false;

	return {
		add(words: Words): boolean {
			if (isFree(words, 0)) return !hasNil && (hasNil = true);
			const hashed = hash(words, 0);
			const table = tables[hashed >>> (32 - TABLE_BITS)]!;
			const slot = slotOf(table.slots, hashed, words, 0);
			if (!isFree(table.slots, slot)) return false;
			table.slots.set(words, slot);
			if (++table.count * WORDS > table.slots.length * MAX_LOAD) grow(table);
			return true;
		},
	};
}

interface Table {
	/** {@link WORDS} for each Id. */
	slots: Words;
	count: number;
}

function newTable(buckets: number): Table {
	return { slots: new Uint32Array(buckets * BUCKET * WORDS), count: 0 };
}

function grow(table: Table): void {
	const before = table.slots;
	const { slots } = newTable(Math.ceil((before.length / (BUCKET * WORDS)) * GROWTH));
	for (let at = 0; at < before.length; at += WORDS) {
		if (isFree(before, at)) continue;
		const slot = slotOf(slots, hash(before, at), before, at);
		for (let word = 0; word < WORDS; word++) slots[slot + word] = before[at + word]!;
	}
	table.slots = slots;
}

/** Where the Id is, or the free slot where it belongs. */
function slotOf(slots: Words, hashed: number, words: Words, from: number): number {
	const buckets = slots.length / (BUCKET * WORDS);
	let slot = Math.floor((((hashed << TABLE_BITS) >>> 0) / 2 ** 32) * buckets) * BUCKET * WORDS;
	while (!isFree(slots, slot) && !isSame(slots, slot, words, from)) {
		slot += WORDS;
		if (slot === slots.length) slot = 0;
	}
	return slot;
}

function isFree(words: Words, at: number): boolean {
	return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
}

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
