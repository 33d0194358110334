import { runOnce } from './run/runOnce.mts';
import type { RunOutcome, RunSpec } from './run/runOnce.mts';
import { findContestant } from './contestants/index.mts';
import type { Row, Sample } from './results/types.mts';
import type { Bench } from './types.mts';

/** A contestant under certain conditions, to be run as often as there are repeats. */
export interface Cell {
	conditions: Row['conditions'];
	spec: RunSpec;
	/** Name in the results, where one contestant takes part with several settings. */
	as?: string;
	/** At most so many repeats, for what takes long and decides nothing. */
	atMost?: number;
	/** Cells of one name run at the same time, each with a tenant of its own. */
	together?: string;
}

/**
 * Runs all cells once, then all once more, and so on: what else the machine does meanwhile falls on all of them alike.
 *
 * @param sample the numbers to keep of a run
 */
export async function interleave(
	{ repeats, templatesFile, progress }: Bench,
	cells: readonly Cell[],
	sample: (outcome: Extract<RunOutcome, { ok: true }>, cell: Cell) => Sample,
): Promise<Row[]> {
	const rows = cells.map(
		({ conditions, spec, as }): Row => ({
			conditions,
			contestant: as ?? spec.contestant,
			samples: [],
			failures: [],
		}),
	);
	const times = ({ atMost = repeats }: Cell) => Math.min(repeats, atMost);
	const run = async (at: number, cell: Cell) => {
		const row = rows[at] as Row;
		const outcome = await runOnce(cell.spec, templatesFile);
		if (outcome.ok) row.samples.push(sample(outcome, cell));
		else row.failures.push(outcome.failure);
		progress.done(await describe(cell, outcome));
	};
	progress.plan(cells.reduce((sum, cell) => sum + times(cell), 0));
	for (let repeat = 0; repeat < Math.max(...cells.map(times)); repeat++) {
		for (const group of groupsOf(cells)) {
			const due = group.filter(([, cell]) => repeat < times(cell));
			await Promise.all(due.map(async ([at, cell]) => await run(at, cell)));
		}
	}
	return rows;
}

/** Cells with their places, those that run together in one group. */
function groupsOf(cells: readonly Cell[]): Array<Array<[number, Cell]>> {
	const groups = new Map<string, Array<[number, Cell]>>();
	for (const [at, cell] of cells.entries()) {
		const name = cell.together ?? String(at);
		groups.set(name, [...(groups.get(name) ?? []), [at, cell]]);
	}
	return [...groups.values()];
}

async function describe({ conditions, spec, as }: Cell, outcome: RunOutcome): Promise<string> {
	const under = Object.entries(conditions).map(([name, value]) => `${name} ${value}`);
	const who = as ?? (await findContestant(spec.contestant)).label;
	const took = outcome.answer && `${(outcome.answer.measured.wallMs / 1000).toFixed(2)} s`;
	const end = outcome.ok ? took : `failed: ${outcome.failure.split('\n')[0]}`;
	return [who, ...under, end].join(', ');
}
