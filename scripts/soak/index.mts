/**
 * `npm run soak`: a real n8n under a busy feed for an hour; see options.mts. Exits with 0 only if nothing is lost and all
 * that is measured stays level.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { commit } from '../../bench/results/commit.mts';
import { describeMachine } from '../../bench/results/machine.mts';
import { drain } from '../crash/drain.mts';
import { reportVerdict } from '../crash/report.mts';
import { cleanUpOnExit } from '../n8n/cleanup.mts';
import type { Cleanup } from '../n8n/cleanup.mts';
import { buildPackage, ROOT } from '../package.mts';
import { takeAccount } from './account.mts';
import { judgeSlopes } from './judgeSlopes.mts';
import { MEASURES } from './measures.mts';
import { HELP, parseOptions } from './options.mts';
import type { SoakOptions } from './options.mts';
import { printSlopes, writeReport } from './report.mts';
import { condense, readResults, storeResults } from './results.mts';
import { setStage } from './stage.mts';
import type { SoakStage } from './stage.mts';
import type { Sample } from './types.mts';
import { watch } from './watch.mts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
/** Shorter ones are rehearsals: they are mostly warm-up. */
const WORTH_KEEPING_MINUTES = 60;

/** For whoever wants to know what happened when. */
async function keepEvidence({ subject }: SoakStage, samples: readonly Sample[]): Promise<void> {
	const folder = join(ROOT, '.tmp', 'soak');
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'n8n.log'), subject.log());
	await writeFile(join(folder, 'samples.json'), JSON.stringify(samples));
	print(`  n8n's log and all samples are in ${folder}`);
}

async function soak(options: SoakOptions, cleanup: Cleanup): Promise<boolean> {
	const { minutes, failing, seed } = options;
	await buildPackage();
	const stage = await setStage(options, { say: print, cleanup });
	print(`\n${minutes} minutes, ${failing * 100}% of the runs fail at random, seed ${seed}`);
	const samples = await watch(stage, minutes).catch((error: unknown) => {
		throw new Error(`${String(error)}\nThe end of n8n's log:\n${stage.subject.log().slice(-3_000)}`);
	});
	const slopes = judgeSlopes(samples, MEASURES);
	await drain(stage);
	print('\nVerdict');
	const isClean = await reportVerdict(stage);
	printSlopes(slopes, print);
	const account = await takeAccount(stage);
	await keepEvidence(stage, samples);
	if (minutes >= WORTH_KEEPING_MINUTES) {
		const about = { date: new Date().toISOString(), commit: await commit(), minutes };
		const results = { ...about, machine: describeMachine(), account, slopes };
		storeResults({ ...results, perMinute: condense(samples) });
		writeReport(readResults());
	}
	const isLevel = slopes.every(({ flat }) => flat);
	print(isClean && isLevel ? '  OK' : '  NOT OK');
	return isClean && isLevel;
}

const cleanup = cleanUpOnExit();
let kept = false;
try {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) print(HELP);
	if (options.plot) writeReport(readResults());
	kept = options.help || options.plot || (await soak(options, cleanup));
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
} finally {
	await cleanup.run();
}
process.exit(kept ? 0 : 1);
