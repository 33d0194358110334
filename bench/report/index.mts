import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/package.mts';
import type { BenchmarkResult, Results } from '../results/types.mts';
import { SECTIONS } from './sections/index.mts';
import { draw, imageOf } from './svg.mts';
import { thresholdTable } from './thresholds.mts';
import type { Section } from './types.mts';

const DOCUMENT = join(ROOT, 'docs', 'performance.md');

/** Draws all plots and writes the generated parts of docs/performance.md; the text around them is written by hand. */
export function writeReport(results: Results): void {
	mkdirSync(join(ROOT, 'docs', 'images'), { recursive: true });
	let text = readFileSync(DOCUMENT, 'utf8');
	text = replacePart(text, 'machine', machineText(results));
	text = replacePart(text, 'thresholds', thresholdTable(results));
	for (const section of SECTIONS) {
		const result = results.benchmarks[section.name];
		text = replacePart(text, section.name, result ? sectionText(section, result) : 'Not measured yet.');
	}
	writeFileSync(DOCUMENT, text);
}

function sectionText({ tables, plots }: Section, result: BenchmarkResult): string {
	const drawn = plots(result);
	for (const plot of drawn) draw(plot);
	const when = `Measured ${result.date.slice(0, 10)} at commit ${result.commit}, ${result.repeats} repeats, ${result.minutes} minutes.`;
	return [...drawn.map(imageOf), tables(result), when].join('\n\n');
}

function machineText({ machine }: Results): string {
	const { cpu, cores, memoryGb, platform, versions } = machine;
	const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
	return `Machine: ${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}. Versions: ${list.join(', ')}.`;
}

/** Replaces what stands between `<!-- bench:name -->` and `<!-- /bench:name -->`. @throws Error if they are not there */
export function replacePart(text: string, name: string, part: string, document = 'docs/performance.md'): string {
	const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
	const from = text.indexOf(open);
	const to = text.indexOf(close);
	if (from < 0 || to < from) throw new Error(`${document} has no part "${name}"`);
	return `${text.slice(0, from + open.length)}\n\n${part}\n\n${text.slice(to)}`;
}
