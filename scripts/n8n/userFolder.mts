import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cacheFolder } from './cacheFolder.mts';
import { runNpm } from './command.mts';
import type { InstalledN8n } from './install.mts';
import { startServer } from './server.mts';

/** An n8n user folder of its own: database, settings, community packages. */
export interface UserFolder {
	path: string;
	encryptionKey: string;
	remove(): Promise<void>;
}

const KEY_FILE = 'encryption-key';

async function temporaryFolder(encryptionKey: string): Promise<UserFolder> {
	const path = await mkdtemp(join(tmpdir(), 'n8n-user-'));
	const remove = async () => {
		process.off('exit', removeAtExit);
		await rm(path, { recursive: true, force: true, maxRetries: 5 });
	};
	// For whoever is interrupted before it could call remove().
	const removeAtExit = () => rmSync(path, { recursive: true, force: true });
	process.once('exit', removeAtExit);
	return { path, encryptionKey, remove };
}

/**
 * A folder whose database n8n has created and migrated already: that takes longer than all the rest of a start,
 * and its result is always the same.
 */
async function migratedTemplate(n8n: InstalledN8n): Promise<string> {
	const template = join(cacheFolder(), `user-folder-${n8n.version}`);
	if (existsSync(join(template, KEY_FILE))) return template;
	const key = randomBytes(24).toString('base64');
	const fresh = await temporaryFolder(key);
	try {
		const server = await startServer(n8n, fresh);
		await server.stop();
		const partial = `${template}.partial-${process.pid}`;
		await cp(join(fresh.path, '.n8n'), join(partial, '.n8n'), { recursive: true });
		await writeFile(join(partial, KEY_FILE), key);
		// Whoever is second finds the place taken by an equal template.
		await rename(partial, template).catch(
			async () => await rm(partial, { recursive: true, force: true }),
		);
	} finally {
		await fresh.remove();
	}
	return template;
}

/** A new user folder without any account; to be removed by whoever asked for it. */
export async function createUserFolder(n8n: InstalledN8n): Promise<UserFolder> {
	const template = await migratedTemplate(n8n);
	const folder = await temporaryFolder(await readFile(join(template, KEY_FILE), 'utf8'));
	await cp(join(template, '.n8n'), join(folder.path, '.n8n'), { recursive: true });
	return folder;
}

/**
 * Installs a community package from its tarball where n8n looks for them, as the manual installation in n8n's docs
 * does it. Peer dependencies stay out, as with n8n's own installer: n8n-workflow is what the running n8n brings.
 * https://docs.n8n.io/integrations/community-nodes/installation/manual-install/
 */
export async function installPackage({ path }: UserFolder, tarball: string): Promise<void> {
	const nodes = join(path, '.n8n', 'nodes');
	await mkdir(nodes, { recursive: true });
	const manifest = { name: 'installed-nodes', private: true, dependencies: {} };
	await writeFile(join(nodes, 'package.json'), JSON.stringify(manifest));
	const flags = ['--omit=dev', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
	await runNpm(['install', ...flags, '--prefer-offline', tarball], { cwd: nodes });
}
