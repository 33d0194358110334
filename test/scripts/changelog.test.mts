import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

describe('A release', () => {
	const folder = mkdtempSync(join(tmpdir(), 'release-'));
	const git = (...args: string[]) =>
		execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: folder });

	afterAll(() => rmSync(folder, { recursive: true }));

	it('leaves the changelog that people write as it is: n8n-node release calls auto-changelog', () => {
		for (const file of ['.auto-changelog', 'CHANGELOG.md', 'package.json']) {
			cpSync(resolve(file), join(folder, file));
		}
		mkdirSync(join(folder, 'node_modules'));
		git('init', '--quiet');
		git('add', 'CHANGELOG.md');
		git('commit', '--quiet', '--message', 'First');
		git('remote', 'add', 'origin', 'https://github.com/example/example.git');
		const tool = resolve('node_modules/auto-changelog/src/index.js');
		execFileSync(process.execPath, [tool, '-p'], { cwd: folder });
		expect(readFileSync(join(folder, 'CHANGELOG.md'), 'utf8')).toBe(readFileSync('CHANGELOG.md', 'utf8'));
		expect(readFileSync(join(folder, 'node_modules', '.commits.md'), 'utf8')).toContain('0.1');
	});
});
