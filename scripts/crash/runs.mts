import { listExecutions } from '../n8n/executions.mts';
import type { ExecutionSummary } from '../n8n/executions.mts';
import type { RestSession } from '../n8n/rest.mts';
import type { StoredWorkflow } from '../n8n/workflows.mts';
import type { Run } from './judge.mts';

type WorkflowId = Pick<StoredWorkflow, 'id'>;

interface ListedExecution extends ExecutionSummary {
	createdAt: string;
}

/** The largest execution id: n8n keeps it as an integer of 32 bits in PostgreSQL. */
const MAX_ID = 2 ** 31 - 1;
/** n8n's own limit. */
const PAGE_SIZE = 100;

/** Every execution of the workflow, newest first, however many there are. */
export async function listRuns(session: RestSession, { id }: WorkflowId): Promise<Run[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
	const runs: Run[] = [];
	for (let before = String(MAX_ID); ; ) {
		const range = `firstId=0&lastId=${before}&limit=${PAGE_SIZE}`;
		const page = await session.get<{ results: ListedExecution[] }>(
			`/executions?filter=${filter}&${range}`,
		);
		runs.push(...page.results.map(toRun));
		const oldest = page.results.at(-1);
		if (!oldest || page.results.length < PAGE_SIZE) return runs;
		before = oldest.id;
	}
}

/**
 * As {@link listRuns}, with those that n8n has pruned since they were listed: to be called more often than n8n prunes.
 */
export function rememberRuns(list: () => Promise<Run[]>): () => Promise<Run[]> {
	const known = new Map<string, Run>();
	return async () => {
		for (const run of await list()) known.set(run.id, run);
		return [...known.values()];
	};
}

function toRun({ id, status, createdAt, startedAt, stoppedAt }: ListedExecution): Run {
	const time = (text?: string | null) => Date.parse(text ?? '');
	return {
		id: String(id),
		status,
		createdMs: time(createdAt),
		startedMs: time(startedAt),
		stoppedMs: time(stoppedAt),
	};
}

/** Ids of the executions that are under way. */
export async function runningNow(session: RestSession, workflow: WorkflowId): Promise<string[]> {
	const newest = await listExecutions(session, workflow, 20);
	return newest.filter(({ status }) => status === 'running').map(({ id }) => String(id));
}
