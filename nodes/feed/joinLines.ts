import { LINE_FEED } from './jsonBytes';

const END_OF_LINE = Uint8Array.of(LINE_FEED);

/** More pieces than this are copied together: a stream spends more on a piece than a copy of some kilobytes costs. */
const MAX_PIECES = 8;

/**
 * Lines, each with a line feed behind it, in as few pieces as can be had without a copy. Lines that stand in one buffer with a
 * single byte between them (the comma of the list) are one piece: **the line feed is written into that place**. What is copied
 * is garbage outside of V8's heap, which grows to tens of megabytes before it is collected.
 *
 * @param lines of one chunk, or with buffers of their own
 */
export function joinLines(lines: Uint8Array[]): Uint8Array[] {
	const runs = runsOf(lines);
	if (runs.length > MAX_PIECES) return [Buffer.concat(lines.flatMap((line) => [line, END_OF_LINE]))];
	return runs.flatMap((run) => [join(lines, run), END_OF_LINE]);
}

/** The first line and the last. */
type Run = [number, number];

function runsOf(lines: Uint8Array[]): Run[] {
	const runs: Run[] = [];
	for (let index = 0; index < lines.length; index++) {
		const before = lines[index - 1];
		if (before && follows(lines[index]!, before)) runs[runs.length - 1]![1] = index;
		else runs.push([index, index]);
	}
	return runs;
}

function follows(line: Uint8Array, before: Uint8Array): boolean {
	return line.buffer === before.buffer && line.byteOffset === before.byteOffset + before.length + 1;
}

function join(lines: Uint8Array[], [from, to]: Run): Uint8Array {
	const first = lines[from]!;
	const last = lines[to]!;
	const start = first.byteOffset;
	const run = new Uint8Array(first.buffer, start, last.byteOffset + last.length - start);
	for (let index = from + 1; index <= to; index++) run[lines[index]!.byteOffset - 1 - start] = LINE_FEED;
	return run;
}
