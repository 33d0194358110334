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

/** The n8n that is killed and started again, always with the same user folder. */
export interface Subject {
	/** When it was dead after a kill, in milliseconds since 1970. */
	readonly kills: readonly number[];
	/** Signed in to the n8n that runs now. */
	session(): RestSession;
	/** Of the process that polls and runs the workflows. */
	pid(): number;
	/** Where it keeps its database. */
	folder: string;
	/** SIGKILL to n8n and its task runners: nothing can be saved. */
	kill(): Promise<void>;
	start(): Promise<void>;
	/** Everything that all of them wrote. */
	log(): string;
	/** Ends it and removes its folder. */
	close(): Promise<void>;
}

interface Running {
	server: N8nServer;
	session: RestSession;
}

async function launch(
	n8n: InstalledN8n,
	folder: UserFolder,
	say: Say,
	environment: NodeJS.ProcessEnv,
): Promise<Running> {
	const server = await withProgress(
		say,
		'Starting n8n',
		async () => await startServer(n8n, folder, environment),
	);
	try {
		return { server, session: await signIn(server.url) };
	} catch (error) {
		await server.stop();
		throw error;
	}
}

/**
 * Installs n8n if need be, with our package from its tarball, and starts it.
 *
 * @param environment variables on top of, or instead of, the usual ones
 * @throws Error in plain words if it cannot be installed; with n8n's log if it does not start
 */
export async function startSubject(
	version: N8nVersion,
	tarball: string,
	say: Say,
	environment: NodeJS.ProcessEnv = {},
): Promise<Subject> {
	const n8n = await installN8n(version, say);
	const create = async () => await createUserFolder(n8n);
	const folder = await withProgress(say, 'Creating the database of an empty n8n', create);
	const kills: number[] = [];
	let earlierLogs = '';
	let running: Running | undefined;
	const end = async (signal: NodeJS.Signals) => {
		const { server } = running ?? {};
		running = undefined;
		await server?.stop(signal);
		earlierLogs += server?.log() ?? '';
	};
	const start = async () => {
		running = await launch(n8n, folder, say, environment);
	};
	try {
		await installPackage(folder, tarball);
		await start();
	} catch (error) {
		await folder.remove();
		throw error;
	}
	return {
		kills,
		folder: folder.path,
		session() {
			if (!running) throw new Error('n8n is not running just now');
			return running.session;
		},
		pid() {
			if (!running) throw new Error('n8n is not running just now');
			return running.server.pid;
		},
		async kill() {
			await end('SIGKILL');
			kills.push(Date.now());
		},
		start,
		log: () => earlierLogs + (running?.server.log() ?? ''),
		async close() {
			await end('SIGTERM');
			await folder.remove();
		},
	};
}
