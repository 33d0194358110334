/** `npm run bench`: measures, stores, draws. Exits with 1 as soon as a contestant does not deliver what was served. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cleanUpOnExit } from '../scripts/n8n/cleanup.mts';
import { installN8n } from '../scripts/n8n/install.mts';
import { readableTime } from '../scripts/n8n/progress.mts';
import { N8N_2 } from '../scripts/n8n/versions.mts';
import { buildPackage } from '../scripts/package.mts';
import { makeTemplates } from './load/templates.mts';
import { HELP, parseOptions } from './options.mts';
import type { BenchOptions } from './options.mts';
import { createProgress } from './progress.mts';
import { writeReport } from './report/index.mts';
import { commit } from './results/commit.mts';
import { readResults, storeResult } from './results/store.mts';
import { printRows } from './results/print.mts';

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function measureAll(options: BenchOptions, templatesFile: string): Promise<void> {
	const { benchmarks, quick, repeats } = options;
	for (const [at, benchmark] of benchmarks.entries()) {
		const later = benchmarks.slice(at + 1).reduce((sum, { minutes }) => sum + minutes, 0);
		say(`\n${benchmark.title}: ${repeats} repeats${quick ? ', small sizes' : ''}`);
		const progress = createProgress(benchmark, quick ? 0 : (later * repeats) / 5, say);
		const started = Date.now();
		const rows = await benchmark.run({ repeats, quick, templatesFile, progress });
		const minutes = Math.round((Date.now() - started) / 6_000) / 10;
		say(`  took ${readableTime(Date.now() - started)}`);
		printRows(rows, say);
		if (quick) continue;
		const date = new Date().toISOString();
		storeResult(benchmark.name, { date, commit: await commit(), repeats, minutes, rows });
	}
}

async function main(): Promise<void> {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) return say(HELP);
	if (!options.plot) {
		const cleanup = cleanUpOnExit();
		const folder = mkdtempSync(join(tmpdir(), 'bench-'));
		cleanup.add(async () => rmSync(folder, { recursive: true, force: true }));
		try {
			await installN8n(N8N_2, say);
			await buildPackage();
			const templatesFile = join(folder, 'templates.json');
			writeFileSync(templatesFile, JSON.stringify(makeTemplates()));
			await measureAll(options, templatesFile);
		} finally {
			await cleanup.run();
		}
	}
	if (options.quick) return say('\nQuick figures are not stored.');
	writeReport(readResults());
	say('\nWritten: docs/performance.md and its plots');
}

main().then(
	() => process.exit(0),
	(error: unknown) => {
		process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
