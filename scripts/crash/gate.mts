import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

/** `refused`: nobody listens. `unauthorized`: the API answers 401, the sign-in still works. */
export type GateState = 'open' | 'refused' | 'unauthorized';

/** Stands between n8n and the simulated tenant, because a real network can be away too. */
export interface Gate {
	url: string;
	turn(state: GateState): Promise<void>;
	close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Microsoft's own words: n8n 1.x gives a trigger up at start-up if it finds "Authorization" in its error. */
const BODY = JSON.stringify({ Message: 'Authorization has been denied for this request.' });
const UNAUTHORIZED = [
	'HTTP/1.1 401 Unauthorized',
	'Content-Type: application/json; charset=utf-8',
	'WWW-Authenticate: Bearer',
	`Content-Length: ${BODY.length}`,
	'Connection: close',
	'',
	BODY,
].join('\r\n');

/**
 * While nobody listens, anybody's connection may be given a port of the range that systems take theirs from; Linux begins it at
 * 32768. So the gate has one below it, which is still free when it opens again.
 */
async function listenOnLowPort(listen: (port: number) => Promise<void>): Promise<number> {
	for (let tries = 1; ; tries++) {
		const port = 20_000 + Math.floor(Math.random() * 12_000);
		try {
			await listen(port);
			return port;
		} catch (error) {
			if (tries === 20) throw error;
		}
	}
}

/** Opens a gate to the server at `target`. */
export async function openGate(target: string): Promise<Gate> {
	const { hostname, port: targetPort } = new URL(target);
	const sockets = new Set<Socket>();
	let state: GateState = 'open';

	const pass = (client: Socket, first: Buffer) => {
		const server = connect(Number(targetPort), hostname);
		sockets.add(server);
		server.on('close', () => sockets.delete(server));
		for (const [from, to] of [
			[client, server],
			[server, client],
		] as const) {
			// A connection that breaks on one side breaks on the other.
			from.on('error', () => to.resetAndDestroy());
			from.on('close', () => to.destroySoon());
			from.pipe(to);
		}
		server.write(first);
	};
	const server = createServer((client) => {
		sockets.add(client);
		client.on('error', () => client.destroy());
		client.on('close', () => sockets.delete(client));
		// n8n opens a connection for each request, so its first bytes tell what it is for.
		client.once('data', (first: Buffer) => {
			client.pause();
			const signIn = first.toString('latin1').split('\r\n')[0]?.includes('/oauth2/') ?? false;
			if (state === 'unauthorized' && !signIn) client.end(UNAUTHORIZED);
			else pass(client, first);
		});
	});
	const listen = async (port: number) => {
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, HOST, () => {
				server.off('error', reject);
				resolve();
			});
		});
	};
	const shut = async () => {
		const closed = new Promise((resolve) => server.close(resolve));
		for (const socket of sockets) socket.destroy();
		await closed;
	};
	const port = await listenOnLowPort(listen);
	return {
		url: `http://${HOST}:${port}`,
		async turn(next) {
			if (next === 'refused') await shut();
			else if (state === 'refused') await listen(port);
			state = next;
		},
		close: shut,
	};
}
