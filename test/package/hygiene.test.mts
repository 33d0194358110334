import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/package.mts';

interface Locked {
	integrity?: string;
	resolved?: string;
	hasInstallScript?: boolean;
	dependencies?: Record<string, string>;
	devDependencies?: Record<string, string>;
	optionalDependencies?: Record<string, string>;
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as { scripts: Record<string, string> } & Record<
	string,
	unknown
>;
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(lock.packages);

/** Where Node would look for a package, from the innermost folder outwards. */
function isLocked(from: string, name: string): boolean {
	for (
		let folder = from;
		;
		folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))
	) {
		if (`${folder && `${folder}/`}node_modules/${name}` in lock.packages) return true;
		if (folder === '') return false;
	}
}

/** `n8n-node release` calls it by this name. */
const CALLED_BY_N8N_NODE = ['release-it'];
/** Where a development package can be used; the first is for the settings of tools. */
const USERS = ['', 'scripts', 'simulator', 'test', 'bench', 'nodes'];

describe('the published package', () => {
	it('runs nothing when it is installed', () => {
		const atInstallation = [
			'preinstall',
			'install',
			'postinstall',
			'prepare',
			'prepublish',
			'preprepare',
			'postprepare',
		];
		expect(Object.keys(manifest.scripts).filter((name) => atInstallation.includes(name))).toEqual(
			[],
		);
	});

	it('brings no other package with it', () => {
		for (const field of [
			'dependencies',
			'optionalDependencies',
			'bundleDependencies',
			'bundledDependencies',
			'overrides',
		]) {
			expect(manifest).not.toHaveProperty(field);
		}
		expect(manifest['peerDependencies']).toEqual({ 'n8n-workflow': '*' });
	});
});

describe('the lock file', () => {
	it('holds every package of every platform, so that npm ci works on all of them', () => {
		const missing = locked.flatMap(
			([path, { dependencies, devDependencies, optionalDependencies }]) =>
				Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
					.filter((name) => !isLocked(path, name))
					.map((name) => `${path || 'package.json'} needs ${name}`),
		);
		expect(missing).toEqual([]);
	});

	it('has the hash of every package, and the address of none', () => {
		const packages = locked.filter(([path]) => path !== '');
		expect(
			packages
				.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))
				.map(([path]) => path),
		).toEqual([]);
		expect(
			packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
		).toEqual([]);
	});
});

describe('the development packages', () => {
	it('are pinned exactly', () => {
		const versions = Object.values(manifest['devDependencies'] as Record<string, string>);
		expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
	});

	it('are each used by something here, or are types', () => {
		const used = USERS.flatMap((folder) =>
			readdirSync(join(ROOT, folder), { recursive: folder !== '', withFileTypes: true })
				.filter((entry) => entry.isFile() && /\.([cm]?[jt]s|json)$/.test(entry.name) && !/^package(-lock)?\.json$/.test(entry.name))
				.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')),
		).join('\n');
		const names = Object.keys(manifest['devDependencies'] as Record<string, string>);
		const isUsed = (name: string) =>
			!CALLED_BY_N8N_NODE.includes(name) && new RegExp(`['"/\\s]${name}(['"/]|$)`, 'm').test(used);
		expect(names.filter((name) => !name.startsWith('@types/') && !isUsed(name))).toEqual(CALLED_BY_N8N_NODE);
	});

	it('run no scripts of their own when they are installed', () => {
		expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
	});
});
