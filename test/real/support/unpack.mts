import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { runCommand } from '../../../scripts/n8n/command.mts';

export interface UnpackedPackage {
	folder: string;
	/** Paths relative to the package, sorted. */
	files: string[];
	remove(): Promise<void>;
}

/** Unpacks an npm tarball into a temporary folder. */
export async function unpack(tarball: string): Promise<UnpackedPackage> {
	const parent = await mkdtemp(join(tmpdir(), 'tarball-'));
	await runCommand('tar', ['-xzf', tarball, '-C', parent], { cwd: parent });
	const folder = join(parent, 'package');
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)))
		.sort();
	return { folder, files, remove: async () => await rm(parent, { recursive: true }) };
}
