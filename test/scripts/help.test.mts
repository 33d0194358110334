import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A fresh clone: nothing is installed. */
describe('In a checkout without installed packages', () => {
	const folder = mkdtempSync(join(tmpdir(), 'clone-'));
	const run = (...args: string[]) =>
		spawnSync(process.execPath, ['scripts/run.cjs', ...args], { cwd: folder, encoding: 'utf8' });

	beforeAll(() => {
		for (const each of ['scripts', 'simulator', 'package.json']) {
			cpSync(resolve(each), join(folder, each), { recursive: true });
		}
	});

	afterAll(() => rmSync(folder, { recursive: true }));

	it.each(['demo', 'simulator'])('%s prints its help at once', (task) => {
		const { status, stdout, stderr } = run(task, '--help');
		expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
		expect(stdout).toContain(`npm run ${task} -- [`);
		expect(stdout).not.toContain('Installing');
	});
});
