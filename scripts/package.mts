import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runCommand, runNpm } from './n8n/command.mts';

export const ROOT = resolve(fileURLToPath(new URL('..', import.meta.url)));
/** Built things that are no part of the checkout; ignored by git. */
const WORK = join(ROOT, '.tmp');
const STAMP = join(WORK, 'built');

/** Everything that decides what `npm run build` makes. */
const SOURCES = [
	'nodes',
	'credentials',
	'icons',
	'tsconfig.json',
	'gulpfile.js',
	'package-lock.json',
];

async function filesOf(path: string): Promise<string[]> {
	const info = await stat(path).catch(() => undefined);
	if (!info) return [];
	if (!info.isDirectory()) return [path];
	const entries = await readdir(path, { recursive: true, withFileTypes: true });
	return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
}

/** One hash over names and contents of files and folders of the checkout. */
async function fingerprint(paths: string[]): Promise<string> {
	const files = (
		await Promise.all(paths.map(async (path) => await filesOf(join(ROOT, path))))
	).flat();
	const hash = createHash('sha256');
	for (const file of files.sort())
		hash
			.update(`${file}\0`)
			.update(await readFile(file))
			.update('\0');
	return hash.digest('hex');
}

/** What was built, from what: differs as soon as either the sources or `dist/` were changed since. */
async function buildState(): Promise<string> {
	return `${await fingerprint(SOURCES)} ${await fingerprint(['dist'])}`;
}

/**
 * Runs `npm run build`, unless `dist/` already is what the sources give.
 *
 * @returns whether there was anything to do
 * @throws Error with the compiler's messages
 */
export async function buildPackage(): Promise<boolean> {
	const stamp = await readFile(STAMP, 'utf8').catch(() => '');
	if (stamp === (await buildState())) return false;
	await runCommand(process.execPath, ['scripts/run.cjs', 'build'], { cwd: ROOT });
	await mkdir(WORK, { recursive: true });
	await writeFile(STAMP, await buildState());
	return true;
}

/**
 * The tarball that `npm publish` would send, from `dist/` as it is. Kept by content, so that packing again is free.
 *
 * @returns path of the `.tgz` file
 */
export async function packPackage(): Promise<string> {
	const texts = ['README.md', 'CHANGELOG.md', 'LICENSE.md', 'package.json', 'index.js'];
	const folder = join(WORK, 'package', (await fingerprint(['dist', ...texts])).slice(0, 16));
	const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
		name: string;
		version: string;
	};
	const tarball = join(folder, `${name}-${version}.tgz`);
	if (existsSync(tarball)) return tarball;
	// Packed beside and then renamed, because several test files may ask at once.
	const partial = `${folder}.partial-${process.pid}`;
	await mkdir(partial, { recursive: true });
	await runNpm(['pack', '--ignore-scripts', '--pack-destination', partial], { cwd: ROOT });
	await rename(partial, folder).catch(async () => await rm(partial, { recursive: true }));
	return tarball;
}
