import { FAULTS, TARGETS } from './faults/index.mts';
import { MOMENTS } from './moments.mts';
import { ACTION_SUBJECTS } from './subjects/actions.mts';
import { TRIGGER_SUBJECTS } from './subjects/trigger.mts';
import type { Cell, Duration, Fault, Subject } from './types.mts';

export const SUBJECTS: readonly Subject[] = [...ACTION_SUBJECTS, ...TRIGGER_SUBJECTS];

const BOTH: readonly Duration[] = ['once', 'lasting'];

/** All cells of one row, in the order of the tables. */
export function cellsOf(fault: Fault): Cell[] {
	const cells: Cell[] = [];
	const { moments } = TARGETS[fault.target];
	for (const duration of fault.durations ?? BOTH) {
		for (const subject of SUBJECTS) {
			for (const moment of MOMENTS) {
				const exists = moments.includes(moment.name) && subject.moments.includes(moment.name);
				if (!exists || fault.only?.(subject, moment.name) === false) continue;
				cells.push({ fault, subject, moment, duration });
			}
		}
	}
	return cells;
}

export const allCells = (): Cell[] => FAULTS.flatMap(cellsOf);
