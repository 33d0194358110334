import { writeFileSync } from 'node:fs';
import { helpText } from './cliHelp.mts';
import { readCliOptions } from './cliOptions.mts';
import type { CliOptions } from './cliOptions.mts';
import { credentialForm } from './credentialForm.mts';
import { formatRequest } from './requestLog.mts';
import type { Simulator } from './types.mts';

async function main(): Promise<void> {
	const options = readCliOptions(process.argv.slice(2));
	if (options.help) {
		process.stdout.write(helpText());
		return;
	}
	// Only now, because help needs none of what has to be installed.
	const { startSimulator } = await import('./index.mts');
	const simulator = await startSimulator({
		...options.simulator,
		...(options.quiet
			? {}
			: { onRequest: (entry) => process.stdout.write(`${formatRequest(entry)}\n`) }),
	});
	if (simulator.certificateAuthority) writeFileSync(options.caFile, simulator.certificateAuthority);
	process.stdout.write(greeting(simulator, options));
	const end = async () => {
		process.stdout.write(`\n${simulator.ledger.summary()}\n`);
		await simulator.close();
		process.exit(0);
	};
	process.once('SIGINT', () => void end());
	process.once('SIGTERM', () => void end());
}

function greeting({ url, tenant, feed }: Simulator, { caFile, simulator }: CliOptions): string {
	return `
Simulated tenant with ${feed.blobs.length} content blobs. In n8n, create a credential "Office 365 Management API":

${credentialForm({ url, tenant })}
${simulator.tls ? `\n  Certificate authority (for NODE_EXTRA_CA_CERTS): ${caFile}\n` : ''}
Ledger: ${url}/_simulator/ledger    End it with Ctrl-C.

`;
}

main().catch((error: unknown) => {
	process.stderr.write(`${(error as Error).message}\nSee: npm run simulator -- --help\n`);
	process.exit(1);
});
