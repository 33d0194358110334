import {
	BACKSLASH,
	BLANK,
	CARRIAGE_RETURN,
	CLOSE_BRACE,
	CLOSE_BRACKET,
	COMMA,
	LINE_FEED,
	OPEN_BRACE,
	OPEN_BRACKET,
	QUOTE,
} from './jsonBytes';

/**
 * Cuts the JSON of a content blob into the bytes of its events while it arrives, so that a blob of any size passes in the
 * memory of one event. The bytes are not interpreted: large numbers and spellings stay as Microsoft wrote them.
 */
export interface EventSplitter {
	/**
	 * @returns the events that ended within this chunk, each without line breaks between its tokens and {@link withRoom} for a line
	 *   feed behind it; where possible they are views of the chunk, to be used before it changes
	 */
	push(chunk: Uint8Array): Uint8Array[];
	/** True once the body is complete; false if it was cut off or is no list of events. */
	isComplete(): boolean;
	/** True if the body is one object instead of a list: an event alone, or an error. */
	isSingleObject(): boolean;
	/** Elements that are no objects. */
	unusable(): number;
}

/** Space, tab, line ends and the bytes of a byte order mark. */
function isIgnorable(byte: number): boolean {
	return byte <= 0x20 || byte === 0xef || byte === 0xbb || byte === 0xbf;
}

function isBetween(byte: number | undefined): boolean {
	return byte === COMMA || byte === CLOSE_BRACKET;
}

/** A copy in a buffer of its own, in which one more byte may be written behind it. */
export function withRoom(parts: Uint8Array[]): Uint8Array {
	const length = parts.reduce((sum, part) => sum + part.length, 0);
	return Buffer.concat(parts, length + 1).subarray(0, length);
}

type Place = 'before' | 'list' | 'value' | 'after' | 'broken';

export function createEventSplitter(): EventSplitter {
	let place: Place = 'before';
	let single = false;
	let depth = 0;
	let inString = false;
	let escaped = false;
	/** The element being read is an object; anything else is skipped. */
	let keep = false;
	let skipped = 0;
	/** What earlier chunks brought of it. */
	let parts: Uint8Array[] = [];

	/** The element whose last bytes are these. */
	function whole(chunk: Uint8Array, from: number, to: number): Uint8Array {
		const last = chunk.subarray(from, to);
		// What stands between elements is needed no more.
		if (parts.length === 0 && isBetween(chunk[to])) return last;
		const bytes = withRoom([...parts, last]);
		parts = [];
		return bytes;
	}

	function beginValue(byte: number): void {
		place = 'value';
		keep = byte === OPEN_BRACE;
		depth = byte === OPEN_BRACE || byte === OPEN_BRACKET ? 1 : 0;
		inString = byte === QUOTE;
		if (!keep) skipped++;
	}

	/** Between elements. */
	function outside(byte: number): void {
		if (place === 'after') {
			if (!isIgnorable(byte)) place = 'broken';
		} else if (place === 'broken' || isIgnorable(byte)) {
			// Nothing begins or ends here.
		} else if (place === 'before') {
			if (byte === OPEN_BRACKET) place = 'list';
			else if (byte === OPEN_BRACE) {
				single = true;
				beginValue(byte);
			} else place = 'broken';
		} else if (byte === CLOSE_BRACKET) place = 'after';
		else if (byte !== COMMA) beginValue(byte);
	}

	/**
	 * Goes on inside an element, if it is in one. A number or word ends before a comma or bracket.
	 *
	 * @returns where it ended, exclusive, or the length of the chunk
	 */
	function inside(chunk: Uint8Array, from: number): number {
		let index = from;
		while (index < chunk.length && place === 'value') {
			if (inString) {
				index = insideString(chunk, index);
				if (!inString && depth === 0) endValue();
				continue;
			}
			const byte = chunk[index++]!;
			if (byte === QUOTE) inString = true;
			else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
			else if (depth === 0 && byte === CLOSE_BRACKET) place = 'after';
			else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
				if (--depth === 0) endValue();
			} else if (byte === COMMA && depth === 0) endValue();
		}
		return index;
	}

	/** Most bytes are inside strings: here is where the time goes. */
	function insideString(chunk: Uint8Array, from: number): number {
		const { length } = chunk;
		let index = from;
		if (escaped) {
			escaped = false;
			index++;
		}
		while (index < length) {
			const byte = chunk[index++]!;
			if (byte === QUOTE) {
				inString = false;
				break;
			}
			if (byte === BACKSLASH) {
				if (index === length) escaped = true;
				else index++;
			}
		}
		return index;
	}

	function endValue(): void {
		place = single ? 'after' : 'list';
	}

	return {
		push(chunk) {
			const events: Uint8Array[] = [];
			let index = 0;
			while (index < chunk.length) {
				const from = index;
				if (place !== 'value') outside(chunk[index++]!);
				index = inside(chunk, index);
				if (!keep) continue;
				if (place === 'value') {
					// Copied: the chunk may be a view of a larger buffer that would be kept alive.
					parts.push(Uint8Array.from(chunk.subarray(from)));
				} else {
					events.push(withoutLineBreaks(whole(chunk, from, index)));
					keep = false;
				}
			}
			return events;
		},
		isComplete: () => place === 'after',
		isSingleObject: () => single,
		unusable: () => skipped,
	};
}

/**
 * A line break between tokens would tear an NDJSON line, so it becomes a blank. Inside a string, or between two digits, it cannot
 * stand in JSON: nothing is mended there, or damage would turn into another event than Microsoft sent.
 */
function withoutLineBreaks(bytes: Uint8Array): Uint8Array {
	if (!bytes.includes(LINE_FEED) && !bytes.includes(CARRIAGE_RETURN)) return bytes;
	const line = withRoom([bytes]);
	let inString = false;
	for (let index = 0; index < line.length; index++) {
		const byte = line[index]!;
		if (byte === QUOTE) inString = !inString;
		else if (inString && byte === BACKSLASH) index++;
		else if (!inString && (byte === LINE_FEED || byte === CARRIAGE_RETURN)) line[index] = BLANK;
	}
	return line;
}
