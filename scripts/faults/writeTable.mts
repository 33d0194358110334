import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { readableTime } from '../n8n/progress.mts';
import { cellsOf, SUBJECTS } from './cells.mts';
import { FAULTS } from './faults/index.mts';
import { MOMENTS } from './moments.mts';
import type { Row } from './summary.mts';

const PAGE = join(resolve(import.meta.dirname, '../..'), 'docs', 'reliability.md');
const BEGIN = '<!-- test:faults begin -->';
const END = '<!-- test:faults end -->';

export interface Figures {
	/** False: of a selection. */
	all: boolean;
	rows: readonly Row[];
	cells: number;
	hits: number;
	bad: number;
	tookMs: number;
}

const inCell = (text: string) =>
	text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ').trim();
const line = (cells: ReadonlyArray<string | number>) => `| ${cells.map((cell) => inCell(String(cell))).join(' | ')} |`;
const table = (head: readonly string[], lines: ReadonlyArray<ReadonlyArray<string | number>>) =>
	[line(head), `|${head.map(() => '---').join('|')}|`, ...lines.map(line)].join('\n');

function operations(): string {
	const names = MOMENTS.map(({ name }) => name);
	return table(
		['Operation', ...names],
		SUBJECTS.map(({ name, moments }) => [name, ...names.map((moment) => (moments.includes(moment) ? 'x' : ''))]),
	);
}

function render({ all, rows, cells, hits, bad, tookMs }: Figures): string {
	const sum = (pick: (row: Row) => number) => rows.reduce((total, row) => total + pick(row), 0);
	const fewest = Math.min(...FAULTS.map((fault) => cellsOf(fault).length));
	if (fewest === 0) throw new Error('A fault of the table has no cell');
	const count = new Intl.NumberFormat('en-US').format;
	return [
		`${all ? 'The whole matrix' : 'A selection (`--short`)'}: **${count(cells)} cells** of ${FAULTS.length} faults, ${SUBJECTS.length} operations and ${MOMENTS.length} moments; **${count(hits)} faults injected**; lost ${sum(({ lost }) => lost)}, repeated ${sum(({ repeated }) => repeated)}, not good for another reason ${bad}. It took ${readableTime(tookMs)}.`,
		'Moments of each operation:',
		operations(),
		...MOMENTS.map(({ name, about, where }) => `- **${name}**: ${about}. Exists for ${where}.`).join('\n').split('\n\n'),
		'Results. *Node* and *trigger* say how long it took at most, in virtual time, until everything had arrived: after the only hit (*once*), or after the fault had ended (*lasting*; of the node this is the next run, 16 minutes later). *Told* counts the cells in which something was missing at first and a message said so.',
		table(
			['Fault', 'Hits', 'Cells', 'Lost', 'Repeated', 'Told', 'Node', 'Trigger', 'What a user reads most often'],
			rows.map((row) => [
				row.fault,
				row.duration,
				row.cells,
				row.lost,
				row.repeated,
				row.reported,
				row.actionRecovery,
				row.triggerRecovery,
				row.message,
			]),
		),
	].join('\n\n');
}

/** Puts the results between the markers of the page; everything else on it stays. */
export async function writeTable(figures: Figures): Promise<void> {
	const page = await readFile(PAGE, 'utf8');
	const [before, rest] = page.split(BEGIN);
	const after = rest?.split(END)[1];
	if (before === undefined || after === undefined) throw new Error(`${PAGE} lacks the markers of the table`);
	await writeFile(PAGE, `${before}${BEGIN}\n\n${render(figures)}\n\n${END}${after}`);
}
