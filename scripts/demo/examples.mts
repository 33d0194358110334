import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { StoredCredential } from '../n8n/credentials.mts';
import { runWorkflow } from '../n8n/executions.mts';
import type { Item } from '../n8n/executions.mts';
import type { Say } from '../n8n/progress.mts';
import type { RestSession } from '../n8n/rest.mts';
import { importWorkflow, readWorkflow, useCredential } from '../n8n/workflows.mts';
import type { StoredWorkflow } from '../n8n/workflows.mts';
import { ROOT } from '../package.mts';
import { PACKAGE_NAME } from '../simulatedTenant.mts';

const EXAMPLES = join(ROOT, 'examples');

/** The examples that the demo runs: file, and the node whose items it shows. All of them begin with a node "Start". */
export const CHECK_SETUP = { file: 'check-setup.json', node: 'One Item per Check' };
export const FETCH_EVENTS = { file: 'audit-events-last-7-days.json', node: 'Get Audit Events' };

/** Imports all workflows of examples/, each with the credential picked; by file name. */
export async function importExamples(
	session: RestSession,
	credential: StoredCredential,
	say: Say,
): Promise<Map<string, StoredWorkflow>> {
	const files = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.json')).sort();
	const imported = new Map<string, StoredWorkflow>();
	for (const file of files) {
		const workflow = await readWorkflow(join(EXAMPLES, file));
		const ready = useCredential(workflow, credential, PACKAGE_NAME);
		imported.set(file, await importWorkflow(session, ready));
		say(`examples/${file}`);
	}
	return imported;
}

/**
 * Runs an imported example as the editor does.
 *
 * @throws Error with the workflow's own message, if it does not succeed
 */
export async function runExample(
	session: RestSession,
	examples: Map<string, StoredWorkflow>,
	{ file, node }: typeof CHECK_SETUP,
): Promise<Item[]> {
	const workflow = examples.get(file);
	if (!workflow) throw new Error(`examples/${file} is missing`);
	const { status, items, error } = await runWorkflow(session, workflow, 'Start');
	if (status !== 'success') throw new Error(`${file} ended with ${status}: ${error?.message}`);
	return items[node] ?? [];
}
