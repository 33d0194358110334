/**
 * Deterministic chance. Everything random is a pure function of the seed and of what it is for, never of the
 * order in which requests arrive, so that two runs that ask in another order are served the same data.
 */

/** FNV-1a over the text, then the finalizer of MurmurHash3: 32 well mixed bits. */
function hash32(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) {
		h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	}
	h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
	h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
	return (h ^ (h >>> 16)) >>> 0;
}

export interface Chance {
	/** 0 <= x < 1, always the same for the same key. */
	of(...key: Array<string | number>): number;
	/** Integer in [min, max], both inclusive. */
	integer(min: number, max: number, ...key: Array<string | number>): number;
	pick<T>(values: readonly T[], ...key: Array<string | number>): T;
	guid(...key: Array<string | number>): string;
	/** A 32-bit seed for another generator. */
	seed(...key: Array<string | number>): number;
}

export function createChance(seed: number): Chance {
	const bits = (key: Array<string | number>) => hash32(`${seed}/${key.join('/')}`);
	const of = (...key: Array<string | number>) => bits(key) / 2 ** 32;
	return {
		of,
		integer: (min, max, ...key) => min + Math.floor(of(...key) * (max - min + 1)),
		pick<T>(values: readonly T[], ...key: Array<string | number>): T {
			return values[Math.floor(of(...key) * values.length)] as T;
		},
		guid(...key) {
			const hex = [0, 1, 2, 3]
				.map((n) =>
					bits([...key, n])
						.toString(16)
						.padStart(8, '0'),
				)
				.join('');
			// Version 4, variant 1, as Microsoft's identifiers are.
			return [
				hex.slice(0, 8),
				hex.slice(8, 12),
				`4${hex.slice(13, 16)}`,
				`a${hex.slice(17, 20)}`,
				hex.slice(20, 32),
			].join('-');
		},
		seed: (...key) => bits(key),
	};
}
