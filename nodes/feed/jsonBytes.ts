/** The smallest parts of JSON, as bytes. Positions are those behind a part; {@link BROKEN} where there is none. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;
export const BLANK = 0x20;

export const BROKEN = -1;

const TAB = 0x09;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const SMALL_U = 0x75;

const bytesOf = (text: string) => [...Buffer.from(text)];
const ESCAPES = new Set(bytesOf('"\\/bfnrt'));
const WORDS = ['true', 'false', 'null'].map(bytesOf);
const FRACTION = bytesOf('.');
const EXPONENT = bytesOf('eE');
const SIGN = bytesOf('+-');

export function skipBlanks(bytes: Uint8Array, from: number): number {
	let at = from;
	while (at < bytes.length && isBlank(bytes[at]!)) at++;
	return at;
}

function isBlank(byte: number): boolean {
	return byte === BLANK || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB;
}

/** @param from behind the opening quote */
export function endOfString(bytes: Uint8Array, from: number): number {
	const { length } = bytes;
	let at = from;
	while (at < length) {
		const byte = bytes[at++]!;
		if (byte === QUOTE) return at;
		if (byte < BLANK) return BROKEN;
		if (byte !== BACKSLASH) continue;
		const escape = bytes[at++]!;
		if (escape === SMALL_U) {
			for (const end = at + 4; at < end; at++) if (!isHexDigit(bytes[at])) return BROKEN;
		} else if (!ESCAPES.has(escape)) return BROKEN;
	}
	return BROKEN;
}

function isHexDigit(byte = 0): boolean {
	const lower = byte | 0x20;
	return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}

function isDigit(byte = 0): boolean {
	return byte >= ZERO && byte <= NINE;
}

/** Of a text, a number, true, false or null. */
export function endOfPlainValue(bytes: Uint8Array, from: number): number {
	const first = bytes[from];
	if (first === QUOTE) return endOfString(bytes, from + 1);
	if (first === MINUS || isDigit(first)) return endOfNumber(bytes, from);
	for (const letters of WORDS) if (stands(letters, bytes, from)) return from + letters.length;
	return BROKEN;
}

function stands(letters: number[], bytes: Uint8Array, from: number): boolean {
	for (let index = 0; index < letters.length; index++) if (bytes[from + index] !== letters[index]) return false;
	return true;
}

function endOfNumber(bytes: Uint8Array, from: number): number {
	const start = bytes[from] === MINUS ? from + 1 : from;
	let at = bytes[start] === ZERO ? start + 1 : endOfDigits(bytes, start);
	if (at !== BROKEN && FRACTION.includes(bytes[at]!)) at = endOfDigits(bytes, at + 1);
	if (at !== BROKEN && EXPONENT.includes(bytes[at]!)) {
		at = endOfDigits(bytes, SIGN.includes(bytes[at + 1]!) ? at + 2 : at + 1);
	}
	return at;
}

function endOfDigits(bytes: Uint8Array, from: number): number {
	let at = from;
	while (at < bytes.length && isDigit(bytes[at])) at++;
	return at > from ? at : BROKEN;
}

/** The same bytes; what a stream brings is a buffer already. */
export function toBuffer(bytes: Uint8Array): Buffer {
	return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
