/**
 * Breaks one rule of checkpoint or delivery at a time, in a copy of the sources, and plays the random histories against it:
 * each of them has to fail. `node test/trigger/collector/breaks.mts [part of a name]`; exits 1 if a break goes unnoticed.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

interface Break {
	rule: string;
	file: string;
	from: string;
	to: string;
}

const BREAKS: Break[] = [
	{
		rule: 'the overlap is listed again',
		file: 'nodes/feed/checkpoint/recordListing.ts',
		from: 'Math.min(window.endMs, listedMs - overlapMs - CLOCK_SKEW_MS)',
		to: 'window.endMs',
	},
	{
		rule: 'clocks may differ by minutes',
		file: 'nodes/feed/checkpoint/listingPlan.ts',
		from: 'CLOCK_SKEW_MS = 10 * MINUTE_MS',
		to: 'CLOCK_SKEW_MS = 0 * MINUTE_MS',
	},
	{
		rule: 'the stored watermark stays behind every blob that is not settled',
		file: 'nodes/feed/checkpoint/recordListing.ts',
		from: 'if (!isStored(open)) watermarkMs = Math.min(watermarkMs, open.blob.createdMs);',
		to: 'if (isStored(open)) watermarkMs = Math.min(watermarkMs, open.blob.createdMs);',
	},
	{
		rule: 'blobs in trouble are stored',
		file: 'nodes/feed/checkpoint/storedBlobs.ts',
		from: '.filter((open) => open.touched || ',
		to: '.filter((open) => ',
	},
	{
		rule: 'a blob is remembered after its delivery',
		file: 'nodes/feed/checkpoint/ranges.ts',
		from: 'if (createdMs >= type.rememberedMs) addContent',
		to: 'if (createdMs < type.rememberedMs) addContent',
	},
	{
		rule: 'what is remembered is dropped by contentCreated, not by the clock on the wall',
		file: 'nodes/feed/checkpoint/recordListing.ts',
		from: 'const beforeMs = Math.min(watermarkMs, type.dayListedMs);',
		to: 'const beforeMs = Math.max(watermarkMs, type.overlapListedMs);',
	},
	{
		rule: 'the checkpoint moves after the run has succeeded, not when it is handed over',
		file: 'nodes/trigger/collector/runs.ts',
		from: "if (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);",
		to: 'recordDelivered(session.state, batch);',
	},
	{
		rule: 'with atMostOnce it moves when the run is handed over',
		file: 'nodes/trigger/collector/runs.ts',
		from: "if (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);",
		to: '',
	},
	{
		rule: 'a failed batch goes back',
		file: 'nodes/trigger/collector/runs.ts',
		from: "if (result === 'delivered') {",
		to: "if (result !== 'unknown') {",
	},
	{
		rule: 'a run that never ends is given up after the delivery timeout',
		file: 'nodes/trigger/collector/runs.ts',
		from: 'if (ports.runtime.now() - run.startedMs >= options.deliveryTimeoutMs) {',
		to: 'if (ports.runtime.now() < 0) {',
	},
	{
		rule: 'event Ids are remembered',
		file: 'nodes/feed/checkpoint/outcome.ts',
		from: 'rememberEvents(state.seenEvents, batch.ids);',
		to: 'rememberEvents(state.seenEvents, []);',
	},
	{
		rule: 'events without Id always pass',
		file: 'nodes/trigger/collector/prepare.ts',
		from: "return typeof Id === 'string' && Id !== '' ? fingerprint(Id) : undefined;",
		to: "return fingerprint(String(Id));",
	},
	{
		rule: 'progress inside a blob that is larger than a batch is kept',
		file: 'nodes/trigger/collector/prepare.ts',
		from: 'if (at < end) cutRange(open, range, at);\n\telse range.to',
		to: 'range.to',
	},
	{
		rule: 'the newer copy in memory wins over an older one from the database',
		file: 'nodes/trigger/collector/session.ts',
		from: 'if (memory && !(Number(storedSequence) > memory.state.sequence)) return memory;',
		to: '',
	},
	{
		rule: 'content types do not hold each other up',
		file: 'nodes/trigger/collector/listNews.ts',
		from: 'typeFailed(work, type, listed.failure);',
		to: 'for (const each of session.state.types.values()) each.finalMs = each.frontierMs = ports.runtime.now();',
	},
	{
		rule: 'a blob that cannot be read is tried until it expires',
		file: 'nodes/feed/checkpoint/readOutcome.ts',
		from: 'if (nowMs >= (open.blob.expiresMs ?? open.listedMs + DEFAULT_LIFE_MS)) {',
		to: "if (open.reading.failures >= 2) {",
	},
	{
		rule: 'a blob that cannot be read does not keep the others from being read',
		file: 'nodes/feed/checkpoint/nextWork.ts',
		from: '.sort((a, b) => a.reading.notBeforeMs - b.reading.notBeforeMs);',
		to: '.sort(byCreation);',
	},
	{
		rule: 'the start is honoured exactly',
		file: 'nodes/feed/checkpoint/recordListing.ts',
		from: 'blob.createdMs >= Math.max(type.startMs, type.rememberedMs)',
		to: 'blob.createdMs >= type.rememberedMs - 3_600_000',
	},
];

const ROOT = resolve(import.meta.dirname, '../../..');

function copySources(): string {
	const dir = mkdtempSync(join(tmpdir(), 'breaks-'));
	for (const each of ['nodes', 'test/trigger/collector', 'scripts', 'jest.config.cjs', 'package.json']) {
		cpSync(join(ROOT, each), join(dir, each), { recursive: true });
	}
	symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
	return dir;
}

function isNoticed(dir: string): boolean {
	const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
	const args = ['--experimental-vm-modules', '--no-warnings', jest, '--rootDir', dir, 'history.test'];
	const env = { ...process.env, SHRINK: 'no' };
	// A break may also keep a history from ever ending.
	const limits = { timeout: 4 * 60_000, killSignal: 'SIGKILL' as const };
	return spawnSync(process.execPath, args, { cwd: dir, env, stdio: 'ignore', ...limits }).status !== 0;
}

function apply(dir: string, { file, from, to }: Break): () => void {
	const path = join(dir, file);
	const original = readFileSync(path, 'utf8');
	if (original.split(from).length !== 2) throw new Error(`${file} has no single place "${from}"`);
	writeFileSync(path, original.replace(from, () => to));
	return () => writeFileSync(path, original);
}

function main(): void {
	const wanted = process.argv[2] ?? '';
	const dir = copySources();
	let unnoticed = 0;
	try {
		if (isNoticed(dir)) throw new Error('The histories fail without any break');
		for (const each of BREAKS.filter(({ rule }) => rule.includes(wanted))) {
			const restore = apply(dir, each);
			const noticed = isNoticed(dir);
			restore();
			if (!noticed) unnoticed++;
			process.stdout.write(`${noticed ? 'noticed  ' : 'UNNOTICED'} ${each.rule}\n`);
		}
	} finally {
		rmSync(dir, { recursive: true, force: true });
	}
	process.exitCode = unnoticed > 0 ? 1 : 0;
}

main();
