/**
 * `npm run demo`: the package in a real n8n, against a simulated tenant, from an empty machine to the verdict.
 * Exits with 0 only if every event of the tenant was delivered once.
 */
import { HELP, parseOptions } from './demo/options.mts';
import { readNdjson } from './readNdjson.mts';

async function main(): Promise<boolean> {
	const { help, open, eventsFile } = parseOptions(process.argv.slice(2));
	if (help) {
		process.stdout.write(HELP);
		return true;
	}
	// First of all: nobody should wait for n8n to be told of a wrong path.
	const records = eventsFile === undefined ? undefined : await readNdjson(eventsFile);
	// Only now, because help needs none of what has to be installed.
	const { runDemo } = await import('./demo/run.mts');
	return await runDemo({ open, ...(records && { records }) });
}

main().then(
	(holds) => process.exit(holds ? 0 : 1),
	(error: unknown) => {
		process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
