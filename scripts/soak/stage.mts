import { fileURLToPath } from 'node:url';

import { startBusyTenant } from '../crash/busyTenant.mts';
import type { Scene } from '../crash/drain.mts';
import { startPostgres } from '../crash/postgres.mts';
import { listRuns, rememberRuns } from '../crash/runs.mts';
import { createCredentials } from '../crash/stage.mts';
import { startSubject } from '../crash/subject.mts';
import type { Subject } from '../crash/subject.mts';
import { createTable } from '../crash/table.mts';
import { crashWorkflow } from '../crash/workflow.mts';
import type { Cleanup } from '../n8n/cleanup.mts';
import type { Say } from '../n8n/progress.mts';
import { N8N_2 } from '../n8n/versions.mts';
import { activateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import { packPackage } from '../package.mts';
import type { SoakOptions } from './options.mts';

/** What takes part in the soak. */
export interface SoakStage extends Scene {
	subject: Subject;
	/** With those that n8n has pruned. */
	runs: NonNullable<Scene['runs']>;
}

const INSIDE = fileURLToPath(new URL('./inside.cjs', import.meta.url));

/**
 * n8n keeps its last 10,000 executions unless told; with fewer its database reaches its size while it is still warming up.
 * Whole units only, so it looks once a minute. https://docs.n8n.io/hosting/scaling/execution-data/#enable-data-pruning
 */
const ENVIRONMENT = {
	NODE_OPTIONS: `--require "${INSIDE}"`,
	EXECUTIONS_DATA_PRUNE: 'true',
	EXECUTIONS_DATA_PRUNE_MAX_COUNT: '100',
	EXECUTIONS_DATA_PRUNE_SOFT_DELETE_INTERVAL: '1',
	EXECUTIONS_DATA_PRUNE_HARD_DELETE_INTERVAL: '1',
	EXECUTIONS_DATA_HARD_DELETE_BUFFER: '0',
};

const REVOKE_EVERY_MS = 170_000;

/** On top of the crash test's: bodies that stall or drip, and pages of a size that costs n8n a quarter of a core. */
const BUSYNESS = {
	faults: {
		pageSize: 50,
		blobStall: 0.001,
		blobSlowDrip: 0.003,
		blobWrongContentLength: 0.003,
		blobTimeout: 0.003,
	},
	maxLateMs: 5 * 60_000,
	// Otherwise they would be asked for until the end, more of them each minute.
	goneExpireAfterMs: 5 * 60_000,
};

/** Starts PostgreSQL, the tenant and n8n, and switches the workflow on. What was started is handed to `cleanup`. */
export async function setStage(
	{ minutes, failing, seed }: SoakOptions,
	{ say, cleanup }: { say: Say; cleanup: Pick<Cleanup, 'add'> },
): Promise<SoakStage> {
	const tarball = await packPackage();
	const postgres = await startPostgres();
	cleanup.add(async () => await postgres.stop());
	await createTable(postgres);
	const subject = await startSubject(N8N_2, tarball, say, ENVIRONMENT);
	cleanup.add(async () => await subject.close());
	const tenant = await startBusyTenant(seed, minutes, BUSYNESS);
	cleanup.add(async () => await tenant.close());
	const revoking = setInterval(() => tenant.simulator.revokeTokens(), REVOKE_EVERY_MS);
	cleanup.add(async () => clearInterval(revoking));

	const session = subject.session();
	const { simulator } = tenant;
	const credentials = await createCredentials(session, postgres, simulator, simulator.url);
	const workflow = await importWorkflow(
		session,
		crashWorkflow({ ...credentials, failing, parallelExecutions: 1, seed, edition: 1 }),
	);
	await activateWorkflow(session, workflow);
	const runs = rememberRuns(async () => await listRuns(session, workflow));
	return { say, postgres, tenant, subject, workflow, runs };
}
