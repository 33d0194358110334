import { createChance } from '../../simulator/random.mts';
import type { Cell } from './types.mts';

export const describeCell = ({ fault, duration, subject, moment }: Cell): string =>
	`${fault.name} | ${duration} | ${subject.name} | ${moment.name}`;

const rowOf = ({ fault, duration }: Cell) => `${fault.name} | ${duration}`;
const placeOf = ({ subject, moment }: Cell) => `${subject.name} | ${moment.name}`;

/**
 * A selection with every fault in each of its durations, and every moment of every operation: in the order of a seeded
 * shuffle, each cell is taken that brings something new. Cells that bring two new things go first.
 */
export function chooseSome(cells: readonly Cell[], seed: number): Cell[] {
	const chance = createChance(seed);
	const shuffled = [...cells]
		.map((cell) => ({ cell, place: chance.of('cell', describeCell(cell)) }))
		.sort((a, b) => a.place - b.place)
		.map(({ cell }) => cell);
	const rows = new Set<string>();
	const places = new Set<string>();
	const chosen = new Set<Cell>();
	for (const wanted of [2, 1]) {
		for (const cell of shuffled) {
			const news = Number(!rows.has(rowOf(cell))) + Number(!places.has(placeOf(cell)));
			if (news < wanted) continue;
			rows.add(rowOf(cell));
			places.add(placeOf(cell));
			chosen.add(cell);
		}
	}
	return cells.filter((cell) => chosen.has(cell));
}
