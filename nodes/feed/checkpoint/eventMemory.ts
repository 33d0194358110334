import { FINGERPRINT_BITS } from './fingerprint';

/**
 * The last N event Ids that were delivered, oldest first. Microsoft repeats events by design, within a blob, across
 * blobs and later: https://learn.microsoft.com/office/office-365-management-api/troubleshooting-the-office-365-management-activity-api
 */
export type EventMemory = Set<string>;

/** N: how many event Ids are remembered; 47 KB of static data when full. */
export const REMEMBERED_EVENTS = 5_000;

const DIGITS = FINGERPRINT_BITS / 4;

/** Adds fingerprints of event Ids and forgets the oldest beyond {@link REMEMBERED_EVENTS}. */
export function rememberEvents(memory: EventMemory, ids: Iterable<string>): void {
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
	return Buffer.from([...memory].join(''), 'hex').toString('base64');
}

/** Throws RangeError if the text does not hold whole entries. */
export function unpackEventMemory(packed: string): EventMemory {
	if (typeof packed !== 'string') throw new RangeError('the remembered event Ids are missing');
	const digits = Buffer.from(packed, 'base64').toString('hex');
	if (digits.length % DIGITS !== 0) throw new RangeError('the remembered event Ids are cut off');
	const memory: EventMemory = new Set();
	for (let at = 0; at < digits.length; at += DIGITS) memory.add(digits.slice(at, at + DIGITS));
	rememberEvents(memory, []);
	return memory;
}
