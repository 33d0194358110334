import { execFile, execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { freePort } from '../n8n/freePort.mts';

const run = promisify(execFile);

/** A PostgreSQL server of its own, on loopback, that trusts everybody on this machine. */
export interface Postgres {
	host: string;
	port: number;
	database: string;
	user: string;
	/** The lines of the answer, without headings. */
	query(sql: string): Promise<string[]>;
	/** Ends the server and removes its files. */
	stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const USER = 'crash';
const DATABASE = 'postgres';
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 2 ** 30;

const MISSING =
	'PostgreSQL is not installed. Debian and Ubuntu: sudo apt-get install postgresql · Fedora: sudo dnf install ' +
	'postgresql-server · macOS: brew install postgresql@16. Nothing has to be set up or started.';

/** The folder with initdb, postgres and psql: on the PATH, or where Debian puts each version, newest first. */
function findPrograms(): string {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian).map(Number) : [];
	const folders = [
		...(process.env['PATH'] ?? '').split(delimiter),
		...versions.sort((a, b) => b - a).map((version) => join(debian, String(version), 'bin')),
	];
	const complete = (folder: string) =>
		['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name)));
	const found = folders.find((folder) => folder !== '' && complete(folder));
	if (found === undefined) throw new Error(MISSING);
	return found;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package has made. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
	return { uid: id('-u'), gid: id('-g') };
}

async function waitUntilReady(
	server: ChildProcess,
	ready: () => Promise<unknown>,
	log: () => string,
): Promise<void> {
	const deadline = Date.now() + START_TIMEOUT_MS;
	for (;;) {
		if (server.exitCode !== null) throw new Error(`PostgreSQL ended:\n${log()}`);
		const failure = await ready().then(
			() => undefined,
			(error: Error) => error,
		);
		if (!failure) return;
		if (Date.now() > deadline) throw new Error(`PostgreSQL did not start: ${failure.message}`);
		await sleep(100);
	}
}

async function endServer(server: ChildProcess): Promise<void> {
	const ended = () => server.exitCode !== null || server.signalCode !== null;
	// "Fast shutdown": does not wait for clients. https://www.postgresql.org/docs/current/server-shutdown.html
	server.kill('SIGINT');
	const deadline = Date.now() + STOP_TIMEOUT_MS;
	while (!ended() && Date.now() < deadline) await sleep(50);
	if (!ended()) server.kill('SIGKILL');
	while (!ended()) await sleep(50);
}

/**
 * Creates a database in a temporary folder and starts a server for it, without the care for power cuts.
 *
 * @throws Error in plain words if PostgreSQL is not installed; with its log if it does not start
 */
export async function startPostgres(): Promise<Postgres> {
	const programs = findPrograms();
	const user = unprivilegedUser();
	const folder = await mkdtemp(join(tmpdir(), 'crash-postgres-'));
	if (user) await chown(folder, user.uid, user.gid);
	const remove = async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	const data = join(folder, 'data');
	const options = { cwd: folder, ...user };
	const identity = ['-A', 'trust', '-U', USER, '-E', 'UTF8', '--locale=C'];
	try {
		await run(join(programs, 'initdb'), ['-D', data, ...identity, '--no-sync'], options);
	} catch (error) {
		await remove();
		throw error;
	}
	const port = await freePort();
	const settings = ['fsync=off', 'unix_socket_directories=', 'max_connections=200'];
	const address = ['-D', data, '-h', HOST, '-p', String(port)];
	const server = spawn(
		join(programs, 'postgres'),
		[...address, ...settings.flatMap((setting) => ['-c', setting])],
		{ ...options, stdio: ['ignore', 'ignore', 'pipe'] },
	);
	let log = '';
	server.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
	server.once('error', (error) => (log += error.message));
	const endToo = () => void server.kill('SIGKILL');
	process.once('exit', endToo);
	const stop = async () => {
		await endServer(server);
		process.off('exit', endToo);
		await remove();
	};
	const query = async (sql: string) => {
		const target = ['-h', HOST, '-p', String(port), '-U', USER, '-d', DATABASE];
		const args = [...target, '-X', '-A', '-t', '-q', '-v', 'ON_ERROR_STOP=1', '-c', sql];
		const { stdout } = await run(join(programs, 'psql'), args, { maxBuffer: MAX_ANSWER_BYTES });
		return stdout.split('\n').filter((line) => line !== '');
	};
	try {
		await waitUntilReady(
			server,
			async () => await query('SELECT 1'),
			() => log,
		);
	} catch (error) {
		await stop();
		throw error;
	}
	return { host: HOST, port, database: DATABASE, user: USER, query, stop };
}
