/** A process that plays cells, by their numbers in the list of all; see playAll.mts. */
import { allCells } from './cells.mts';
import { runCell } from './runCell.mts';
import type { CellResult } from './types.mts';

export interface Played {
	index: number;
	result: Omit<CellResult, 'cell'>;
}

const cells = allCells();

process.on('message', (index: number) => {
	const cell = cells[index];
	if (!cell) return;
	void runCell(cell, index).then(({ cell: _cell, ...result }) => {
		process.send?.({ index, result } satisfies Played);
	});
});
process.on('disconnect', () => process.exit(0));
