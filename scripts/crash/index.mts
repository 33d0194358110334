/**
 * `npm run test:crash`: a real n8n, killed again and again while it collects a busy feed; see options.mts.
 * Exits with 0 only if nothing is lost and every duplicate is explained by a kill or a failed run.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cleanUpOnExit } from '../n8n/cleanup.mts';
import type { Cleanup } from '../n8n/cleanup.mts';
import type { N8nVersion } from '../n8n/versions.mts';
import { buildPackage, packPackage, ROOT } from '../package.mts';
import { collectEvidence, drain } from './drain.mts';
import { killAgainAndAgain } from './killing.mts';
import { HELP, parseOptions } from './options.mts';
import type { CrashOptions } from './options.mts';
import { sitOutOutage } from './outage.mts';
import { reportVerdict } from './report.mts';
import { setStage } from './stage.mts';
import type { Stage } from './stage.mts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/** For whoever wants to know what happened when. */
async function keepEvidence(stage: Stage, { version }: N8nVersion): Promise<void> {
	const folder = join(ROOT, '.tmp', `crash-${version}`);
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'n8n.log'), stage.subject.log());
	const { due, ...evidence } = await collectEvidence(stage);
	const all = { ...evidence, due: [...due] };
	await writeFile(join(folder, 'evidence.json'), JSON.stringify(all, undefined, '\t'));
	print(`  n8n's log and the evidence are in ${folder}`);
}

async function crash(
	version: N8nVersion,
	tarball: string,
	options: CrashOptions,
	cleanup: Pick<Cleanup, 'add'>,
): Promise<boolean> {
	const { minutes, kills, failing, outageSeconds, seed } = options;
	print(
		`\nn8n ${version.version}: ${minutes} minutes, ${kills} kills, ${failing * 100}% of the runs fail, seed ${seed}`,
	);
	const stage = await setStage(version, tarball, options, { say: print, cleanup });
	await killAgainAndAgain(stage);
	const resumed = outageSeconds === 0 || (await sitOutOutage(stage));
	await drain(stage);
	print(`\nVerdict on n8n ${version.version}`);
	const kept = (await reportVerdict(stage)) && resumed;
	await keepEvidence(stage, version);
	print(kept ? '  OK' : '  NOT OK');
	return kept;
}

async function main(options: CrashOptions): Promise<boolean> {
	await buildPackage();
	const tarball = await packPackage();
	const cleanup = cleanUpOnExit();
	let kept = true;
	for (const version of options.versions) {
		const steps: Array<() => Promise<void>> = [];
		const close = async () => {
			for (let step = steps.pop(); step; step = steps.pop()) await step();
		};
		cleanup.add(close);
		try {
			kept =
				(await crash(version, tarball, options, { add: (step) => void steps.push(step) })) && kept;
		} finally {
			await close();
		}
	}
	return kept;
}

try {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		print(HELP);
		process.exit(0);
	}
	process.exit((await main(options)) ? 0 : 1);
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
}
