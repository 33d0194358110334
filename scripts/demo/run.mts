import { stat } from 'node:fs/promises';
import { basename } from 'node:path';

import { credentialForm } from '../../simulator/credentialForm.mts';
import type { Simulator } from '../../simulator/types.mts';
import { cleanUpOnExit } from '../n8n/cleanup.mts';
import type { Cleanup } from '../n8n/cleanup.mts';
import { createCredential, testCredential } from '../n8n/credentials.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import { startN8n } from '../n8n/index.mts';
import type { RunningN8n } from '../n8n/index.mts';
import { installN8n } from '../n8n/install.mts';
import { readableTime } from '../n8n/progress.mts';
import { OWNER } from '../n8n/rest.mts';
import type { RestSession } from '../n8n/rest.mts';
import { N8N_2 } from '../n8n/versions.mts';
import { buildPackage, packPackage } from '../package.mts';
import { CREDENTIAL_TYPE, credentialFor, servedRecords } from '../simulatedTenant.mts';
import { CHECK_SETUP, FETCH_EVENTS, importExamples, runExample } from './examples.mts';
import { bold, dim, green, print, red } from './print.mts';
import { eventsPerContentType, fewEvents, printChecks } from './report.mts';
import { keepBusy, NEW_BLOB_SECONDS, printVerdict, startTenant } from './tenant.mts';

export interface Demo {
	/** Leave n8n running until Ctrl-C. */
	open: boolean;
	/** Audit records to serve instead of generated ones. */
	records?: string[];
}

const STEPS = 6;

let stepNumber = 0;
const step = (title: string) => print(`\n${bold(`[${++stepNumber}/${STEPS}] ${title}`)}`);
const say = (line: string) => print(dim(`  ${line.trim()}`));

/** Steps 1 to 4: everything that has to run. */
async function setUp(
	cleanup: Cleanup,
	given?: string[],
): Promise<{ simulator: Simulator; n8n: RunningN8n }> {
	step(`n8n ${N8N_2.version}`);
	const { folder } = await installN8n(N8N_2, say);
	say(`in ${folder}`);

	step('Our package');
	say((await buildPackage()) ? 'built' : 'is built already');
	const tarball = await packPackage();
	say(`${basename(tarball)}, ${Math.ceil((await stat(tarball)).size / 1024)} KB`);

	step('A simulated Microsoft 365 tenant');
	const simulator = await startTenant(given);
	cleanup.add(async () => await simulator.close());
	const served = servedRecords(simulator).length;
	say(`${simulator.url}, ${served} audit records in ${simulator.feed.blobs.length} content blobs`);

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

function printDoor({ server }: RunningN8n, simulator: Simulator, quiet: boolean): void {
	print(`\n${bold('n8n stays open. Look around:')}`);
	print(`  ${server.url}\n  e-mail    ${OWNER.email}\n  password  ${OWNER.password}`);
	const news = quiet
		? 'Nothing new happens in the tenant: for the trigger set Start From to Last.'
		: `Every ${NEW_BLOB_SECONDS} seconds the tenant has new events, for the trigger to collect.`;
	print(dim(`  ${news}\n  To fill in a credential yourself, take these values:`));
	print(credentialForm(simulator));
	print(dim('  Ctrl-C ends n8n and the simulated tenant and removes their data.'));
}

/** @returns whether every event of the tenant was delivered once */
export async function runDemo({ open, records }: Demo): Promise<boolean> {
	const started = Date.now();
	print(bold('Office 365 Management for n8n: a demo on this machine, without any account'));
	const cleanup = cleanUpOnExit();
	try {
		const { simulator, n8n } = await setUp(cleanup, records);
		const credential = await connect(n8n.session, simulator);
		const holds = credential ? await fetchEvents(n8n.session, simulator, credential) : false;
		print(dim(`  All of this took ${readableTime(Date.now() - started)}.`));
		if (open) {
			const quiet = records !== undefined;
			if (!quiet) cleanup.add(keepBusy(simulator));
			printDoor(n8n, simulator, quiet);
			await cleanup.untilInterrupted();
		}
		return holds;
	} finally {
		await cleanup.run();
	}
}
