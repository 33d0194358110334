/**
 * `npm run test:events -- FILE.ndjson`: your own audit records, one JSON object a line, served by the simulated tenant
 * and fetched by the node in a real n8n with "Simplify" off. Every record must arrive, deeply equal to what was served
 * apart from `_content`. Exits with 0 only then.
 */
import { startSimulator } from '../simulator/index.mts';
import { compareRecords, dueOnce, withoutContent } from './compareRecords.mts';
import type { AuditRecord, Comparison } from './compareRecords.mts';
import { FETCH_ALL, FETCH_NODE, fetchWorkflow } from './fetchWorkflow.mts';
import { cleanUpOnExit } from './n8n/cleanup.mts';
import { createCredential } from './n8n/credentials.mts';
import type { StoredCredential } from './n8n/credentials.mts';
import { runWorkflow } from './n8n/executions.mts';
import { startN8n } from './n8n/index.mts';
import type { RunningN8n } from './n8n/index.mts';
import { importWorkflow } from './n8n/workflows.mts';
import { buildPackage, packPackage } from './package.mts';
import { readNdjson } from './readNdjson.mts';
import { CREDENTIAL_TYPE, credentialFor } from './simulatedTenant.mts';

const print = (line: string) => void process.stdout.write(`${line}\n`);
/** So that the records are spread over blobs, windows and pages. */
const EVENTS_PER_BLOB = 5;

async function fetchRecords(
	{ session }: RunningN8n,
	credential: StoredCredential,
	deduplicate: boolean,
): Promise<AuditRecord[]> {
	const parameters = { ...FETCH_ALL, simplify: false, options: { deduplicate } };
	const workflow = await importWorkflow(session, fetchWorkflow(credential, parameters));
	const { status, items, error } = await runWorkflow(session, workflow, 'Start');
	if (status !== 'success') throw new Error(`The workflow ended with ${status}: ${error?.message}`);
	return (items[FETCH_NODE] ?? []).map(({ json }) => withoutContent(json));
}

function report(title: string, dueCount: number, comparison: Comparison): boolean {
	const { equal, missing, unexpected } = comparison;
	print(
		`${title}: ${dueCount} due, ${equal} delivered deeply equal, ${missing.length} missing, ` +
			`${unexpected.length} unexpected`,
	);
	for (const [kind, records] of Object.entries({ missing, unexpected })) {
		for (const record of records.slice(0, 5)) {
			print(`  ${kind}: ${JSON.stringify(record).slice(0, 300)}`);
		}
	}
	return equal === dueCount && missing.length === 0 && unexpected.length === 0;
}

async function main(file: string): Promise<boolean> {
	const texts = await readNdjson(file);
	const served = texts.map((text) => JSON.parse(text) as AuditRecord);
	const cleanup = cleanUpOnExit();
	try {
		await buildPackage();
		const events = { events: texts, eventsPerBlob: EVENTS_PER_BLOB, days: 6, quota: null };
		const simulator = await startSimulator(events);
		cleanup.add(async () => await simulator.close());
		const n8n = await startN8n({ tarball: await packPackage(), say: print });
		cleanup.add(async () => await n8n.close());
		const data = credentialFor(simulator);
		const credential = await createCredential(n8n.session, CREDENTIAL_TYPE, 'Simulated', data);

		print(`${texts.length} records in ${simulator.feed.blobs.length} blobs, n8n ${n8n.version}`);
		const all = await fetchRecords(n8n, credential, false);
		const everyRecord = served.map((record) => [record]);
		const allEqual = report(
			'Deduplicate off',
			everyRecord.length,
			compareRecords(everyRecord, all),
		);
		const once = await fetchRecords(n8n, credential, true);
		const due = dueOnce(served);
		const onceEqual = report('Deduplicate on ', due.length, compareRecords(due, once));
		return allEqual && onceEqual;
	} finally {
		await cleanup.run();
	}
}

const [file] = process.argv.slice(2);
if (file === undefined) {
	process.stderr.write('Usage: npm run test:events -- FILE.ndjson\n');
	process.exit(2);
}
main(file).then(
	(holds) => {
		print(holds ? 'All delivered.' : 'NOT all delivered as they were served.');
		process.exit(holds ? 0 : 1);
	},
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
