/**
 * `npm run demo`: the package in a real n8n, against a simulated tenant, from an empty machine to the verdict.
 * Exits with 0 only if every event of the tenant was delivered once.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { startSimulator } from '../simulator/index.mts';
import type { Simulator } from '../simulator/types.mts';
import { HELP, parseOptions } from './demo/options.mts';
import { bold, dim, green, print, red } from './demo/print.mts';
import { eventsPerContentType, fewEvents } from './demo/report.mts';
import { cleanUpOnExit } from './n8n/cleanup.mts';
import { createCredential, testCredential } from './n8n/credentials.mts';
import type { StoredCredential } from './n8n/credentials.mts';
import { runWorkflow } from './n8n/executions.mts';
import type { Item } from './n8n/executions.mts';
import { startN8n } from './n8n/index.mts';
import type { RunningN8n } from './n8n/index.mts';
import { installN8n } from './n8n/install.mts';
import { readableTime } from './n8n/progress.mts';
import { OWNER } from './n8n/rest.mts';
import { N8N_2 } from './n8n/versions.mts';
import { importWorkflow, readWorkflow, useCredential } from './n8n/workflows.mts';
import type { StoredWorkflow } from './n8n/workflows.mts';
import { buildPackage, packPackage, ROOT } from './package.mts';
import { readNdjson } from './readNdjson.mts';
import {
	countDistinct,
	CREDENTIAL_TYPE,
	credentialFor,
	PACKAGE_NAME,
	servedRecords,
} from './simulatedTenant.mts';

const EXAMPLES = join(ROOT, 'examples');
const CHECK = 'check-setup.json';
const FETCH = 'audit-events-last-7-days.json';
const STEPS = 6;

let stepNumber = 0;
const step = (title: string) => print(`\n${bold(`[${++stepNumber}/${STEPS}] ${title}`)}`);
const say = (line: string) => print(dim(`  ${line.trim()}`));

async function startTenant(eventsFile?: string): Promise<Simulator> {
	if (eventsFile) return await startSimulator({ events: await readNdjson(eventsFile), quota: null });
	// Six days, so that nothing falls off the API's seven while the demo runs.
	const size = { blobs: 60, eventsPerBlob: 12, days: 6 };
	return await startSimulator({ ...size, faults: { duplicateEvents: 0.1, pageSize: 7 } });
}

/** All workflows of examples/, each with the credential picked; by file name. */
async function importExamples(
	{ session }: RunningN8n,
	credential: StoredCredential,
): Promise<Map<string, StoredWorkflow>> {
	const files = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.json')).sort();
	const imported = new Map<string, StoredWorkflow>();
	for (const file of files) {
		const workflow = useCredential(
			await readWorkflow(join(EXAMPLES, file)),
			credential,
			PACKAGE_NAME,
		);
		imported.set(file, await importWorkflow(session, workflow));
		say(`examples/${file}  "${workflow.name}"`);
	}
	return imported;
}

/** Runs an imported example and returns what came out of one of its nodes. */
async function runExample(
	{ session }: RunningN8n,
	workflow: StoredWorkflow | undefined,
	nodeName: string,
): Promise<Item[]> {
	if (!workflow) throw new Error('The example is missing');
	const { status, items, error } = await runWorkflow(session, workflow, 'Start');
	if (status !== 'success') throw new Error(`The workflow ended with ${status}: ${error?.message}`);
	return items[nodeName] ?? [];
}

function printChecks(items: Item[]): void {
	for (const { json } of items) {
		const { ok, name, message } = json;
		print(`  ${ok ? green('✓') : red('✗')} ${String(name)}${dim(`  ${String(message)}`)}`);
	}
}

/** Delivered against served. The ledger judges what was served; here also that everything was. */
function printVerdict(simulator: Simulator, items: Item[]): boolean {
	const records = servedRecords(simulator);
	const distinct = countDistinct(records);
	simulator.ledger.recordDelivered(items.map(({ json }) => json));
	const { ok, eventsServed } = simulator.ledger.verdict();
	print(`\n${simulator.ledger.summary()}`);
	const holds = ok && eventsServed === distinct && items.length === distinct;
	if (holds) {
		const repeated = records.length - distinct;
		const note = repeated ? `; ${repeated} repetitions were recognised and dropped` : '';
		print(`\n${green('✓')} ${bold(`All ${distinct} events of the tenant were delivered once`)}${note}.`);
	} else {
		print(`\n${red('✗')} The tenant has ${distinct} events, ${items.length} were delivered. See the ledger.`);
	}
	return holds;
}

function printDoor(url: string): void {
	print(`\n${bold('n8n stays open. Look around:')}`);
	print(`  ${url}\n  e-mail    ${OWNER.email}\n  password  ${OWNER.password}`);
	print(dim('  Ctrl-C ends n8n and the simulated tenant and removes their data.'));
}

async function main(): Promise<boolean> {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		print(HELP);
		return true;
	}
	const started = Date.now();
	print(bold('Office 365 Management for n8n: a demo on this machine, without any account'));
	const cleanup = cleanUpOnExit();
	try {
		step(`n8n ${N8N_2.version}`);
		const { folder } = await installN8n(N8N_2, say);
		say(`in ${folder}`);

		step('Our package');
		say((await buildPackage()) ? 'built' : 'is built already');
		const tarball = await packPackage();
		say(`${basename(tarball)}, ${Math.ceil((await stat(tarball)).size / 1024)} KB`);

		step('A simulated Microsoft 365 tenant');
		const simulator = await startTenant(options.eventsFile);
		cleanup.add(async () => await simulator.close());
		const records = servedRecords(simulator).length;
		say(`${simulator.url}, ${records} audit records in ${simulator.feed.blobs.length} content blobs`);

		step('n8n with the package installed');
		const startedN8n = Date.now();
		const n8n = await startN8n({ tarball, say });
		cleanup.add(async () => await n8n.close());
		say(`${n8n.server.url}, ready in ${readableTime(Date.now() - startedN8n)}`);

		step('The credential and its test');
		const name = 'Office 365 Management API (simulated)';
		const data = credentialFor(simulator);
		const credential = await createCredential(n8n.session, CREDENTIAL_TYPE, name, data);
		const { status, message } = await testCredential(n8n.session, credential);
		print(`  ${status === 'OK' ? green('✓') : red('✗')} ${message}`);
		if (status !== 'OK') return false;

		step('The example workflows');
		const examples = await importExamples(n8n, credential);
		print();
		printChecks(await runExample(n8n, examples.get(CHECK), 'One Item per Check'));
		const startedRun = Date.now();
		const items = await runExample(n8n, examples.get(FETCH), 'Get Audit Events');
		print(`\n  ${items.length} events in ${readableTime(Date.now() - startedRun)}\n`);
		print(`${eventsPerContentType(items)}\n\n${fewEvents(items)}`);
		const holds = printVerdict(simulator, items);
		print(dim(`  The demo took ${readableTime(Date.now() - started)}.`));
		if (options.open) {
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
