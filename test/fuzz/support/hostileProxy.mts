import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from 'fast-check';

import { headerValue, status, text } from './hostile.mts';
import { byteEdits, cut, cuts, edited, editedBytes, edits, type ByteEdit, type Edit } from './mutate.mts';

/** What is done to one answer on its way. */
export interface Tampering {
	json: readonly Edit[];
	bytes: readonly ByteEdit[];
	status?: number;
	/** Instead of the body: deep nesting, an HTML page, the caller's own token. */
	body?: 'echo' | 'deep' | string;
	headers: Record<string, string>;
	/** A redirect, and a link to the next page, to another host. */
	lure?: 'redirect' | 'nextPage' | 'nextPageHere';
	pieces: number[];
	/** The connection ends in the middle. */
	breakOff: boolean;
}

const anything: fc.Arbitrary<Tampering> = fc.record(
	{
		json: fc.oneof({ weight: 2, arbitrary: edits }, { weight: 1, arbitrary: fc.constant<Edit[]>([]) }),
		bytes: fc.oneof({ weight: 1, arbitrary: byteEdits }, { weight: 2, arbitrary: fc.constant<ByteEdit[]>([]) }),
		status,
		body: fc.oneof(fc.constantFrom('echo', 'deep', '<html>Gateway Timeout</html>', ''), text),
		headers: fc.dictionary(fc.constantFrom('retry-after', 'nextpageuri', 'NextPageUrl', 'content-type', 'x-anything'), headerValue, { maxKeys: 2 }),
		lure: fc.constantFrom('redirect' as const, 'nextPage' as const, 'nextPageHere' as const),
		pieces: cuts,
		breakOff: fc.boolean(),
	},
	{ requiredKeys: ['json', 'bytes', 'headers', 'pieces', 'breakOff'] },
).map((each) => ({
	...each,
	// Most answers keep what is theirs, or nothing would ever get far.
	status: each.pieces.length % 3 === 0 ? each.status : undefined,
	body: each.pieces.length % 3 === 1 ? each.body : undefined,
	breakOff: each.breakOff && each.pieces.length % 4 === 0,
}));

/** Keeps something back, and looks like any honest list. */
const emptyList: Tampering = { json: [], bytes: [], body: '[]', headers: {}, pieces: [], breakOff: false };

export const tampering = fc.oneof({ weight: 4, arbitrary: anything }, { weight: 1, arbitrary: fc.constant(emptyList) });

export interface HostileProxy {
	url: string;
	/** What happens to the next answers; whatever comes after them is left alone. */
	plan: Array<Tampering | undefined>;
	/** Every body that went out, with the path it was asked for. */
	served: Array<{ path: string; body: Buffer; tampered: boolean }>;
	/** Requests that arrived at the other host. */
	lured: string[];
	close(): Promise<void>;
}

/** Stands between the nodes and a simulated tenant, on a host of its own, and spoils answers. */
export async function startHostileProxy(target: string): Promise<HostileProxy> {
	const proxy: Omit<HostileProxy, 'close'> = { url: '', plan: [], served: [], lured: [] };
	const foreign = createServer((asked, answer) => {
		proxy.lured.push(`${asked.method} ${asked.url} ${asked.headers.authorization ?? ''}`);
		answer.end('[]');
	});
	const foreignUrl = await listen(foreign);
	const server = createServer((asked, answer) => {
		const tamper = proxy.plan.shift();
		const body: Buffer[] = [];
		asked.on('data', (chunk: Buffer) => body.push(chunk));
		asked.on('end', () => {
			const { method, headers } = asked;
			const onward = request(`${target}${asked.url}`, { method, headers }, (given) => {
				const chunks: Buffer[] = [];
				given.on('data', (chunk: Buffer) => chunks.push(chunk));
				given.on('end', () => send(asked, given, Buffer.concat(chunks), tamper, answer));
			});
			onward.on('error', () => answer.destroy());
			onward.end(Buffer.concat(body));
		});
	});

	function send(asked: IncomingMessage, given: IncomingMessage, honest: Buffer, tamper: Tampering | undefined, answer: ServerResponse): void {
		const path = asked.url ?? '';
		const body = tamper ? spoil(honest, tamper, asked.headers.authorization ?? path) : honest;
		proxy.served.push({ path, body, tampered: tamper !== undefined });
		const headers: Record<string, string | string[] | undefined> = { ...given.headers, ...tamper?.headers };
		for (const name of ['content-length', 'transfer-encoding', 'connection']) delete headers[name];
		let code = tamper?.status ?? given.statusCode ?? 200;
		if (tamper?.lure === 'redirect') {
			headers.location = `${foreignUrl}${path}`;
			code = 302;
		} else if (tamper?.lure === 'nextPage') {
			headers.nextpageuri = `${foreignUrl}${path}`;
		} else if (tamper?.lure === 'nextPageHere') {
			headers.nextpageuri = `${proxy.url}${path}&page=${proxy.served.length}`;
		}
		try {
			answer.writeHead(code, headers);
		} catch {
			// A header that Node does not send.
			answer.writeHead(code);
		}
		if (!tamper) {
			answer.end(body);
			return;
		}
		for (const piece of cut(body, tamper.pieces)) if (piece.length > 0) answer.write(piece);
		if (tamper.breakOff) answer.destroy();
		else answer.end();
	}

	proxy.url = await listen(server);
	return {
		...proxy,
		async close() {
			await Promise.all([server, foreign].map(async (each) => {
				each.closeAllConnections();
				await new Promise((closed) => each.close(closed));
			}));
		},
	};
}

function spoil(honest: Buffer, { json, bytes, body }: Tampering, own: string): Buffer {
	if (body === 'echo') return Buffer.from(JSON.stringify({ error: { code: own, message: `Refused: ${own}` } }));
	if (body === 'deep') return Buffer.from('[{"a":'.repeat(3_000) + '1' + '}]'.repeat(3_000));
	if (body !== undefined) return Buffer.from(body);
	let changed = honest;
	try {
		changed = Buffer.from(JSON.stringify(edited(JSON.parse(honest.toString('utf8')), json)) ?? '');
	} catch {
		// Not JSON.
	}
	return editedBytes(changed, bytes, honest);
}

async function listen(server: Server): Promise<string> {
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
