/**
 * `npm run demo`: the package in a real n8n, against a simulated tenant, from an empty machine to the verdict.
 * Exits with 0 only if every event of the tenant was delivered once.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Simulator } from '../simulator/types.mts';
import { CHECK_SETUP, FETCH_EVENTS, importExamples, runExample } from './demo/examples.mts';
import { HELP, parseOptions } from './demo/options.mts';
import { bold, dim, green, print, red } from './demo/print.mts';
import { eventsPerContentType, fewEvents, printChecks } from './demo/report.mts';
import { printVerdict, startTenant } from './demo/tenant.mts';
import { cleanUpOnExit } from './n8n/cleanup.mts';
import type { Cleanup } from './n8n/cleanup.mts';
import { createCredential, testCredential } from './n8n/credentials.mts';
import type { StoredCredential } from './n8n/credentials.mts';
import { startN8n } from './n8n/index.mts';
import type { RunningN8n } from './n8n/index.mts';
import { installN8n } from './n8n/install.mts';
import { readableTime } from './n8n/progress.mts';
import { OWNER } from './n8n/rest.mts';
import type { RestSession } from './n8n/rest.mts';
import { N8N_2 } from './n8n/versions.mts';
import { buildPackage, packPackage } from './package.mts';
import { CREDENTIAL_TYPE, credentialFor, servedRecords } from './simulatedTenant.mts';

const STEPS = 6;

let stepNumber = 0;
const step = (title: string) => print(`\n${bold(`[${++stepNumber}/${STEPS}] ${title}`)}`);
const say = (line: string) => print(dim(`  ${line.trim()}`));

/** Steps 1 to 4: everything that has to run. */
async function setUp(
	cleanup: Cleanup,
	eventsFile?: string,
): Promise<{ simulator: Simulator; n8n: RunningN8n }> {
	step(`n8n ${N8N_2.version}`);
	const { folder } = await installN8n(N8N_2, say);
	say(`in ${folder}`);

	step('Our package');
	say((await buildPackage()) ? 'built' : 'is built already');
	const tarball = await packPackage();
	say(`${basename(tarball)}, ${Math.ceil((await stat(tarball)).size / 1024)} KB`);

	step('A simulated Microsoft 365 tenant');
	const simulator = await startTenant(eventsFile);
	cleanup.add(async () => await simulator.close());
	const records = servedRecords(simulator).length;
	say(`${simulator.url}, ${records} audit records in ${simulator.feed.blobs.length} content blobs`);

	step('n8n with the package installed');
	const started = Date.now();
	const n8n = await startN8n({ tarball, say });
	cleanup.add(async () => await n8n.close());
	say(`${n8n.server.url}, ready in ${readableTime(Date.now() - started)}`);
	return { simulator, n8n };
}

/** Step 5: fills in the credential's form, saves it, and presses its test. Undefined if the test finds fault. */
async function connect(
	session: RestSession,
	simulator: Simulator,
): Promise<StoredCredential | undefined> {
	step('The credential and its test');
	const name = 'Office 365 Management API (simulated)';
	const data = credentialFor(simulator);
	const credential = await createCredential(session, CREDENTIAL_TYPE, name, data);
	const { status, message } = await testCredential(session, credential);
	const works = status === 'OK';
	print(`  ${works ? green('✓') : red('✗')} ${message}`);
	return works ? credential : undefined;
}

/** Step 6: runs the examples and compares what came out with what the tenant holds. */
async function fetchEvents(
	session: RestSession,
	simulator: Simulator,
	credential: StoredCredential,
): Promise<boolean> {
	step('The example workflows');
	const examples = await importExamples(session, credential, say);
	print(`\n  ${bold('Setup check')}`);
	printChecks(await runExample(session, examples, CHECK_SETUP));
	const started = Date.now();
	const items = await runExample(session, examples, FETCH_EVENTS);
	const took = readableTime(Date.now() - started);
	print(`\n  ${bold(`Audit events of the last 7 days: ${items.length} in ${took}`)}`);
	print(`${eventsPerContentType(items)}\n\n${fewEvents(items)}`);
	return printVerdict(simulator, items);
}

function printDoor(url: string): void {
	print(`\n${bold('n8n stays open. Look around:')}`);
	print(`  ${url}\n  e-mail    ${OWNER.email}\n  password  ${OWNER.password}`);
	print(dim('  Ctrl-C ends n8n and the simulated tenant and removes their data.'));
}

async function main(): Promise<boolean> {
	const { help, open, eventsFile } = parseOptions(process.argv.slice(2));
	if (help) {
		print(HELP);
		return true;
	}
	const started = Date.now();
	print(bold('Office 365 Management for n8n: a demo on this machine, without any account'));
	const cleanup = cleanUpOnExit();
	try {
		const { simulator, n8n } = await setUp(cleanup, eventsFile);
		const credential = await connect(n8n.session, simulator);
		const holds = credential ? await fetchEvents(n8n.session, simulator, credential) : false;
		print(dim(`  The demo took ${readableTime(Date.now() - started)}.`));
		if (open) {
			printDoor(n8n.server.url);
			await cleanup.untilInterrupted();
		}
		return holds;
	} finally {
		await cleanup.run();
	}
}

main().then(
	(holds) => process.exit(holds ? 0 : 1),
	(error: unknown) => {
		process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
