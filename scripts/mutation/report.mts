import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../package.mts';

/** Percent of the changes that have to be noticed. */
export const LEAST_SCORE = 85;

/** What Stryker's JSON reporter writes, as far as it is read here: the mutation testing report schema. */
interface Mutant {
	mutatorName: string;
	replacement?: string;
	status: string;
	location: { start: Position; end: Position };
}
interface Position {
	line: number;
	column: number;
}

export interface Counts {
	killed: number;
	timeout: number;
	survived: number;
	/** No test runs through the line. */
	uncovered: number;
}

export interface FileReport {
	path: string;
	counts: Counts;
	survivors: Survivor[];
}

export interface Survivor {
	line: number;
	mutator: string;
	was: string;
	is: string;
}

/** The result of every file that was looked at so far. */
export function readReport(): FileReport[] {
	const text = readFileSync(join(ROOT, '.tmp', 'mutation', 'report.json'), 'utf8');
	const { files } = JSON.parse(text) as { files: Record<string, { source: string; mutants: Mutant[] }> };
	return Object.entries(files)
		.map(([path, { source, mutants }]) => ({
			path,
			counts: countsOf(mutants),
			survivors: mutants.filter(isSurvivor).map((mutant) => survivorOf(mutant, source)),
		}))
		.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const isSurvivor = ({ status }: Mutant) => status === 'Survived' || status === 'NoCoverage';

function countsOf(mutants: readonly Mutant[]): Counts {
	const count = (wanted: string) => mutants.filter(({ status }) => status === wanted).length;
	return {
		killed: count('Killed'),
		timeout: count('Timeout'),
		survived: count('Survived'),
		uncovered: count('NoCoverage'),
	};
}

function survivorOf({ location: { start, end }, mutatorName, replacement = '' }: Mutant, source: string): Survivor {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	const last = lines.length - 1;
	lines[last] = lines[last]!.slice(0, end.column - 1);
	lines[0] = lines[0]!.slice(start.column - 1);
	return { line: start.line, mutator: mutatorName, was: lines.join('\n'), is: replacement };
}

export function sumOf(files: readonly FileReport[]): Counts {
	const sum = (of: keyof Counts) => files.reduce((total, { counts }) => total + counts[of], 0);
	return {
		killed: sum('killed'),
		timeout: sum('timeout'),
		survived: sum('survived'),
		uncovered: sum('uncovered'),
	};
}

/** Percent of the changes that a test noticed, by failing or by never ending. */
export function scoreOf({ killed, timeout, survived, uncovered }: Counts): number {
	const noticed = killed + timeout;
	const all = noticed + survived + uncovered;
	return all === 0 ? 100 : (100 * noticed) / all;
}
