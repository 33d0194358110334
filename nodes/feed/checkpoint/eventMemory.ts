/**
 * The last N event Ids that were delivered, oldest first. Microsoft repeats events by design, within a blob, across
 * blobs and later: https://learn.microsoft.com/office/office-365-management-api/troubleshooting-the-office-365-management-activity-api
 */
export type EventMemory = Set<bigint>;

/** N: how many event Ids are remembered; 47 KB of static data when full. */
export const REMEMBERED_EVENTS = 5_000;

const BYTES = 7;

/** Adds fingerprints of event Ids and forgets the oldest beyond {@link REMEMBERED_EVENTS}. */
export function rememberEvents(memory: EventMemory, ids: Iterable<bigint>): void {
	for (const id of ids) {
		memory.delete(id);
		memory.add(id);
	}
	let surplus = memory.size - REMEMBERED_EVENTS;
	for (const id of memory) {
		if (surplus-- <= 0) break;
		memory.delete(id);
	}
}

/** Base64 of 7 bytes each, in order. */
export function packEventMemory(memory: EventMemory): string {
	const bytes = Buffer.alloc(memory.size * BYTES);
	let at = 0;
	for (const id of memory) {
		bytes.writeUIntBE(Number(id >> 32n), at, 3);
		bytes.writeUInt32BE(Number(id & 0xffffffffn), at + 3);
		at += BYTES;
	}
	return bytes.toString('base64');
}

/** Throws RangeError if the text does not hold whole entries. */
export function unpackEventMemory(packed: string): EventMemory {
	const bytes = Buffer.from(packed, 'base64');
	if (bytes.length % BYTES !== 0) throw new RangeError('The remembered event Ids are cut off');
	const memory: EventMemory = new Set();
	for (let at = 0; at < bytes.length; at += BYTES) {
		memory.add((BigInt(bytes.readUIntBE(at, 3)) << 32n) + BigInt(bytes.readUInt32BE(at + 3)));
	}
	return memory;
}
