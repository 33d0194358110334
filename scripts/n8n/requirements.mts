import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';

const GIB = 1024 ** 3;

function onPath(name: string): string | undefined {
	const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
	return (process.env['PATH'] ?? '')
		.split(delimiter)
		.flatMap((folder) => names.map((file) => join(folder, file)))
		.find((file) => existsSync(file));
}

/** What compiling n8n's sqlite3 needs and this machine lacks, as words for a sentence. */
export function missingBuildTools(): string[] {
	const tools: Array<[string, string[]]> = [
		['python3', ['python3', 'python']],
		['make', ['make', 'gmake', 'msbuild']],
		['a C++ compiler', ['g++', 'c++', 'clang++', 'cl']],
	];
	return tools.filter(([, programs]) => !programs.some(onPath)).map(([name]) => name);
}

export const BUILD_TOOLS_ADVICE =
	'Debian and Ubuntu: sudo apt-get install python3 make g++ · Fedora: sudo dnf install python3 make gcc-c++ · ' +
	'macOS: xcode-select --install';

/**
 * A folder with Node's C++ headers on this machine, so that compiling need not download them. sqlite3 uses
 * Node-API, which is the same in every Node version: the headers of any Node do.
 */
export function localNodeHeaders(): string | undefined {
	const configured = process.env['npm_config_nodedir'];
	const nodes = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'));
	const prefixes = nodes
		.filter((file) => existsSync(file))
		.map((file) => resolve(dirname(file), '..'));
	return [configured, dirname(dirname(process.execPath)), ...prefixes]
		.filter((prefix) => prefix !== undefined)
		.find((prefix) => existsSync(join(prefix, 'include', 'node', 'node_api.h')));
}

/** @throws Error if the folder's disk has less room than that */
export async function requireDiskSpace(folder: string, neededGb: number): Promise<void> {
	await mkdir(folder, { recursive: true });
	const { bavail, bsize } = await statfs(folder);
	const freeGb = (bavail * bsize) / GIB;
	if (freeGb >= neededGb) return;
	throw new Error(
		`Not enough room in ${folder}: about ${neededGb.toFixed(1)} GB are needed, ${freeGb.toFixed(1)} GB are free. ` +
			'Set XDG_CACHE_HOME to a folder on a larger disk.',
	);
}
