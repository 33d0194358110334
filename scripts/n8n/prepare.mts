/** Makes a real n8n ready for the tests: installs it and prepares its empty database, both once. */
import { cleanUpOnExit } from './cleanup.mts';
import { installN8n } from './install.mts';
import { withProgress } from './progress.mts';
import type { Say } from './progress.mts';
import { createUserFolder } from './userFolder.mts';
import { chosenVersion } from './versions.mts';

const say: Say = (line) => void process.stdout.write(`${line}\n`);

cleanUpOnExit();
try {
	const n8n = await installN8n(chosenVersion(), say);
	const prepare = async () => await (await createUserFolder(n8n)).remove();
	await withProgress(say, 'Creating the database of an empty n8n', prepare);
	say(`  n8n ${n8n.version} is ready`);
} catch (error) {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(1);
}
