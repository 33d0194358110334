import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import type { StoredCredential } from './credentials.mts';
import type { RestSession } from './rest.mts';

/** The parts of an exported workflow that matter here; everything else is passed on as it is. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
}

export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[key: string]: unknown;
}

export interface StoredWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
	active: boolean;
}

/** Reads a workflow as exported by, or ready to be pasted into, n8n's editor. */
export async function readWorkflow(file: string): Promise<WorkflowFile> {
	const workflow = JSON.parse(await readFile(file, 'utf8')) as WorkflowFile;
	if (!Array.isArray(workflow.nodes)) throw new Error(`${basename(file)} is not an n8n workflow`);
	return workflow;
}

/** What a person does after an import: picks the credential in every node of the given package. */
export function useCredential(
	workflow: WorkflowFile,
	{ id, name, type }: StoredCredential,
	packageName: string,
): WorkflowFile {
	const nodes = workflow.nodes.map((node) =>
		node.type.startsWith(`${packageName}.`)
			? { ...node, credentials: { ...node.credentials, [type]: { id, name } } }
			: node,
	);
	return { ...workflow, nodes };
}

/** Saves a workflow as a new one. */
export async function importWorkflow(
	session: RestSession,
	{ name, nodes, connections, settings = {} }: WorkflowFile,
): Promise<StoredWorkflow> {
	const body = { name, nodes, connections, settings, active: false };
	return await session.post<StoredWorkflow>('/workflows', body);
}

/** Saves changes to a stored workflow, as a draft in n8n 2.x; returns it with its new version. */
export async function updateWorkflow(
	session: RestSession,
	{ id }: StoredWorkflow,
	changes: Partial<WorkflowFile>,
): Promise<StoredWorkflow> {
	return await session.patch<StoredWorkflow>(`/workflows/${id}?forceSave=true`, changes);
}

/**
 * Switches a workflow on. n8n 2.x runs the version that was published, so a changed workflow is published again by
 * calling this again; 1.x knows only on and off.
 */
export async function activateWorkflow(
	session: RestSession,
	{ id }: StoredWorkflow,
): Promise<void> {
	const { versionId } = await session.get<StoredWorkflow>(`/workflows/${id}`);
	const publish = async () => await session.post(`/workflows/${id}/activate`, { versionId });
	await publish().catch(async (error: Error) => {
		if (!error.message.includes('answered 404')) throw error;
		await session.patch(`/workflows/${id}`, { active: true, versionId });
	});
}

export async function deactivateWorkflow(
	session: RestSession,
	{ id }: StoredWorkflow,
): Promise<void> {
	await session.post(`/workflows/${id}/deactivate`).catch(async (error: Error) => {
		if (!error.message.includes('answered 404')) throw error;
		await session.patch(`/workflows/${id}`, { active: false });
	});
}
