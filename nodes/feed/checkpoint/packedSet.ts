import { FINGERPRINT_BITS } from './fingerprint';

/** Remainders are written in two halves, so that each fits the 32 bits of JavaScript's bit operators. */
const HALF_BITS = 24;

/** Golomb-Rice parameter: n sorted values out of 2^56 lie about 2^56 / n apart. */
function remainderBits(count: number): number {
	return FINGERPRINT_BITS - Math.max(0, Math.floor(Math.log2(count)));
}

function bitWriter() {
	const bytes: number[] = [];
	let used = 8;
	const bit = (value: number) => {
		if (used === 8) {
			bytes.push(0);
			used = 0;
		}
		bytes[bytes.length - 1]! |= value << (7 - used++);
	};
	const bits = (value: number, count: number) => {
		for (let shift = count - 1; shift >= 0; shift--) bit((value >>> shift) & 1);
	};
	return { bit, bits, done: () => Buffer.from(bytes).toString('base64') };
}

function bitReader(text: string) {
	const bytes = Buffer.from(text, 'base64');
	let at = 0;
	const bit = (): number => {
		const byte = bytes[at >> 3];
		if (byte === undefined) throw new RangeError('the remembered content is cut off');
		return (byte >> (7 - (at++ & 7))) & 1;
	};
	const bits = (count: number): number => {
		let value = 0;
		for (let i = 0; i < count; i++) value = value * 2 + bit();
		return value;
	};
	return { bit, bits };
}

/**
 * A set of fingerprints as base64 text: sorted, then the distances Golomb-Rice coded, about 58 - log2(n) bits each.
 * At 2,500 values that is 46 bits, 7.8 characters each, where the plain 56 bits would take 9.4.
 */
export function packSet(values: Iterable<string>): [count: number, packed: string] {
	const sorted = [...values].sort().map((value) => BigInt(`0x${value}`));
	const width = remainderBits(sorted.length);
	const low = BigInt(HALF_BITS);
	const out = bitWriter();
	let previous = 0n;
	for (const value of sorted) {
		const distance = value - previous;
		previous = value;
		for (let steps = Number(distance >> BigInt(width)); steps > 0; steps--) out.bit(1);
		out.bit(0);
		const remainder = BigInt.asUintN(width, distance);
		out.bits(Number(remainder >> low), width - HALF_BITS);
		out.bits(Number(BigInt.asUintN(HALF_BITS, remainder)), HALF_BITS);
	}
	return [sorted.length, out.done()];
}

/** The reverse of {@link packSet}. Throws RangeError if the text does not hold as many values. */
export function unpackSet(count: number, packed: string): Set<string> {
	if (!Number.isSafeInteger(count) || typeof packed !== 'string') throw new RangeError('the remembered content has no count');
	const width = remainderBits(count);
	const input = bitReader(packed);
	const values = new Set<string>();
	let previous = 0n;
	for (let i = 0; i < count; i++) {
		let steps = 0n;
		while (input.bit() === 1) steps++;
		const high = BigInt(input.bits(width - HALF_BITS)) << BigInt(HALF_BITS);
		previous += (steps << BigInt(width)) + high + BigInt(input.bits(HALF_BITS));
		values.add(previous.toString(16).padStart(FINGERPRINT_BITS / 4, '0'));
	}
	if (values.size !== Math.max(0, count) || previous >> BigInt(FINGERPRINT_BITS) > 0n) {
		throw new RangeError('the remembered content is damaged');
	}
	return values;
}
