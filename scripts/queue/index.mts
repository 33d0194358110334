/**
 * `npm run test:queue`: n8n in queue mode, one main and two workers, PostgreSQL and Redis, our package in all three. Exits
 * with 0 only if runs are shared, a killed worker loses nothing, files can be read, and the quota is kept. With `--scale` also
 * twenty tenants at once, and n8n's durable scheduler.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { startPostgres } from '../crash/postgres.mts';
import { cleanUpOnExit } from '../n8n/cleanup.mts';
import { readableTime } from '../n8n/progress.mts';
import { chosenVersion } from '../n8n/versions.mts';
import { buildPackage, packPackage } from '../package.mts';
import { startCluster } from './cluster.mts';
import { destinationCredential } from './credentials.mts';
import { loseNothingWithAWorker } from './deadWorker.mts';
import { collectDurably } from './durable.mts';
import { FILE_LIMIT_MB, readFilesDownstream } from './files.mts';
import { startRedis } from './redis.mts';
import { downloadByReference } from './references.mts';
import type { QueueStage } from './stage.mts';
import { collectManyTenants } from './tenants.mts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * A dead worker's run is given up after these times; n8n's own are a minute and half a minute.
 * https://docs.n8n.io/hosting/configuration/environment-variables/queue-mode/
 */
const SOON_STALLED = {
	QUEUE_WORKER_LOCK_DURATION: '10000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

/**
 * n8n's own. On a busy machine a worker that has just started is silent for more than ten seconds, and its run would be
 * given up.
 */
const PATIENT = {
	QUEUE_WORKER_LOCK_DURATION: '60000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '10000',
	QUEUE_WORKER_STALLED_INTERVAL: '30000',
};

async function setStage(cleanup: QueueStage['cleanup']): Promise<QueueStage> {
	const tarball = await packPackage();
	const postgres = await startPostgres();
	cleanup.add(async () => await postgres.stop());
	const redis = await startRedis();
	cleanup.add(async () => await redis.stop());
	const files = await mkdtemp(join(tmpdir(), 'queue-files-'));
	cleanup.add(async () => await rm(files, { recursive: true, force: true }));
	const cluster = await startCluster({
		version: chosenVersion(),
		tarball,
		workers: 2,
		environment: {
			...SOON_STALLED,
			// Runs that wait for the quota must not keep the others from a worker. n8n's own is 10.
			N8N_CONCURRENCY_PRODUCTION_LIMIT: '30',
			N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE: String(FILE_LIMIT_MB),
			// On several machines: a network folder.
			N8N_STORAGE_PATH: files,
		},
		postgres,
		redis,
		say: print,
		cleanup,
	});
	const destination = await destinationCredential(cluster.session, postgres);
	return { cluster, postgres, destination, say: print, cleanup };
}

async function part(title: string, run: () => Promise<boolean>): Promise<boolean> {
	const startedMs = Date.now();
	print(`\n${title}`);
	const kept = await run();
	print(`  ${kept ? 'OK' : 'NOT OK'} (${title}; ${readableTime(Date.now() - startedMs)})`);
	return kept;
}

async function main(cleanup: QueueStage['cleanup'], scale: boolean): Promise<boolean> {
	await buildPackage();
	const started = Date.now();
	const stage = await setStage(cleanup);
	print(`One main and two workers are up after ${readableTime(Date.now() - started)}`);
	const results = [
		await part('Files are readable downstream', async () => {
			return await readFilesDownstream(stage, { mode: 'database', limited: true });
		}),
		// These wait for pauses and for the quota's minutes more than they work.
		...(await Promise.all([
			part('A worker is killed in the middle', async () => await loseNothingWithAWorker(stage)),
			part('References, the quota shared out', async () => {
				return await downloadByReference(stage, { name: 'shared', quota: 120, perProcess: 40 });
			}),
			part('References, the quota not shared out', async () => {
				return await downloadByReference(stage, { name: 'unshared', quota: 60 });
			}),
		])),
	];
	if (scale) {
		const many = async () => await collectManyTenants(stage);
		results.push(await part('Many tenants, a workflow for each', many));
	}
	const inFolder = await part('Files in a folder that all processes share', async () => {
		const toFilesystem = { ...PATIENT, N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };
		for (const worker of stage.cluster.workers) await worker.stop();
		for (const worker of stage.cluster.workers) await worker.start(toFilesystem);
		return await readFilesDownstream(stage, { mode: 'filesystem', limited: false });
	});
	if (scale) {
		const durably = async () => await collectDurably(stage);
		results.push(await part('The durable scheduler', durably));
	}
	return inFolder && results.every((kept) => kept);
}

const cleanup = cleanUpOnExit();
let kept = false;
try {
	const { values } = parseArgs({ options: { scale: { type: 'boolean', default: false } } });
	kept = await main(cleanup, values.scale);
} catch (error) {
	const { message, cause } = error as Error;
	process.stderr.write(`${message}${cause ? `: ${String(cause)}` : ''}\n`);
}
await cleanup.run();
print(kept ? '\nQueue mode: OK' : '\nQueue mode: NOT OK');
process.exit(kept ? 0 : 1);
