import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';

import { cacheFolder } from '../../scripts/n8n/cacheFolder.mts';
import { N8N_2 } from '../../scripts/n8n/versions.mts';
import { ROOT } from '../../scripts/package.mts';
import type { Machine } from './types.mts';

function versionOf(modules: string, name: string): string {
	const manifest = readFileSync(join(modules, name, 'package.json'), 'utf8');
	return (JSON.parse(manifest) as { version: string }).version;
}

/** What the figures depend on besides our own code. */
export function describeMachine(): Machine {
	const modules = join(ROOT, 'node_modules');
	const installed = join(cacheFolder(), `n8n-${N8N_2.version}`, 'node_modules');
	return {
		cpu: cpus()[0]?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 1024 ** 3),
		platform: `${type()} ${release()}`,
		versions: {
			node: process.versions.node,
			n8n: N8N_2.version,
			'n8n-core': versionOf(modules, 'n8n-core'),
			'n8n-nodes-base': versionOf(installed, 'n8n-nodes-base'),
			axios: versionOf(modules, 'axios'),
			'this package': versionOf(ROOT, '.'),
		},
	};
}
