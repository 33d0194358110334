import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { judge, type JestReport, type Verdict } from './judge.mts';

/** A break may keep a test from ever ending. */
const MAX_MS = 6 * 60_000;

/** Runs one test file in the copy. */
export async function runTests(dir: string, testFile: string, stop: AbortSignal): Promise<Verdict> {
	const report = join(dir, 'report.json');
	rmSync(report, { force: true });
	const jest = join(dir, 'node_modules/jest/bin/jest.js');
	const options = ['--rootDir', dir, '--runInBand', '--json', '--outputFile', report, '--runTestsByPath'];
	const args = ['--experimental-vm-modules', '--no-warnings', jest, ...options, join(dir, testFile)];
	// Fewer histories than in CI, the same ones, and the first that fails will do.
	const env = { HISTORIES: '600', ...process.env, SHRINK: 'no' };
	const limits = { timeout: MAX_MS, killSignal: 'SIGKILL' as const, signal: stop };
	const child = spawn(process.execPath, args, { cwd: dir, env, stdio: 'ignore', ...limits });
	child.once('error', () => undefined);
	const signal = await new Promise<string | null>((end) => child.once('close', (_code, by) => end(by)));
	stop.throwIfAborted();
	if (signal) return { kind: 'failed otherwise', why: `the tests did not end within ${MAX_MS / 60_000} minutes` };
	return judge(JSON.parse(readFileSync(report, 'utf8')) as JestReport);
}
