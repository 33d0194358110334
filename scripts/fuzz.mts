/**
 * `npm run test:fuzz`: hostile input for every parser, every operation and the trigger (test/fuzz/), and how much of it.
 *
 * Without options the inputs are those of `npm test`. With `--minutes` rounds of other inputs follow each other until the time is up
 * or a rule is broken.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `npm run test:fuzz -- [options] [subject...]

Mutated answers, headers, parameters and static data for every parser, operation and the trigger.
Prints how many inputs were tried. Exits with 0 only if no rule was broken.

  --minutes N    rounds of new inputs for so long, with a random seed that is printed
  --seed N       begin with this seed
  subject        only the test files whose name contains it, such as "blobs" or "operations"
`;

/** A round of a long run has so many times the inputs of a short one, because starting takes time. */
const LONG_FACTOR = 2;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const readable = (count: number) => count.toLocaleString('en-US');

interface Round {
	ok: boolean;
	output: string;
	/** Inputs tried, by subject. */
	tried: Map<string, number>;
}

/** All tests once, in a process of their own. */
async function runRound(subjects: string[], seed: number | undefined, factor: number): Promise<Round> {
	const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
	const report = join(folder, 'inputs');
	const patterns = subjects.length > 0 ? subjects.map((subject) => `test/fuzz/.*${subject}`) : ['test/fuzz'];
	const child = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', ...patterns], {
		env: { ...process.env, FUZZ_REPORT: report, FUZZ_FACTOR: String(factor), ...(seed === undefined ? {} : { FUZZ_SEED: String(seed) }) },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk));
	try {
		const status = await new Promise((ended) => child.once('close', ended));
		return { ok: status === 0, output: Buffer.concat(output).toString('utf8'), tried: readReport(report) };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function readReport(path: string): Map<string, number> {
	const counts = new Map<string, number>();
	for (const line of readFileSync(path, 'utf8').trim().split('\n')) {
		const { subject, tried } = JSON.parse(line) as { subject: string; tried: number };
		counts.set(subject, (counts.get(subject) ?? 0) + tried);
	}
	return counts;
}

const total = (counts: Map<string, number>) => [...counts.values()].reduce((sum, count) => sum + count, 0);

async function main(): Promise<number> {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { minutes: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
	});
	if (values.help) {
		say(HELP);
		return 0;
	}
	const isLong = values.minutes !== undefined;
	const endsAt = Date.now() + Number(values.minutes ?? 0) * 60_000;
	let seed = values.seed !== undefined ? Number(values.seed) : isLong ? Math.floor(Math.random() * 1e9) : undefined;
	if (seed !== undefined) say(`Seed ${seed}`);
	const all = new Map<string, number>();
	const started = Date.now();
	for (let round = 1; ; round++) {
		const { ok, output, tried } = await runRound(positionals, seed, isLong ? LONG_FACTOR : 1);
		for (const [subject, count] of tried) all.set(subject, (all.get(subject) ?? 0) + count);
		if (!ok || !isLong) process.stderr.write(output);
		const minutes = ((Date.now() - started) / 60_000).toFixed(1);
		if (isLong) say(`Round ${round}${seed === undefined ? '' : `, seed ${seed}`}: ${ok ? 'held' : 'a rule was broken'}; ${readable(total(all))} inputs in ${minutes} min`);
		if (!ok || Date.now() >= endsAt) {
			for (const [subject, count] of [...all].sort()) say(`  ${subject.padEnd(12)} ${readable(count).padStart(10)}`);
			say(`Inputs fuzzed: ${readable(total(all))}`);
			return ok ? 0 : 1;
		}
		if (seed !== undefined) seed++;
	}
}

process.exitCode = await main();
