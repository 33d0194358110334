import { LINE_FEED } from './jsonBytes';

/** More pieces than this are copied together: a stream spends more on a piece than a copy of some kilobytes costs. */
const MAX_PIECES = 8;

/**
 * Lines, each with a line feed behind it, in as few pieces as can be had without a copy: **the line feed is written into the byte
 * behind the line**, and lines that stand in one buffer with a single byte between them (the comma of the list) are one piece. What
 * is copied is garbage outside of V8's heap, which grows to tens of megabytes before it is collected; and each piece costs
 * kilobytes of garbage on its way through a stream.
 *
 * @param lines of one chunk, or with buffers of their own; each with room for a byte behind it
 */
export function joinLines(lines: Uint8Array[]): Uint8Array[] {
	const pieces = runsOf(lines).map((run) => join(lines, run));
	return pieces.length > MAX_PIECES ? [Buffer.concat(pieces)] : pieces;
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
	return line.buffer === before.buffer && line.byteOffset === endOf(before) + 1;
}

function join(lines: Uint8Array[], [from, to]: Run): Uint8Array {
	const { buffer, byteOffset: start } = lines[from]!;
	const run = new Uint8Array(buffer, start, endOf(lines[to]!) + 1 - start);
	for (let index = from; index <= to; index++) run[endOf(lines[index]!) - start] = LINE_FEED;
	return run;
}

/** Where the byte behind it stands in its buffer. */
function endOf(line: Uint8Array): number {
	return line.byteOffset + line.length;
}
