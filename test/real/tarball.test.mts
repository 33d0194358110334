import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runCommand } from '../../scripts/n8n/command.mts';
import { packPackage, ROOT } from '../../scripts/package.mts';
import { unpack } from './support/unpack.mts';
import type { UnpackedPackage } from './support/unpack.mts';

/** Paths of the checkout's files below a folder, relative to the checkout. */
function filesBelow(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}

/** What the build makes of one source file. */
function builtFrom(source: string): string[] {
	if (!source.endsWith('.ts')) return [`dist/${source}`];
	const base = `dist/${source.slice(0, -'.ts'.length)}`;
	return [`${base}.js`, `${base}.js.map`, `${base}.d.ts`];
}

describe('The published tarball', () => {
	let unpacked: UnpackedPackage;

	beforeAll(async () => {
		unpacked = await unpack(await packPackage());
	});

	afterAll(async () => {
		await unpacked.remove();
	});

	const text = (file: string) => readFileSync(join(unpacked.folder, file), 'utf8');

	it('holds what is built from nodes/, credentials/ and icons/, and the package’s own texts, and nothing else', () => {
		const sources = ['nodes', 'credentials', 'icons'].flatMap(filesBelow);
		const texts = ['LICENSE.md', 'README.md', 'index.js', 'package.json'];
		const changelog = unpacked.files.includes('CHANGELOG.md') ? ['CHANGELOG.md'] : [];
		const expected = [...sources.flatMap(builtFrom), ...texts, ...changelog].sort();
		expect(unpacked.files).toEqual(expected);
	});

	it('holds every file that package.json names for n8n', () => {
		const { n8n } = JSON.parse(text('package.json')) as {
			n8n: { nodes: string[]; credentials: string[] };
		};
		expect(unpacked.files).toEqual(expect.arrayContaining([...n8n.nodes, ...n8n.credentials]));
	});

	it('has no runtime dependencies, only n8n-workflow as peer', () => {
		const manifest = JSON.parse(text('package.json')) as Record<string, unknown>;
		expect(manifest['dependencies']).toBeUndefined();
		expect(manifest['peerDependencies']).toEqual({ 'n8n-workflow': '*' });
	});

	it('has source maps that bring their sources with them', () => {
		const maps = unpacked.files.filter((file) => file.endsWith('.map'));
		const withoutSources = maps.filter((file) => {
			const { sourcesContent } = JSON.parse(text(file)) as {
				sourcesContent?: Array<string | null>;
			};
			return !sourcesContent?.every((content) => typeof content === 'string');
		});
		expect(withoutSources).toEqual([]);
	});

	it('names no file of the machine it was built on', () => {
		const naming = unpacked.files.filter((file) => text(file).includes(ROOT));
		expect(naming).toEqual([]);
	});
});

describe('n8n’s package scanner', () => {
	/** In a process of its own: the scanner is an ES module with an ESLint inside. */
	async function scan(folder: string, patterns: 'source' | 'published'): Promise<unknown> {
		const script = `
			import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
			const [folder, patterns] = process.argv.slice(1);
			const published = ['**/*.js', 'package.json'];
			const result = await analyzePackage(folder, patterns === 'source' ? SOURCE_FILE_PATTERNS : published);
			console.log('RESULT ' + JSON.stringify(result));`;
		const args = ['--input-type=module', '-e', script, '--', folder, patterns];
		const output = await runCommand(process.execPath, args, { cwd: ROOT });
		return JSON.parse(/^RESULT (.*)$/m.exec(output)?.[1] ?? 'null');
	}

	it('reports nothing over the source', async () => {
		expect(await scan(ROOT, 'source')).toEqual({ passed: true });
	});

	it('reports nothing over the tarball', async () => {
		const unpacked = await unpack(await packPackage());
		try {
			expect(await scan(unpacked.folder, 'published')).toEqual({ passed: true });
		} finally {
			await unpacked.remove();
		}
	});
});
