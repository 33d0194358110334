import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { allCells } from './cells.mts';
import { HANGS } from './runCell.mts';
import type { Cell, CellResult } from './types.mts';
import type { Played } from './worker.mts';

const WORKER = join(import.meta.dirname, 'worker.mts');
/** Each holds n8n's engine, and waits now and then: for a connection that hangs, for the next of a few bytes. */
const MAX_WORKERS = 4;

/** Plays the cells side by side in processes of their own, because each has a virtual time; hands them on in their order. */
export async function* playAll(cells: readonly Cell[]): AsyncGenerator<CellResult> {
	const numbers = numbersOf(cells);
	const results: Array<CellResult | undefined> = [];
	const waiting: number[] = cells.map((_, place) => place);
	const workers = new Set<ChildProcess>();
	let arrived = () => {};
	let ended: Error | undefined;

	function startWorker(): ChildProcess {
		const worker = fork(WORKER, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
		let place: number | undefined;
		const next = () => {
			place = waiting.shift();
			if (place !== undefined) worker.send(numbers[place] as number);
		};
		worker.on('message', ({ result }: Played) => {
			if (place !== undefined) results[place] = { ...result, cell: cells[place] as Cell };
			// What hangs goes on, and would get in the way of the next cell.
			if (result.defects.includes(HANGS)) replace(worker);
			else next();
			arrived();
		});
		worker.on('exit', (code) => {
			if (code === 0 || !workers.has(worker)) return;
			ended = new Error(`A process of the matrix ended with ${code}`);
			arrived();
		});
		next();
		return worker;
	}

	function replace(worker: ChildProcess): void {
		workers.delete(worker);
		worker.kill('SIGKILL');
		workers.add(startWorker());
	}

	const count = Math.min(MAX_WORKERS, 2 * availableParallelism());
	for (let started = 0; started < count; started++) workers.add(startWorker());
	try {
		for (let place = 0; place < cells.length; place++) {
			while (!results[place]) {
				if (ended) throw ended;
				await new Promise<void>((resolve) => (arrived = resolve));
			}
			yield results[place] as CellResult;
			delete results[place];
		}
	} finally {
		for (const worker of workers) worker.disconnect();
	}
}

/** A cell holds functions, so processes speak of cells by number. */
function numbersOf(cells: readonly Cell[]): number[] {
	const key = ({ fault, duration, subject, moment }: Cell) =>
		[fault.name, duration, subject.name, moment.name].join('|');
	const numbers = new Map(allCells().map((cell, number) => [key(cell), number]));
	return cells.map((cell) => numbers.get(key(cell)) as number);
}
