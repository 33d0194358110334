import { installN8n } from './install.mts';
import { withProgress } from './progress.mts';
import type { Say } from './progress.mts';
import { signIn } from './rest.mts';
import type { RestSession, SessionOptions } from './rest.mts';
import { startServer } from './server.mts';
import type { N8nServer } from './server.mts';
import { createUserFolder, installPackage } from './userFolder.mts';
import type { UserFolder } from './userFolder.mts';
import { N8N_2 } from './versions.mts';
import type { N8nVersion } from './versions.mts';

export interface RunningN8n {
	version: string;
	server: N8nServer;
	folder: UserFolder;
	/** Signed in as the owner. */
	session: RestSession;
	/** Ends n8n and removes its folder. */
	close(): Promise<void>;
}

export interface StartOptions {
	/** Default: the main target. */
	n8n?: N8nVersion;
	/** Our package, to be installed before the start. */
	tarball?: string;
	say?: Say;
	/** Environment variables on top of, or instead of, the usual ones. */
	environment?: NodeJS.ProcessEnv;
	/** Of the browser that signs in. */
	browser?: SessionOptions;
}

/**
 * A real n8n of its own: installed if need be, with our package, started, and signed in.
 *
 * @throws Error in plain words if it cannot be installed; with n8n's log if it does not start
 */
export async function startN8n({
	n8n = N8N_2,
	tarball,
	say = () => {},
	environment = {},
	browser = {},
}: StartOptions = {}): Promise<RunningN8n> {
	const installed = await installN8n(n8n, say);
	const prepare = async () => await createUserFolder(installed);
	const folder = await withProgress(say, 'Creating the database of an empty n8n', prepare);
	try {
		if (tarball) await installPackage(folder, tarball);
		const start = async () => await startServer(installed, folder, environment);
		const server = await withProgress(say, 'Starting n8n', start);
		const close = async () => {
			await server.stop();
			await folder.remove();
		};
		const session = await signIn(server.url, browser).catch(async (error: unknown) => {
			await server.stop();
			throw error;
		});
		return { version: n8n.version, server, folder, session, close };
	} catch (error) {
		await folder.remove();
		throw error;
	}
}
