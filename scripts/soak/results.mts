import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { median } from '../../bench/results/statistics.mts';
import type { Machine } from '../../bench/results/types.mts';
import { ROOT } from '../package.mts';
import type { Account, Sample, Slope } from './types.mts';

/** What is kept of one soak. */
export interface SoakResults {
	/** ISO 8601. */
	date: string;
	commit: string;
	minutes: number;
	machine: Machine;
	account: Account;
	slopes: Slope[];
	/** Median of each minute's looks. */
	perMinute: Sample[];
}

const FILE = join(ROOT, 'scripts', 'soak', 'results.json');

const NAMES = (sample: Sample) => Object.keys(sample) as Array<keyof Sample>;
const short = (value: number) => Number(value.toPrecision(4));

/** One sample for each minute: the plot shows the course, the verdict uses all of them. */
export function condense(samples: readonly Sample[]): Sample[] {
	const minutes = new Set(samples.map(({ minute }) => Math.floor(minute)));
	return [...minutes].flatMap((each) => {
		const group = samples.filter(({ minute }) => Math.floor(minute) === each);
		const [first] = group;
		if (!first) return [];
		const medians = NAMES(first).map((name) => [name, short(median(group.map((each) => each[name])))]);
		return [Object.fromEntries(medians) as unknown as Sample];
	});
}

/** A minute stands on one line. */
export function storeResults({ perMinute, ...rest }: SoakResults): void {
	const head = JSON.stringify(rest, undefined, '\t').replace(/\n}$/, '');
	const lines = perMinute.map((sample) => `\t\t${JSON.stringify(sample)}`).join(',\n');
	writeFileSync(FILE, `${head},\n\t"perMinute": [\n${lines}\n\t]\n}\n`);
}

/** @throws Error if nothing has been stored */
export function readResults(): SoakResults {
	if (!existsSync(FILE)) throw new Error('There are no results yet: npm run soak');
	return JSON.parse(readFileSync(FILE, 'utf8')) as SoakResults;
}
