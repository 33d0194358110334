import { joinLines } from '../../nodes/feed/joinLines';

const text = (pieces: Uint8Array[]) => Buffer.concat(pieces).toString();

/** The lines as views of the chunk they stand in. */
function viewsOf(chunk: Buffer, ...lines: string[]): Uint8Array[] {
	return lines.map((line) => chunk.subarray(chunk.indexOf(line), chunk.indexOf(line) + line.length));
}

describe('lines', () => {
	it('are joined without a copy where one byte is between them', () => {
		const chunk = Buffer.from('[{"a":1},{"b":2},{"c":3}]');
		const pieces = joinLines(viewsOf(chunk, '{"a":1}', '{"b":2}', '{"c":3}'));
		expect(text(pieces)).toBe('{"a":1}\n{"b":2}\n{"c":3}\n');
		expect(pieces[0]!.buffer).toBe(chunk.buffer);
		expect(pieces).toHaveLength(1);
		// Nothing but the byte behind each has changed.
		expect(chunk.toString()).toBe('[{"a":1}\n{"b":2}\n{"c":3}\n');
	});

	it.each([
		['with others between them', '[{"a":1},{"b":2},{"c":3}]', '[{"a":1}\n{"b":2},{"c":3}\n'],
		['with blanks between them', '[{"a":1}, {"c":3}]', '[{"a":1}\n {"c":3}\n'],
	])('%s become pieces of their own, and what surrounds them stays as it is', (_, whole, after) => {
		const chunk = Buffer.from(whole);
		const pieces = joinLines(viewsOf(chunk, '{"a":1}', '{"c":3}'));
		expect(text(pieces)).toBe('{"a":1}\n{"c":3}\n');
		expect(pieces).toHaveLength(2);
		expect(chunk.toString()).toBe(after);
	});

	it('of other buffers are never taken for neighbours', () => {
		const lines = ['{"a":1}', '{"b":2}'].map((line, at) => {
			const buffer = Buffer.alloc(100, '.');
			buffer.write(line, 8 * at);
			return buffer.subarray(8 * at, 8 * at + line.length);
		});
		expect(text(joinLines(lines))).toBe('{"a":1}\n{"b":2}\n');
	});

	it('that lie scattered become one piece', () => {
		const lines = Array.from({ length: 40 }, (_, n) => `{"n":${n}}`);
		const chunk = Buffer.from(`${lines.join(', ')}]`);
		const pieces = joinLines(viewsOf(chunk, ...lines));
		expect(pieces).toHaveLength(1);
		expect(text(pieces)).toBe(`${lines.join('\n')}\n`);
	});

	it('may be none', () => {
		expect(joinLines([])).toEqual([]);
	});
});
