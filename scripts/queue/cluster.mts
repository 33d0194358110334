import type { Cleanup } from '../n8n/cleanup.mts';
import { installN8n } from '../n8n/install.mts';
import type { InstalledN8n } from '../n8n/install.mts';
import { withProgress } from '../n8n/progress.mts';
import type { Say } from '../n8n/progress.mts';
import { signIn } from '../n8n/rest.mts';
import type { RestSession } from '../n8n/rest.mts';
import { startServer } from '../n8n/server.mts';
import type { N8nServer } from '../n8n/server.mts';
import { createUserFolder, installPackage } from '../n8n/userFolder.mts';
import type { UserFolder } from '../n8n/userFolder.mts';
import type { N8nVersion } from '../n8n/versions.mts';
import type { StoredWorkflow } from '../n8n/workflows.mts';
import type { Postgres } from '../crash/postgres.mts';
import { listRuns } from '../crash/runs.mts';
import type { Redis } from './redis.mts';

/** One main or one worker, with a user folder of its own, as on a machine of its own. */
export interface Member {
	name: string;
	/** When it was dead after a kill, in milliseconds since 1970. */
	readonly kills: readonly number[];
	url(): string;
	pid(): number;
	/** Everything that it wrote, through all its starts. */
	log(): string;
	/** SIGKILL: nothing can be saved. */
	kill(): Promise<void>;
	/** Starts it again, with these environment variables on top. */
	start(extra?: NodeJS.ProcessEnv): Promise<void>;
	stop(): Promise<void>;
}

/** n8n in queue mode: one main, several workers, PostgreSQL and Redis between them. */
export interface Cluster {
	main: Member;
	workers: Member[];
	/** Signed in to the main process that runs now. */
	readonly session: RestSession;
	/** Ends the main process and starts it again, with these environment variables on top. */
	restartMain(extra: NodeJS.ProcessEnv): Promise<void>;
}

export interface ClusterOptions {
	version: N8nVersion;
	tarball: string;
	workers: number;
	/** Environment variables of all of them, on top of those of queue mode. */
	environment: NodeJS.ProcessEnv;
	postgres: Postgres;
	redis: Redis;
	say: Say;
	cleanup: Pick<Cleanup, 'add'>;
}

const DATABASE = 'n8n';

/** https://docs.n8n.io/hosting/scaling/queue-mode/ */
function queueEnvironment({ postgres, redis, environment }: ClusterOptions): NodeJS.ProcessEnv {
	return {
		EXECUTIONS_MODE: 'queue',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
		QUEUE_BULL_REDIS_HOST: redis.host,
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: postgres.host,
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_USER: postgres.user,
		DB_POSTGRESDB_PASSWORD: 'unused',
		DB_POSTGRESDB_DATABASE: DATABASE,
		// n8n's own is 2: with tens of workflows its requests wait for a connection until they are given up.
		DB_POSTGRESDB_POOL_SIZE: '10',
		...environment,
	};
}

function createMember(
	name: string,
	command: 'start' | 'worker',
	n8n: InstalledN8n,
	folder: UserFolder,
	environment: NodeJS.ProcessEnv,
): Member {
	const kills: number[] = [];
	let earlierLogs = '';
	let server: N8nServer | undefined;
	const end = async (signal: NodeJS.Signals) => {
		const ending = server;
		server = undefined;
		await ending?.stop(signal);
		earlierLogs += ending?.log() ?? '';
	};
	return {
		name,
		kills,
		url: () => server?.url ?? '',
		pid: () => server?.pid ?? 0,
		log: () => earlierLogs + (server?.log() ?? ''),
		async kill() {
			await end('SIGKILL');
			kills.push(Date.now());
		},
		async start(extra = {}) {
			server = await startServer(n8n, folder, { ...environment, ...extra }, command);
		},
		stop: async () => await end('SIGTERM'),
	};
}

/**
 * Installs n8n if need be, gives each process our package from its tarball, and starts the main process, then the workers.
 *
 * @throws Error in plain words if it cannot be installed; with n8n's log if it does not start
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const { version, tarball, postgres, say, cleanup } = options;
	const n8n = await installN8n(version, say);
	await postgres.query(`CREATE DATABASE ${DATABASE}`);
	const environment = queueEnvironment(options);
	const add = async (name: string, command: 'start' | 'worker') => {
		const folder = await createUserFolder(n8n);
		cleanup.add(async () => await folder.remove());
		await installPackage(folder, tarball);
		const member = createMember(name, command, n8n, folder, environment);
		cleanup.add(async () => await member.stop());
		return member;
	};
	// The main process creates the database; the workers only look whether it is there.
	const main = await add('main', 'start');
	await withProgress(say, 'Starting the main process', async () => await main.start());
	const workers: Member[] = [];
	for (let i = 1; i <= options.workers; i++) workers.push(await add(`worker ${i}`, 'worker'));
	const startAll = async () => await Promise.all(workers.map(async (worker) => await worker.start()));
	await withProgress(say, 'Starting the workers', startAll);
	let session = await signIn(main.url());
	return {
		main,
		workers,
		get session() {
			return session;
		},
		async restartMain(extra) {
			await main.stop();
			await main.start(extra);
			session = await signIn(main.url());
		},
	};
}

/** Ids of the executions that a worker took from the queue, from its own log. */
export function executionsOf(worker: Member): string[] {
	return [...worker.log().matchAll(/Worker started execution (\d+)/g)].map(([, id]) => id ?? '');
}

/** How many of a workflow's executions each worker took. */
export async function runsPerWorker(
	{ session, workers }: Cluster,
	workflow: Pick<StoredWorkflow, 'id'>,
): Promise<number[]> {
	const ours = new Set((await listRuns(session, workflow)).map(({ id }) => id));
	return workers.map((worker) => executionsOf(worker).filter((id) => ours.has(id)).length);
}
