import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { startN8n } from '../../../scripts/n8n/index.mts';
import type { RunningN8n, StartOptions } from '../../../scripts/n8n/index.mts';
import { chosenVersion } from '../../../scripts/n8n/versions.mts';
import { packPackage, ROOT } from '../../../scripts/package.mts';

/** The first start after an installation takes longer; `npm test` installs n8n before. */
export const START_TIMEOUT_MS = 480_000;

/** A real n8n with our package installed from its tarball. `dist/` must have been built. */
export async function startRealN8n(options: StartOptions = {}): Promise<RunningN8n> {
	if (!existsSync(join(ROOT, 'dist', 'nodes'))) throw new Error('Run npm run build first');
	return await startN8n({ n8n: chosenVersion(), tarball: await packPackage(), ...options });
}
