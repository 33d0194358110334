import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { number, table } from '../../bench/report/format.mts';
import { replacePart } from '../../bench/report/index.mts';
import { draw } from '../../bench/report/svg.mts';
import type { Say } from '../n8n/progress.mts';
import { ROOT } from '../package.mts';
import { MEASURES } from './measures.mts';
import { IMAGE, soakPlot } from './plot.mts';
import type { SoakResults } from './results.mts';
import type { Slope } from './types.mts';

const DOCUMENT = 'docs/reliability.md';

function rowOf({ name, second, last, allowed, flat }: Slope): string[] {
	const { label = name, unit = '', worse } = MEASURES.find((each) => each.name === name) ?? {};
	const show = (value: number) => `${number(value)} ${unit}`.trim();
	const limit = `${worse === 'less' ? '−' : '+'}${show(allowed)}`;
	return [label, show(second), show(last), limit, flat ? 'level' : '**not level**'];
}

/** For whoever watches. */
export function printSlopes(slopes: readonly Slope[], say: Say): void {
	say('  medians of the second and the last quarter, and how much worse the last may be:');
	for (const slope of slopes) {
		const [label = '', second, last, limit, verdict] = rowOf(slope);
		say(`    ${label.padEnd(42)} ${second} -> ${last} (${limit}) ${verdict?.replaceAll('*', '')}`);
	}
}

function accountText({ minutes, account }: SoakResults): string {
	const { blobs, events, rows, lost, duplicates, unexplained, executions, failed } = account;
	const { requests, throttled, tokens, failedFetches } = account;
	const count = (value: number) => number(value, 9);
	return (
		`In ${count(minutes)} minutes: ${count(blobs)} blobs, ${count(events)} events served, ${count(rows)} rows written; ` +
		`**${count(lost)} lost**, ${count(duplicates)} written more than once, of which ${count(unexplained)} are not explained ` +
		`by a failed execution. ${count(executions)} executions, ${count(failed)} of them failed. ${count(requests)} requests, ` +
		`${count(throttled)} throttled, ${count(failedFetches)} downloads broken or refused, ${count(tokens)} tokens issued.`
	);
}

function machineText({ date, commit, machine }: SoakResults): string {
	const { cpu, cores, memoryGb, platform, versions } = machine;
	return (
		`Measured ${date.slice(0, 10)} at commit ${commit}: n8n ${versions['n8n']}, Node ${versions['node']}; ` +
		`${cpu}, ${cores} cores, ${memoryGb} GB, ${platform}; other programs ran beside it.`
	);
}

/** Draws the plot and writes the generated part of the document; the text around it is written by hand. */
export function writeReport(results: SoakResults): void {
	const file = join(ROOT, DOCUMENT);
	if (!existsSync(file)) throw new Error(`${DOCUMENT} is missing`);
	mkdirSync(join(ROOT, 'docs', 'images'), { recursive: true });
	const plot = soakPlot(results.perMinute);
	draw(plot, `docs/${IMAGE}`);
	const head = ['', 'second quarter', 'last quarter', 'may change by', ''];
	const part = [
		`![${plot.alt}](${IMAGE})`,
		accountText(results),
		table(head, results.slopes.map(rowOf)),
		machineText(results),
	].join('\n\n');
	writeFileSync(file, replacePart(readFileSync(file, 'utf8'), 'soak', part, DOCUMENT));
}
