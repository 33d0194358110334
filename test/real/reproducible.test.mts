import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand, runNpm } from '../../scripts/n8n/command.mts';
import { ROOT } from '../../scripts/package.mts';

/** All that `npm run build` and `npm pack` read. */
const INPUTS = [
	'nodes',
	'credentials',
	'icons',
	'index.js',
	'gulpfile.js',
	'tsconfig.json',
	'package.json',
	'README.md',
	'CHANGELOG.md',
	'LICENSE.md',
	'.npmrc',
];

describe('npm pack', () => {
	const folders: string[] = [];

	afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

	/** SHA-256 of the tarball made in a folder of its own. */
	async function packElsewhere(name: string): Promise<string> {
		const folder = mkdtempSync(join(tmpdir(), name));
		folders.push(folder);
		// Times of files are new in each copy, as in each clone.
		for (const input of INPUTS) cpSync(join(ROOT, input), join(folder, input), { recursive: true });
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
		const node = async (...args: string[]) =>
			await runCommand(process.execPath, args, { cwd: folder });
		await node('node_modules/typescript/bin/tsc');
		await node('node_modules/gulp/bin/gulp.js', '--silent');
		await runNpm(['pack', '--ignore-scripts'], { cwd: folder });
		const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) as string;
		return createHash('sha256')
			.update(readFileSync(join(folder, tarball)))
			.digest('hex');
	}

	it('makes the same bytes of the same sources, whatever the folder and the time', async () => {
		expect(await packElsewhere('one-')).toBe(await packElsewhere('another-folder-'));
	}, 300_000);
});
