import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { n8nEnvironment } from './environment.mts';
import { freePort } from './freePort.mts';
import type { InstalledN8n } from './install.mts';
import type { UserFolder } from './userFolder.mts';

export interface N8nServer {
	url: string;
	pid: number;
	/** Everything n8n wrote so far, standard output and standard error. */
	log(): string;
	/** Ends n8n and its task runners and waits until they are gone. `SIGKILL` gives them no chance to save anything. */
	stop(signal?: NodeJS.Signals): Promise<void>;
}

const EXIT_WITH_PARENT = fileURLToPath(new URL('./exitWithParent.cjs', import.meta.url));
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 15_000;
const START_ATTEMPTS = 3;

interface Started {
	child: ChildProcess;
	url: string;
	log: () => string;
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
	return exitCode !== null || signalCode !== null;
}

/** Signals n8n's whole process group, which its task runners belong to. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
	if (pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

async function stopProcess(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
	signalGroup(child, signal);
	const deadline = Date.now() + STOP_TIMEOUT_MS;
	while (!hasEnded(child) && Date.now() < deadline) await sleep(25);
	// Also when n8n itself has ended: a task runner may have outlived it.
	signalGroup(child, 'SIGKILL');
	while (!hasEnded(child)) await sleep(25);
}

async function launch(
	n8n: InstalledN8n,
	folder: UserFolder,
	extra: NodeJS.ProcessEnv,
	command: 'start' | 'worker',
): Promise<Started> {
	const [port, brokerPort] = [await freePort(), await freePort()];
	const { path: userFolder, encryptionKey } = folder;
	const child = spawn(process.execPath, ['--require', EXIT_WITH_PARENT, n8n.bin, command], {
		cwd: userFolder,
		env: {
			...n8nEnvironment({ userFolder, port, brokerPort, encryptionKey }),
			N8N_STARTED_BY: String(process.pid),
			...n8n.environment,
			...extra,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
		// A process group of its own: it is stopped as a whole, and Ctrl-C reaches us first.
		detached: true,
	});
	let text = '';
	const keep = (chunk: Buffer) => (text += chunk.toString());
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	child.once('error', keep);
	return { child, url: `http://127.0.0.1:${port}`, log: () => text };
}

/** True once n8n answers, false if it ended before. */
async function becomesReady({ child, url, log }: Started): Promise<boolean> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (Date.now() < deadline) {
		if (hasEnded(child)) return false;
		const answer = await fetch(`${url}/healthz/readiness`).catch(() => undefined);
		if (answer?.ok) return true;
		await sleep(100);
	}
	throw new Error(`n8n was not ready after ${START_TIMEOUT_MS / 1000} s. Its log:\n${log()}`);
}

/**
 * Starts n8n on free loopback ports and waits until it serves requests.
 *
 * @param extra environment variables on top of, or instead of, the usual ones
 * @param command `worker`: one that takes executions from the queue
 * @throws Error with n8n's log, if it does not come up
 */
export async function startServer(
	n8n: InstalledN8n,
	folder: UserFolder,
	extra: NodeJS.ProcessEnv = {},
	command: 'start' | 'worker' = 'start',
): Promise<N8nServer> {
	for (let attempt = 1; ; attempt++) {
		const started = await launch(n8n, folder, extra, command);
		const { child, url, log } = started;
		const stop = async (signal: NodeJS.Signals = 'SIGTERM') => await stopProcess(child, signal);
		const ready = await becomesReady(started).catch(async (error: unknown) => {
			await stop('SIGKILL');
			throw error;
		});
		if (ready) return { url, pid: child.pid ?? 0, log, stop };
		await stop('SIGKILL');
		// A free port may be taken by someone else before n8n listens on it.
		const portTaken = /already in use|EADDRINUSE/.test(log());
		if (attempt === START_ATTEMPTS || !portTaken) throw new Error(`n8n ended:\n${log()}`);
	}
}
