import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { ROOT } from '../package.mts';
import { scoreOf, sumOf, type Counts, type FileReport } from './report.mts';

const PAGE = join(ROOT, 'docs', 'reliability.md');
const [BEGIN, END] = ['<!-- mutation -->', '<!-- /mutation -->'];
const HEADING = '## Mutation testing';

const ABOUT =
	'`npm run test:mutation` changes the code of the feed and of the transport in thousands of small ways (Stryker: `<` for `<=`, a condition that is always true, a text that is empty, a line that is missing) and looks whether a fast unit test of that layer notices. The tests of what uses them, n8n’s engine, random histories and fuzzing do not count here, though they reach the same lines.';

const oneLine = (text: string) => {
	const flat = text.replace(/\s+/g, ' ').trim();
	return flat.length > 60 ? `${flat.slice(0, 57)}...` : flat;
};

const all = ({ killed, timeout, survived, uncovered }: Counts) => killed + timeout + survived + uncovered;

const score = (counts: Counts) => `${scoreOf(counts).toFixed(1)}%`;

/** Prints the score of each file, and each survivor of those that were asked for. */
export function printReport(files: readonly FileReport[], paths: readonly string[]): void {
	const print = (line: string) => void process.stdout.write(`${line}\n`);
	for (const { path, counts, survivors } of files) {
		print(`${score(counts).padStart(6)}  ${path}  (${all(counts)} changes)`);
		if (paths.length > 0 && !paths.includes(path)) continue;
		for (const { line, mutator, was, is } of survivors) {
			print(`          ${line}: ${mutator}: ${oneLine(was)}  ->  ${oneLine(is)}`);
		}
	}
	const total = sumOf(files);
	print(`${score(total).padStart(6)}  of ${all(total)} changes were noticed`);
}

function table(files: readonly FileReport[]): string {
	const folders = [...new Set(files.map(({ path }) => dirname(path)))].sort();
	const row = (name: string, of: readonly FileReport[]) => {
		const counts = sumOf(of);
		return `| ${name} | ${of.length} | ${all(counts)} | ${counts.killed + counts.timeout} | ${counts.survived + counts.uncovered} | ${score(counts)} |`;
	};
	return [
		'| Folder | Files | Changes | Noticed | Not noticed | Score |',
		'|---|---|---|---|---|---|',
		...folders.map((folder) => row(`\`${folder}/\``, files.filter(({ path }) => dirname(path) === folder))),
		row('**all**', files),
	].join('\n');
}

/** Puts the table into docs/reliability.md, which others write too. */
export function writeSection(files: readonly FileReport[]): void {
	const section = `${HEADING}\n\n${BEGIN}\n\n${ABOUT}\n\n${table(files)}\n\n${END}\n`;
	const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '# Reliability\n';
	const start = page.indexOf(BEGIN);
	writeFileSync(
		PAGE,
		start < 0
			? `${page.trimEnd()}\n\n${section}`
			: `${page.slice(0, start)}${section.slice(section.indexOf(BEGIN), -1)}${page.slice(page.indexOf(END) + END.length)}`,
	);
}
