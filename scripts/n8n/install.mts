import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheFolder } from './cacheFolder.mts';
import { runCommand, runNpm } from './command.mts';
import { withLock } from './lock.mts';
import { readableTime, withProgress } from './progress.mts';
import type { Say } from './progress.mts';
import {
	BUILD_TOOLS_ADVICE,
	localNodeHeaders,
	missingBuildTools,
	requireDiskSpace,
} from './requirements.mts';
import type { N8nVersion } from './versions.mts';

export interface InstalledN8n extends Pick<N8nVersion, 'version' | 'environment'> {
	folder: string;
	/** The JavaScript file to start with Node. */
	bin: string;
}

/** Written last: a folder without it is not a finished installation. */
const STAMP = 'installed.json';
/** On top of the installed folder: what npm unpacks and keeps in its own cache. */
const NPM_CACHE_GB = 1;

function describe(folder: string, { version, environment }: N8nVersion): InstalledN8n {
	return { version, environment, folder, bin: join(folder, 'node_modules', 'n8n', 'bin', 'n8n') };
}

const KIB_PER_GB = 1024 ** 2;

/** Folder size in GB, for the progress lines; undefined where there is no `du`. */
async function sizeOf(folder: string): Promise<number | undefined> {
	// du also answers, and complains, when npm moves files meanwhile.
	const output = await runCommand('du', ['-sk', folder], { cwd: folder }).catch(
		(e: Error) => e.message,
	);
	const kib = Number(/^(\d+)\s/m.exec(output)?.[1]);
	return kib > 0 ? kib / KIB_PER_GB : undefined;
}

/** npm first works out and downloads what is needed; only then something arrives in the folder. */
async function sizeSoFar(folder: string): Promise<string> {
	const size = await sizeOf(folder);
	if (size === undefined) return '';
	return size < 0.05 ? 'finding out what is needed' : `${size.toFixed(2)} GB so far`;
}

/** n8n's database driver is native code: downloaded ready-made if possible, else compiled here. */
async function buildSqlite(folder: string): Promise<void> {
	const headers = localNodeHeaders();
	const args = ['rebuild', 'sqlite3', '--ignore-scripts=false', '--no-audit', '--no-fund'];
	try {
		const env = { JOBS: 'max', ...(headers && { npm_config_nodedir: headers }) };
		await runNpm(args, { cwd: folder, env });
		await runCommand(process.execPath, ['-e', "require('sqlite3')"], { cwd: folder });
	} catch (error) {
		const missing = missingBuildTools();
		const because = missing.length
			? `compiling it needs ${missing.join(', ')}, which this machine lacks. ${BUILD_TOOLS_ADVICE}`
			: 'the end of its output is below.';
		throw new Error(
			"n8n's database driver (sqlite3) is not usable: no ready-made binary could be downloaded, and " +
				`${because}\n\n${error instanceof Error ? error.message : String(error)}`,
		);
	}
}

/** Into a sibling folder that gets its real name only when everything in it is finished. */
async function installInto(target: string, n8n: N8nVersion, say: Say): Promise<void> {
	const { version, overrides } = n8n;
	const partial = `${target}.partial-${process.pid}`;
	await mkdir(partial, { recursive: true });
	const manifest = {
		private: true,
		dependencies: { n8n: version },
		...(overrides && { overrides }),
	};
	await writeFile(join(partial, 'package.json'), JSON.stringify(manifest));
	const size = async () => await sizeSoFar(partial);
	// Without scripts: n8n's optional Kafka driver would not compile on most machines.
	const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	const download = async () => await runNpm(args, { cwd: partial });
	await withProgress(say, `Downloading n8n ${version}`, download, size);
	await withProgress(
		say,
		"Preparing n8n's database driver",
		async () => await buildSqlite(partial),
	);
	const stamp = { version, at: new Date().toISOString() };
	await writeFile(join(partial, STAMP), JSON.stringify(stamp));
	await rename(partial, target);
}

/** What an interrupted installation left behind; called only while holding the lock. */
async function removeLeftovers(cache: string, name: string): Promise<void> {
	const entries = await readdir(cache);
	const partial = entries.filter((entry) => entry.startsWith(`${name}.partial-`));
	for (const entry of [...partial, name]) {
		await rm(join(cache, entry), { recursive: true, force: true });
	}
}

/**
 * A real n8n in the cache folder, installed once per version and shared by all checkouts.
 *
 * @throws Error in plain words: no room, no network, sqlite3 neither downloaded nor compiled
 */
export async function installN8n(n8n: N8nVersion, say: Say): Promise<InstalledN8n> {
	const cache = cacheFolder();
	const name = `n8n-${n8n.version}`;
	const target = join(cache, name);
	const isComplete = () => existsSync(join(target, STAMP));
	if (isComplete()) return describe(target, n8n);

	const neededGb = n8n.sizeGb + NPM_CACHE_GB;
	await requireDiskSpace(cache, neededGb);
	const install = async () => {
		if (isComplete()) return;
		const missing = missingBuildTools();
		say(`  n8n ${n8n.version} is downloaded once (${n8n.sizeGb} GB, some minutes) into ${target}`);
		if (missing.length) {
			say(
				`  Not found here: ${missing.join(', ')}. That is fine as long as a ready-made sqlite3 can be`,
			);
			say(`  downloaded; if not, they are needed. ${BUILD_TOOLS_ADVICE}`);
		}
		const started = Date.now();
		await removeLeftovers(cache, name);
		await installInto(target, n8n, say);
		const took = readableTime(Date.now() - started);
		const size = (await sizeOf(target)) ?? n8n.sizeGb;
		say(`  n8n ${n8n.version} installed in ${took}, ${size.toFixed(1)} GB`);
	};
	const onWait = () => say(`  Another process is installing n8n ${n8n.version}; waiting for it`);
	await withLock(join(cache, `${name}.lock`), install, onWait);
	return describe(target, n8n);
}
