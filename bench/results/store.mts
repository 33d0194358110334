import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/package.mts';
import { describeMachine } from './machine.mts';
import type { BenchmarkResult, Results } from './types.mts';

const FILE = join(ROOT, 'bench', 'results.json');

/** Everything measured so far; nothing on a fresh machine. */
export function readResults(file = FILE): Results {
	if (!existsSync(file)) return { machine: describeMachine(), benchmarks: {} };
	return JSON.parse(readFileSync(file, 'utf8')) as Results;
}

/** Replaces one benchmark's results, so that a part can be measured again alone. */
export function storeResult(name: string, result: BenchmarkResult, file = FILE): void {
	const { benchmarks } = readResults(file);
	const results: Results = {
		machine: describeMachine(),
		benchmarks: { ...benchmarks, [name]: result },
	};
	writeFileSync(file, `${JSON.stringify(results, onOneLine, '\t').replace(QUOTED_LINE, unquote)}\n`);
}

/** A repeat's numbers stand on one line each, so that the file can be read and compared. */
function onOneLine(key: string, value: unknown): unknown {
	if (key !== 'samples') return value;
	return (value as object[]).map((sample) => `@${JSON.stringify(sample)}`);
}

const QUOTED_LINE = /"@(\{(?:[^"\\]|\\.)*\})"/g;

function unquote(_match: string, text: string): string {
	return text.replaceAll('\\"', '"');
}
