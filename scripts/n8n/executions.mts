import { setTimeout as sleep } from 'node:timers/promises';

import { parseFlatted } from './flatted.mts';
import type { RestSession } from './rest.mts';
import type { StoredWorkflow } from './workflows.mts';

export interface Item {
	json: Record<string, unknown>;
	binary?: Record<string, unknown>;
	pairedItem?: unknown;
}

export interface ExecutionError {
	message: string;
	description?: string | null;
	[key: string]: unknown;
}

export interface ExecutionSummary {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
	startedAt: string;
	stoppedAt?: string;
}

/** A finished execution, read the way people look at it: what came out of each node. */
export interface Execution {
	id: string;
	status: string;
	/** By node name; all runs and all outputs of the node, one after the other. */
	items: Record<string, Item[]>;
	/** Messages shown beside a node's output. */
	hints: Record<string, string[]>;
	error?: ExecutionError;
	/** The whole stored text, to search for what must not be in it. */
	stored: string;
}

interface NodeRun {
	data?: { main?: Array<Item[] | null> };
	hints?: Array<{ message: string }>;
}

interface RunData {
	resultData: { runData: Record<string, NodeRun[]>; error?: ExecutionError };
}

const UNFINISHED = new Set(['new', 'running', 'waiting']);
const POLL_MS = 200;

/** Presses "Execute workflow" with the given trigger; returns the execution's id. */
export async function startExecution(
	session: RestSession,
	workflow: StoredWorkflow,
	triggerName: string,
): Promise<string> {
	// 2.x runs what is stored; 1.x what the browser shows, and so wants the workflow itself.
	const body = { workflowData: workflow, triggerToStartFrom: { name: triggerName } };
	const path = `/workflows/${workflow.id}/run`;
	const { executionId } = await session.post<{ executionId: string }>(path, body);
	return executionId;
}

/** Newest first. */
export async function listExecutions(
	session: RestSession,
	{ id }: Pick<StoredWorkflow, 'id'>,
	limit = 100,
): Promise<ExecutionSummary[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId: id }));
	const path = `/executions?filter=${filter}&limit=${limit}`;
	return (await session.get<{ results: ExecutionSummary[] }>(path)).results;
}

function perNode<T>(
	runData: Record<string, NodeRun[]>,
	pick: (run: NodeRun) => T[],
): Record<string, T[]> {
	return Object.fromEntries(
		Object.entries(runData).map(([name, runs]) => [name, runs.flatMap(pick)]),
	);
}

/** Fetches a finished execution with all its data. */
export async function readExecution(session: RestSession, id: string): Promise<Execution> {
	const stored = await session.get<{ status: string; data: string }>(`/executions/${id}`);
	const { resultData } = parseFlatted(stored.data) as RunData;
	const items = perNode(resultData.runData, (run) =>
		(run.data?.main ?? []).flatMap((i) => i ?? []),
	);
	const hints = perNode(resultData.runData, (run) => (run.hints ?? []).map((hint) => hint.message));
	const { status, data } = stored;
	return { id, status, items, hints, error: resultData.error, stored: data };
}

/**
 * Waits for the end of an execution, successful or not, and fetches it.
 *
 * @throws Error if it still runs after `timeoutMs`
 */
export async function waitForExecution(
	session: RestSession,
	workflow: Pick<StoredWorkflow, 'id'>,
	id: string,
	timeoutMs = 300_000,
): Promise<Execution> {
	const deadline = Date.now() + timeoutMs;
	for (;;) {
		// The list is cheap; the execution itself carries all its data.
		const summary = (await listExecutions(session, workflow)).find((entry) => entry.id === id);
		if (summary && !UNFINISHED.has(summary.status)) return await readExecution(session, id);
		if (Date.now() > deadline) {
			throw new Error(`Execution ${id} still runs after ${timeoutMs / 1000} s`);
		}
		await sleep(POLL_MS);
	}
}

/** {@link startExecution}, then {@link waitForExecution}. */
export async function runWorkflow(
	session: RestSession,
	workflow: StoredWorkflow,
	triggerName: string,
	timeoutMs?: number,
): Promise<Execution> {
	const id = await startExecution(session, workflow, triggerName);
	return await waitForExecution(session, workflow, id, timeoutMs);
}
