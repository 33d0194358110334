import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Never accepts: its thread sleeps as soon as it listens. */
const LISTENER = `
	const { createServer } = require('node:net');
	const { parentPort, workerData } = require('node:worker_threads');
	const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
		parentPort.postMessage(server.address());
		setImmediate(() => Atomics.wait(new Int32Array(workerData), 0, 0));
	});
`;

/** Real milliseconds in which a connection on loopback is made, if it is made at all. */
const CONNECTED_WITHIN_MS = 200;
const MOST_WAITING = 50;

export interface BlackHole {
	port: number;
	close(): Promise<void>;
}

/**
 * An address on loopback that answers no attempt to connect, as a firewall does that drops packets: it listens, and the
 * queue of those who wait to be accepted is full. (Linux; elsewhere connections may be refused instead.)
 */
export async function openBlackHole(): Promise<BlackHole> {
	const gate = new SharedArrayBuffer(4);
	const worker = new Worker(LISTENER, { eval: true, workerData: gate });
	const port = await new Promise<number>((resolve, reject) => {
		worker.once('message', (address: AddressInfo) => resolve(address.port));
		worker.once('error', reject);
	});
	worker.unref();
	const waiting: Socket[] = [];
	do {
		const socket = connect(port, '127.0.0.1').on('error', () => undefined).unref();
		waiting.push(socket);
		await Promise.race([
			new Promise((resolve) => socket.once('connect', resolve)),
			pause(CONNECTED_WITHIN_MS),
		]);
	} while (!waiting.at(-1)?.connecting && waiting.length < MOST_WAITING);
	return {
		port,
		async close() {
			for (const socket of waiting) socket.destroy();
			Atomics.store(new Int32Array(gate), 0, 1);
			Atomics.notify(new Int32Array(gate), 0);
			await worker.terminate();
		},
	};
}
