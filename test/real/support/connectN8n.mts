import { createCredential } from '../../../scripts/n8n/credentials.mts';
import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import { runWorkflow } from '../../../scripts/n8n/executions.mts';
import type { Execution } from '../../../scripts/n8n/executions.mts';
import type { RunningN8n } from '../../../scripts/n8n/index.mts';
import { importWorkflow } from '../../../scripts/n8n/workflows.mts';
import type { WorkflowFile } from '../../../scripts/n8n/workflows.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../../../scripts/simulatedTenant.mts';
import { startSimulator } from '../../../simulator/index.mts';
import type { Simulator } from '../../../simulator/types.mts';
import { startRealN8n } from './realN8n.mts';

const MANUAL_TRIGGER = 'n8n-nodes-base.manualTrigger';

/** A type as the editor lists it. */
interface ListedType {
	name: string;
	displayName: string;
}

export interface ConnectedN8n {
	n8n: RunningN8n;
	simulator: Simulator;
	/** Saved in n8n, right for the simulated tenant. */
	credential: StoredCredential;
	/** Imports a workflow and runs it from its manual trigger. */
	run(workflow: WorkflowFile): Promise<Execution>;
	/** The node or credential types that the editor knows. */
	types(kind: 'nodes' | 'credentials'): Promise<ListedType[]>;
	close(): Promise<void>;
}

/** A real n8n with our package, a simulated tenant, and a credential that joins them. */
export async function connectN8n(): Promise<ConnectedN8n> {
	// Six days, so that nothing falls off the API's seven while the tests run.
	const faults = { duplicateEvents: 0.1, pageSize: 7 };
	const simulator = await startSimulator({ blobs: 40, eventsPerBlob: 8, days: 6, faults });
	const n8n = await startRealN8n().catch(async (error: unknown) => {
		await simulator.close();
		throw error;
	});
	const { session, server } = n8n;
	const data = credentialFor(simulator);
	const credential = await createCredential(session, CREDENTIAL_TYPE, 'Simulated', data);
	return {
		n8n,
		simulator,
		credential,
		async run(workflow) {
			const stored = await importWorkflow(session, workflow);
			const trigger = workflow.nodes.find(({ type }) => type === MANUAL_TRIGGER);
			return await runWorkflow(session, stored, trigger?.name ?? '');
		},
		async types(kind) {
			const url = `${server.url}/types/${kind}.json`;
			const response = await fetch(url, { headers: session.headers() });
			return (await response.json()) as ListedType[];
		},
		async close() {
			await n8n.close();
			await simulator.close();
		},
	};
}
