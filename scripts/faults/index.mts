/** `npm run test:faults`: every operation under every fault at every moment; see options.mts. */
import { readableTime } from '../n8n/progress.mts';
import { allCells } from './cells.mts';
import { chooseSome, describeCell } from './choose.mts';
import { HELP, parseOptions, type FaultOptions } from './options.mts';
import { playAll } from './playAll.mts';
import { printCell, printHeading, printRow } from './print.mts';
import { summarize, type Row } from './summary.mts';
import type { Cell, CellResult } from './types.mts';
import { writeTable } from './writeTable.mts';

const PROGRESS_EVERY_MS = 15_000;

const print = (line: string) => void process.stdout.write(`${line}\n`);

function choose({ short, seed, only }: FaultOptions): Cell[] {
	const cells = allCells();
	const chosen = short ? chooseSome(cells, seed) : cells;
	return only ? chosen.filter((cell) => only.test(describeCell(cell))) : chosen;
}

/** Cells of one fault and duration stand together. */
const endsRow = (cell: Cell, next: Cell | undefined): boolean =>
	next?.fault !== cell.fault || next.duration !== cell.duration;

async function run(options: FaultOptions): Promise<boolean> {
	const cells = choose(options);
	const startedMs = performance.now();
	let toldMs = startedMs;
	let bad = 0;
	let done = 0;
	let hits = 0;
	const rows: Row[] = [];
	print(`${cells.length} cells, on virtual time`);
	printHeading(print);
	let row: CellResult[] = [];
	for await (const result of playAll(cells)) {
		done++;
		row.push(result);
		hits += result.hits;
		if (result.defects.length > 0) bad++;
		if (options.list || result.defects.length > 0) printCell(print, result);
		if (performance.now() - toldMs > PROGRESS_EVERY_MS) {
			toldMs = performance.now();
			print(`    ${done} of ${cells.length} cells, ${bad} not good, ${readableTime(toldMs - startedMs)}`);
		}
		if (!endsRow(result.cell, cells[done])) continue;
		const summary = summarize(row);
		rows.push(summary);
		printRow(print, summary);
		row = [];
	}
	const tookMs = performance.now() - startedMs;
	print(`\nFaults injected: ${hits}. Time: ${readableTime(tookMs)}`);
	if (options.write) await writeTable({ all: !options.short, rows, cells: done, hits, bad, tookMs });
	print(`${done - bad} passed, ${bad} failed`);
	return bad === 0 && done > 0;
}

const options = parseOptions(process.argv.slice(2));
if (options.help) {
	print(HELP);
	process.exit(0);
}
// n8n's modules keep timers, so the process would not end by itself.
process.exit((await run(options)) ? 0 : 1);
