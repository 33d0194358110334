import { startSimulator } from '../../simulator/index.mts';
import { createTable } from '../crash/table.mts';
import { readableTime } from '../n8n/progress.mts';
import { activateWorkflow, deactivateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import { waitForArrival } from './arrival.mts';
import { collectingWorkflow } from './collectingWorkflow.mts';
import { runsPerWorker } from './cluster.mts';
import { tenantCredential } from './credentials.mts';
import type { QueueStage } from './stage.mts';

/** Polls that any main process may make, with a checkpoint that is committed together with the execution. */
const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};
const TABLE = 'durable';
const NEW_BLOBS = 15;

/** n8n's durable scheduler instead of its poller; new content comes while it collects. */
export async function collectDurably(stage: QueueStage): Promise<boolean> {
	const { cluster, postgres, say, cleanup } = stage;
	await cluster.restartMain(DURABLE);
	await createTable(postgres, TABLE);
	const simulator = await startSimulator({
		seed: 7,
		blobs: 10,
		days: 1 / 24,
		eventsPerBlob: 5,
		newBlobs: { everyMs: 3_000, atMost: NEW_BLOBS },
	});
	cleanup.add(async () => await simulator.close());
	const credential = await tenantCredential(stage, simulator);
	const file = collectingWorkflow('Durable', TABLE, credential, stage.destination);
	const workflow = await importWorkflow(cluster.session, file);
	const startedMs = Date.now();
	await activateWorkflow(cluster.session, workflow);
	while (simulator.feed.blobs.length < 10 + NEW_BLOBS) await waitForArrival(postgres, TABLE, [simulator]);
	const { events, lost, twice } = await waitForArrival(postgres, TABLE, [simulator]);
	const runs = await runsPerWorker(cluster, workflow);
	await deactivateWorkflow(cluster.session, workflow);
	const { violations } = simulator.ledger;
	say(
		`  ${events} events in ${readableTime(Date.now() - startedMs)}: ${lost} lost, ${twice} twice; ` +
			`runs per worker: ${runs.join(' and ')}; ${violations.length} rules broken`,
	);
	return lost + twice + violations.length === 0;
}
