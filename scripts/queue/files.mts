import { startSimulator } from '../../simulator/index.mts';
import { inOneLine, node, withCredential } from '../crash/workflow.mts';
import { FETCH_ALL } from '../fetchWorkflow.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import { runWorkflow } from '../n8n/executions.mts';
import type { Execution } from '../n8n/executions.mts';
import { importWorkflow } from '../n8n/workflows.mts';
import type { WorkflowFile } from '../n8n/workflows.mts';
import { ACTION_NODE, CREDENTIAL_TYPE, servedRecords } from '../simulatedTenant.mts';
import { tenantCredential } from './credentials.mts';
import type { QueueStage } from './stage.mts';

/** What the cluster's database mode takes; small, so that a test can go beyond it. */
export const FILE_LIMIT_MB = 2;

const BLOBS = 40;
const EVENTS_PER_BLOB = 70;

/** Events into files, and each file's text out of it again. */
function fileWorkflow(tenant: StoredCredential, maxFileSizeMb: number): WorkflowFile {
	return inOneLine('Files', [
		node('Start', 'n8n-nodes-base.manualTrigger', 1),
		{
			...node('Fetch', ACTION_NODE, 1),
			parameters: { ...FETCH_ALL, output: 'file', options: { deduplicate: false, maxFileSizeMb } },
			...withCredential({ ...tenant, type: CREDENTIAL_TYPE }),
		},
		{
			...node('Read', 'n8n-nodes-base.extractFromFile', 1),
			parameters: { operation: 'text', destinationKey: 'text', options: {} },
		},
	]);
}

interface StoredFile {
	id: string;
	bytes?: number;
}

/** As the editor downloads it: the main process reads what a worker has stored. */
async function readByMain({ cluster }: QueueStage, { id }: StoredFile): Promise<string> {
	const query = new URLSearchParams({ id, action: 'download' });
	const url = `${cluster.main.url()}/rest/binary-data?${query.toString()}`;
	const response = await fetch(url, { headers: cluster.session.headers() });
	if (!response.ok) throw new Error(`${id} answered ${response.status}: ${await response.text()}`);
	return await response.text();
}

const linesOf = (texts: string[]) => texts.flatMap((text) => text.split('\n').filter(Boolean)).sort();

function sameLines(a: string[], b: string[]): boolean {
	return a.length === b.length && a.every((line, at) => line === b[at]);
}

/**
 * A worker writes files; a later node reads them, and so does the main process. Then one file that is too large.
 *
 * @param mode for the lines that are printed; `limited`: a single file of everything is more than the mode takes
 * @returns whether every file held exactly what the tenant served, and the one that is too large was refused by its size
 */
export async function readFilesDownstream(
	stage: QueueStage,
	{ mode, limited }: { mode: string; limited: boolean },
): Promise<boolean> {
	const { cluster, say, cleanup } = stage;
	const simulator = await startSimulator({ blobs: BLOBS, days: 6, eventsPerBlob: EVENTS_PER_BLOB });
	cleanup.add(async () => await simulator.close());
	const credential = await tenantCredential(stage, simulator);
	const run = async (maxFileSizeMb: number): Promise<Execution> => {
		const workflow = await importWorkflow(cluster.session, fileWorkflow(credential, maxFileSizeMb));
		return await runWorkflow(cluster.session, workflow, 'Start');
	};
	const split = await run(limited ? FILE_LIMIT_MB - 1 : 256);
	const files = (split.items['Fetch'] ?? []).map(({ binary }) => binary?.['data'] as StoredFile);
	const served = linesOf(servedRecords(simulator));
	const byNode = linesOf((split.items['Read'] ?? []).map(({ json }) => String(json['text'])));
	const byMain = linesOf(await Promise.all(files.map(async (file) => await readByMain(stage, file))));
	const megabytes = (byMain.join('\n').length / 1024 ** 2).toFixed(1);
	if (split.status !== 'success') say(`  ${mode}: ${split.status}: ${split.error?.message ?? ''}`);
	const stored = files.every(({ id }) => id?.startsWith(mode));
	say(
		`  ${mode}: ${files.length} files, ${megabytes} MB, ${served.length} events served, ` +
			`${byNode.length} read by the next node, ${byMain.length} by the main process`,
	);
	const complete = stored && sameLines(byNode, served) && sameLines(byMain, served);
	if (!limited) return complete;
	const { status, error } = await run(256);
	say(`  ${mode}, one file beyond ${FILE_LIMIT_MB} MB: ${status}: ${error?.message ?? ''}`);
	return complete && files.length > 1 && status === 'error' && /exceeds/.test(JSON.stringify(error));
}
