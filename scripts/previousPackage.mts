import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { runCommand, runNpm } from './n8n/command.mts';
import { ROOT } from './package.mts';

/** Before the first release: a state of the development whose trigger stored less than it does now. */
const BEFORE_FIRST_RELEASE = '47b80df';

function git(...args: string[]): string {
	try {
		return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();
	} catch {
		return '';
	}
}

/** The release before this commit, as git knows it; undefined in a copy without history. */
export function previousRelease(): string | undefined {
	const tag = git('describe', '--tags', '--abbrev=0', '--match', '*.*.*', 'HEAD^');
	return tag || git('rev-parse', '--verify', '--quiet', `${BEFORE_FIRST_RELEASE}^{commit}`) || undefined;
}

/**
 * Builds and packs the source of that commit, with the development packages of the present one.
 *
 * @returns path of the `.tgz` file, kept for the next time
 */
export async function packRelease(commit: string): Promise<string> {
	const kept = join(ROOT, '.tmp', 'previous', commit);
	if (!existsSync(kept)) await buildInto(kept, commit);
	const tarball = (await readdir(kept)).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error(`${kept} holds no package`);
	return join(kept, tarball);
}

async function buildInto(target: string, commit: string): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'previous-'));
	const modules = join(ROOT, 'node_modules');
	const source = join(folder, 'source');
	const packed = `${target}.partial-${process.pid}`;
	try {
		await mkdir(source);
		await mkdir(packed, { recursive: true });
		const archive = join(folder, 'source.tar');
		await runCommand('git', ['archive', '--output', archive, commit], { cwd: ROOT });
		await runCommand('tar', ['-xf', archive, '-C', source], { cwd: folder });
		await symlink(modules, join(source, 'node_modules'), 'junction');
		const run = async (...args: string[]) =>
			await runCommand(process.execPath, args, { cwd: source });
		await run(join(modules, 'typescript', 'bin', 'tsc'));
		await run(join(modules, 'gulp', 'bin', 'gulp.js'), '--silent');
		await runNpm(['pack', '--ignore-scripts', '--pack-destination', packed], { cwd: source });
		await rename(packed, target).catch(async () => await rm(packed, { recursive: true }));
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
