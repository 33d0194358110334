import type { StoredCredential } from '../n8n/credentials.mts';
import type { WorkflowFile, WorkflowNode } from '../n8n/workflows.mts';
import { CREDENTIAL_TYPE, PACKAGE_NAME } from '../simulatedTenant.mts';
import { COLUMNS, TABLE } from './table.mts';

export interface CrashWorkflowOptions {
	tenant: StoredCredential;
	postgres: StoredCredential;
	failing: number;
	parallelExecutions: number;
	seed: number;
	/** Numbers the versions that are published one after the other. */
	edition: number;
	/** 60 unless told. */
	maxEventsPerExecution?: number;
}

/** A poll every five seconds: n8n refuses one expression that fires more than once a minute, but not several. */
const POLL_TIMES = Array.from({ length: 12 }, (_, i) => ({
	mode: 'custom',
	cronExpression: `${i * 5} * * * * *`,
}));

/** A run has to be long enough to be met by kills and edits. */
const WAIT_SECONDS = 3;

/**
 * A Code node that fails in a fraction of the runs, the same ones for the same seed.
 *
 * @param salt so that two such nodes do not fail in the same runs
 */
function failingCode(fraction: number, salt: number): string {
	return [
		`const spread = Math.sin(Number($execution.id) * 12.9898 + ${salt}) * 43758.5453;`,
		`if (spread - Math.floor(spread) < ${fraction}) throw new Error('This run fails at random');`,
		'return $input.all();',
	].join('\n');
}

const COUNT_RUNS = [
	"const data = $getWorkflowStaticData('global');",
	'data.runs = (data.runs ?? 0) + 1;',
].join('\n');

const EVENT_COLUMNS: Record<(typeof COLUMNS)[number], string> = {
	event: '={{ JSON.stringify($json) }}',
	content_id: '={{ $json._content.contentId }}',
	execution_id: '={{ $execution.id }}',
};

/** Everything of the last two hours and from then on, polled every few seconds. */
export function triggerParameters(options: Record<string, unknown>): Record<string, unknown> {
	return {
		pollTimes: { item: POLL_TIMES },
		contentTypes: [
			'Audit.AzureActiveDirectory',
			'Audit.Exchange',
			'Audit.SharePoint',
			'Audit.General',
			'DLP.All',
		],
		startFrom: 'last',
		lastAmount: 2,
		lastUnit: 'hours',
		options: { overlapMinutes: 15, ...options },
	};
}

/** One row for each event, into a table made by `createTable`. */
export function insertParameters(table = TABLE): Record<string, unknown> {
	return {
		operation: 'insert',
		schema: { __rl: true, mode: 'name', value: 'public' },
		table: { __rl: true, mode: 'name', value: table },
		columns: {
			mappingMode: 'defineBelow',
			value: EVENT_COLUMNS,
			matchingColumns: [],
			schema: COLUMNS.map((id) => ({
				id,
				displayName: id,
				type: 'string',
				required: false,
				defaultMatch: false,
				display: true,
				canBeUsedToMatch: true,
			})),
		},
		options: {},
	};
}

/**
 * Trigger, a Code node that writes static data and may fail before anything is written, a plain insert, a pause, and a
 * Code node that may fail after everything is written.
 */
export function crashWorkflow(options: CrashWorkflowOptions): WorkflowFile {
	const { tenant, postgres, failing, parallelExecutions, seed, edition } = options;
	const { maxEventsPerExecution = 60 } = options;
	const code = (jsCode: string) => ({ jsCode });
	const inOrder: WorkflowNode[] = [
		{
			...node('Trigger', `${PACKAGE_NAME}.office365ManagementTrigger`, 1),
			parameters: triggerParameters({ maxEventsPerExecution, parallelExecutions }),
			...withCredential({ ...tenant, type: CREDENTIAL_TYPE }),
		},
		{
			...node('Count Runs', 'n8n-nodes-base.code', 2),
			parameters: code(`${COUNT_RUNS}\n${failingCode(failing / 2, seed)}`),
		},
		{
			...node('Insert', 'n8n-nodes-base.postgres', 2.6),
			parameters: insertParameters(),
			...withCredential(postgres),
		},
		{
			...node('Pause', 'n8n-nodes-base.wait', 1.1),
			parameters: { resume: 'timeInterval', amount: WAIT_SECONDS, unit: 'seconds' },
		},
		{
			...node('Finish', 'n8n-nodes-base.code', 2),
			parameters: code(`// Edition ${edition}\n${failingCode(failing / 2, seed + 1)}`),
		},
	];
	return inOneLine('Crash test', inOrder);
}

export function withCredential({ id, name, type }: StoredCredential): Pick<WorkflowNode, 'credentials'> {
	return { credentials: { [type]: { id, name } } };
}

export function node(name: string, type: string, typeVersion: number): WorkflowNode {
	const id = name.toLowerCase().replaceAll(' ', '-');
	return { id, name, type, typeVersion, position: [0, 0], parameters: {} };
}

/** A workflow of these nodes, each connected to the next. */
export function inOneLine(name: string, inOrder: WorkflowNode[]): WorkflowFile {
	const nodes = inOrder.map((each, at): WorkflowNode => ({ ...each, position: [220 * at, 0] }));
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map((next, at) => [
				nodes[at]?.name,
				{ main: [[{ node: next.name, type: 'main', index: 0 }]] },
			]),
	);
	return { name, nodes, connections, settings: { executionOrder: 'v1' } };
}
