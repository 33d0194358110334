import { parseArgs } from 'node:util';

import { BENCHMARKS } from './benchmarks/index.mts';
import type { Benchmark } from './types.mts';

export interface BenchOptions {
	help: boolean;
	/** Draw the plots and write the tables from what is stored, without measuring. */
	plot: boolean;
	quick: boolean;
	repeats: number;
	benchmarks: readonly Benchmark[];
}

export const HELP = `
npm run bench -- [name …] [--repeats N] [--quick] [--plot]

Measures this package against a chain of HTTP Request nodes and the bare helper of n8n, on a simulated tenant, and writes
bench/results.json, docs/performance.md and its plots. Without names, everything; with names, only that, beside the
results of the rest.

${BENCHMARKS.map(({ name, title, minutes }) => `  ${name.padEnd(16)}${title} (about ${minutes} min)`).join('\n')}

  --repeats N     how often each measurement is made; the median counts (default 5)
  --quick         small sizes and one repeat, to see that everything works; nothing is stored
  --plot          only redraw what is stored
`;

/** @throws Error in words, for arguments that make no sense */
export function parseOptions(args: string[]): BenchOptions {
	const { values, positionals } = parseArgs({
		args,
		allowPositionals: true,
		options: {
			help: { type: 'boolean', short: 'h', default: false },
			plot: { type: 'boolean', default: false },
			quick: { type: 'boolean', default: false },
			repeats: { type: 'string' },
		},
	});
	const repeats = Number(values.repeats ?? (values.quick ? 1 : 5));
	if (!Number.isInteger(repeats) || repeats < 1) throw new Error('--repeats wants a number from 1');
	return {
		...values,
		repeats,
		benchmarks: positionals.length > 0 ? positionals.map(find) : BENCHMARKS,
	};
}

function find(name: string): Benchmark {
	const found = BENCHMARKS.find((benchmark) => benchmark.name === name);
	if (found) return found;
	throw new Error(
		`No benchmark is called "${name}". There are: ${BENCHMARKS.map((each) => each.name).join(', ')}`,
	);
}
