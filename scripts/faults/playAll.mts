import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import { allCells } from './cells.mts';
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
			next();
			arrived();
		});
		worker.on('exit', (code) => {
			if (code === 0) return;
			ended = new Error(`A process of the matrix ended with ${code}`);
			arrived();
		});
		next();
		return worker;
	}

	const workers = Array.from({ length: Math.min(MAX_WORKERS, 2 * availableParallelism()) }, startWorker);
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
