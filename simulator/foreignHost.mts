import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import type { Ledger } from './ledger.mts';
import { refusePublicName, trackSockets } from './listeners.mts';

export interface ForeignHost {
	url: string;
	close(): Promise<void>;
}

/** Plays every host that a token must never reach: answers anything, and tells the ledger what it was shown. */
export async function startForeignHost(
	host: string,
	ledger: Ledger,
	clientSecret: string,
): Promise<ForeignHost> {
	const app: FastifyInstance = Fastify({ forceCloseConnections: true });
	const sockets = trackSockets(app.server);
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.all('*', async (request) => {
		ledger.count('foreignRequests');
		const shown = `${request.headers.authorization ?? ''} ${request.url} ${String(request.body ?? '')}`;
		const inForm = new URLSearchParams({ '': clientSecret }).toString().slice(1);
		const hasSecret = shown.includes(clientSecret) || shown.includes(inForm);
		if (request.headers.authorization !== undefined || /eyJ[\w-]+\.eyJ/.test(shown) || hasSecret) {
			ledger.count('foreignRequestsWithToken');
		}
		return [
			{ Id: 'from-the-foreign-host', Operation: 'Forged', RecordType: 1, Workload: 'Exchange' },
		];
	});
	refusePublicName(host);
	await app.listen({ host, port: 0 });
	const { port } = app.server.address() as { port: number };
	return {
		url: `http://localhost:${port}`,
		async close() {
			sockets.destroy();
			await app.close();
		},
	};
}
