import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../n8n/freePort.mts';

/** A Redis server of its own, on loopback, in memory only. */
export interface Redis {
	host: string;
	port: number;
	/** Ends the server and removes its folder. */
	stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 120_000;

const MISSING =
	'Redis is not installed. Debian and Ubuntu: sudo apt-get install redis-server · Fedora: sudo dnf install redis · ' +
	'macOS: brew install redis. Nothing has to be set up or started.';

async function answers(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, HOST, () => void socket.end('PING\r\n'));
		socket.once('data', (data: Buffer) => resolve(data.toString().startsWith('+PONG')));
		socket.once('error', () => resolve(false));
	});
}

async function end(server: ChildProcess): Promise<void> {
	const ended = () => server.exitCode !== null || server.signalCode !== null;
	server.kill('SIGKILL');
	while (!ended()) await sleep(25);
}

/** @throws Error in plain words if Redis is not installed; with its log if it does not start */
export async function startRedis(): Promise<Redis> {
	const folder = await mkdtemp(join(tmpdir(), 'queue-redis-'));
	const port = await freePort();
	const settings = ['--port', String(port), '--bind', HOST, '--dir', folder];
	const server = spawn('redis-server', [...settings, '--save', '', '--appendonly', 'no'], {
		cwd: folder,
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	let log = '';
	let missing = false;
	server.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
	server.once('error', () => (missing = true));
	const endToo = () => void server.kill('SIGKILL');
	process.once('exit', endToo);
	const stop = async () => {
		if (!missing) await end(server);
		process.off('exit', endToo);
		await rm(folder, { recursive: true, force: true });
	};
	const deadline = Date.now() + START_TIMEOUT_MS;
	while (!(await answers(port))) {
		if (!missing && server.exitCode === null && Date.now() < deadline) {
			await sleep(50);
			continue;
		}
		await stop();
		throw new Error(missing ? MISSING : `Redis did not start:\n${log}`);
	}
	return { host: HOST, port, stop };
}
