import { NO_FAULTS } from '../../../simulator/faults.mts';
import { allCells, cellsOf, SUBJECTS } from '../../../scripts/faults/cells.mts';
import { chooseSome } from '../../../scripts/faults/choose.mts';
import { FAULTS } from '../../../scripts/faults/faults/index.mts';
import { MOMENTS } from '../../../scripts/faults/moments.mts';
import type { ConnectionFault } from '../../../simulator/answer.mts';
import { NETWORK_FAULTS } from '../../engine/support/network.mts';

const CONNECTION_FAULTS: Record<ConnectionFault, true> = {
	reset: true,
	notHttp: true,
	stall: true,
	silence: true,
	truncate: true,
	wrongContentLength: true,
	resetInBody: true,
	slowDrip: true,
};

/** The size of a page is no fault; small ones are everywhere in the matrix. */
const covered = new Set(FAULTS.flatMap(({ covers = [] }) => covers));

describe('the fault matrix', () => {
	test.each([...Object.keys(NO_FAULTS), ...Object.keys(CONNECTION_FAULTS), ...NETWORK_FAULTS])(
		'has a row for %s',
		(fault) => expect(covered).toContain(fault),
	);

	test('names every row once, and each has a cell', () => {
		expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
		for (const fault of FAULTS) expect([fault.name, cellsOf(fault).length]).not.toContain(0);
	});

	test('holds every moment, and every operation at each of its moments', () => {
		const cells = allCells();
		for (const { name } of MOMENTS) {
			expect(cells.some(({ moment }) => moment.name === name)).toBe(true);
		}
		for (const subject of SUBJECTS) {
			const moments = new Set(
				cells.filter((cell) => cell.subject === subject).map(({ moment }) => moment.name),
			);
			expect([...moments].sort()).toEqual([...subject.moments].sort());
		}
	});
});

describe('the short form', () => {
	const cells = allCells();
	const placeOf = ({ subject, moment }: (typeof cells)[number]) => `${subject.name}, ${moment.name}`;
	const rowOf = ({ fault, duration }: (typeof cells)[number]) => `${fault.name}, ${duration}`;

	test.each([1, 2, 3])('has every fault, duration, operation and moment (seed %d)', (seed) => {
		const some = chooseSome(cells, seed);
		expect(new Set(some.map(placeOf))).toEqual(new Set(cells.map(placeOf)));
		expect(new Set(some.map(rowOf))).toEqual(new Set(cells.map(rowOf)));
		expect(some.length).toBeLessThan(cells.length / 10);
	});

	test('is the same for the same seed, and another for another', () => {
		expect(chooseSome(cells, 1)).toEqual(chooseSome(cells, 1));
		expect(chooseSome(cells, 1)).not.toEqual(chooseSome(cells, 2));
	});
});
