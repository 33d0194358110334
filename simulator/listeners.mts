import type { Server } from 'node:net';
import type { Socket } from 'node:net';
import { isLoopback } from './hosts.mts';

/** Throws if the simulator were to be reachable from another machine. */
export function refusePublicName(host: string): void {
	if (!isLoopback(host) && host !== '::1')
		throw new Error(`The simulator listens on loopback only, not on ${host}`);
}

/** Keeps the open sockets of a server, so that stalled answers end with it. */
export function trackSockets(server: Server): { destroy(): void } {
	const open = new Set<Socket>();
	const track = (socket: Socket) => {
		open.add(socket);
		socket.once('close', () => open.delete(socket));
		// A client that hangs up in the middle of a broken answer is no error of the simulator.
		socket.on('error', () => socket.destroy());
	};
	server.on('connection', track);
	return {
		destroy() {
			for (const socket of open) socket.destroy();
		},
	};
}
