import type { Simulator } from '../../simulator/types.mts';
import type { Cleanup } from '../n8n/cleanup.mts';
import { createCredential } from '../n8n/credentials.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import type { Say } from '../n8n/progress.mts';
import type { RestSession } from '../n8n/rest.mts';
import type { N8nVersion } from '../n8n/versions.mts';
import { activateWorkflow, importWorkflow, updateWorkflow } from '../n8n/workflows.mts';
import type { StoredWorkflow } from '../n8n/workflows.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../simulatedTenant.mts';
import { startBusyTenant } from './busyTenant.mts';
import type { BusyTenant } from './busyTenant.mts';
import { openGate } from './gate.mts';
import type { Gate } from './gate.mts';
import type { CrashOptions } from './options.mts';
import { startPostgres } from './postgres.mts';
import type { Postgres } from './postgres.mts';
import { startSubject } from './subject.mts';
import type { Subject } from './subject.mts';
import { createTable } from './table.mts';
import { crashWorkflow } from './workflow.mts';

/** Everything that takes part in the test of one n8n version. */
export interface Stage {
	options: CrashOptions;
	say: Say;
	postgres: Postgres;
	tenant: BusyTenant;
	gate: Gate;
	subject: Subject;
	workflow: StoredWorkflow;
	/** Publishes a changed version of the workflow. */
	publishEdit(): Promise<void>;
}

/** The two credentials that the workflows under test need; the tenant is reached at `url`. */
export async function createCredentials(
	session: RestSession,
	{ host, port, database, user }: Postgres,
	{ tenant }: Pick<Simulator, 'tenant'>,
	url: string,
): Promise<{ tenant: StoredCredential; postgres: StoredCredential }> {
	const server = { host, port, database, user, password: 'unused', ssl: 'disable' };
	const data = credentialFor({ tenant, url });
	return {
		tenant: await createCredential(session, CREDENTIAL_TYPE, 'Simulated', data),
		postgres: await createCredential(session, 'postgres', 'Destination', server),
	};
}

/** Starts PostgreSQL, the tenant and n8n, and switches the workflow on. What was started is handed to `cleanup`. */
export async function setStage(
	version: N8nVersion,
	tarball: string,
	options: CrashOptions,
	{ say, cleanup }: { say: Say; cleanup: Pick<Cleanup, 'add'> },
): Promise<Stage> {
	const postgres = await startPostgres();
	cleanup.add(async () => await postgres.stop());
	await createTable(postgres);
	const subject = await startSubject(version, tarball, say);
	cleanup.add(async () => await subject.close());
	const { seed, minutes, failing, parallelExecutions } = options;
	const tenant = await startBusyTenant(seed, minutes);
	cleanup.add(async () => await tenant.close());
	const gate = await openGate(tenant.simulator.url);
	cleanup.add(async () => await gate.close());

	const credentials = await createCredentials(subject.session(), postgres, tenant.simulator, gate.url);
	let edition = 1;
	const edited = () =>
		crashWorkflow({ ...credentials, failing, parallelExecutions, seed, edition });
	const workflow = await importWorkflow(subject.session(), edited());
	await activateWorkflow(subject.session(), workflow);
	return {
		options,
		say,
		postgres,
		tenant,
		gate,
		subject,
		workflow,
		async publishEdit() {
			edition++;
			const { nodes, connections } = edited();
			await updateWorkflow(subject.session(), workflow, { nodes, connections });
			await activateWorkflow(subject.session(), workflow);
		},
	};
}
