import type { Needle } from './forms.mts';

/** The needles that occur in the bytes, each once. */
export type Finder = (bytes: Uint8Array) => Needle[];

const SLOTS = 2 ** 16;

/** A needle is looked at only where three bytes hash like its first three. */
const slot = (bytes: Uint8Array, at: number) =>
	((bytes[at] ?? 0) * 7919 + (bytes[at + 1] ?? 0) * 131 + (bytes[at + 2] ?? 0)) % SLOTS;

/** Searches for thousands of texts in one pass: hundreds of megabytes take seconds. */
export function createFinder(needles: readonly Needle[]): Finder {
	const bySlot = new Map<number, Array<{ needle: Needle; bytes: Buffer }>>();
	const isSlot = new Uint8Array(SLOTS);
	const known = new Set<string>();
	for (const needle of needles) {
		if (known.has(needle.text)) continue;
		known.add(needle.text);
		const bytes = Buffer.from(needle.text, 'latin1');
		const key = slot(bytes, 0);
		isSlot[key] = 1;
		bySlot.set(key, [...(bySlot.get(key) ?? []), { needle, bytes }]);
	}
	return (haystack) => {
		const buffer = Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
		const found = new Set<Needle>();
		for (let at = 0; at + 2 < haystack.length; at++) {
			const key = slot(haystack, at);
			if (isSlot[key] === 0) continue;
			for (const { needle, bytes } of bySlot.get(key) ?? []) {
				const end = at + bytes.length;
				if (end <= buffer.length && buffer.compare(bytes, 0, bytes.length, at, end) === 0)
					found.add(needle);
			}
		}
		return [...found];
	};
}
