import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Answer, StreamedBody } from './answer.mts';

/** Real time between the pieces of a slow answer, and how many there are at most. */
const DRIP_INTERVAL_MS = 20;
const DRIP_PIECES = 50;

/** Sends the answer, with its connection fault. Resolves when nothing more will be sent by this call. */
export async function sendAnswer(raw: ServerResponse, answer: Answer): Promise<void> {
	if (answer.stream) return await sendStream(raw, answer, answer.stream);
	const { body, headers } = serialize(answer);
	const socket = raw.socket as Socket;
	if (answer.connection === 'reset') {
		socket.resetAndDestroy();
		return;
	}
	if (answer.connection === 'silence') return;
	if (answer.connection === 'notHttp') {
		socket.end('220 mail.example.com ESMTP ready\r\n');
		return;
	}
	raw.writeHead(answer.status, { ...headers, 'Content-Length': contentLength(answer, body) });
	const half = body.subarray(0, Math.floor(body.length / 2));
	switch (answer.connection) {
		case 'stall':
			raw.write(half);
			return;
		case 'truncate':
			await write(raw, half);
			socket.end();
			return;
		case 'resetInBody':
			await write(raw, half);
			socket.resetAndDestroy();
			return;
		case 'wrongContentLength':
			// Node would refuse to write past its own Content-Length; the bare socket does not.
			raw.flushHeaders();
			socket.write(body);
			socket.end();
			return;
		case 'slowDrip':
			return await drip(raw, body);
		default:
			return await end(raw, body);
	}
}

/** As fast as the client reads, so that no more than a chunk is held. */
async function sendStream(raw: ServerResponse, answer: Answer, stream: StreamedBody): Promise<void> {
	raw.writeHead(answer.status, { ...answer.headers, 'Content-Length': stream.bytes });
	for (const chunk of stream.chunks()) {
		if (raw.destroyed) return;
		await write(raw, chunk);
	}
	await end(raw);
}

/** Resolves when everything was handed to the operating system, or the client has gone. */
function end(raw: ServerResponse, body?: Buffer): Promise<void> {
	return new Promise((resolve) => {
		raw.once('finish', resolve);
		raw.once('close', resolve);
		raw.end(body);
	});
}

function serialize(answer: Answer): { body: Buffer; headers: Record<string, string> } {
	const headers = { 'Cache-Control': 'no-cache', ...answer.headers };
	if (Buffer.isBuffer(answer.body)) return { body: answer.body, headers };
	const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
	const type =
		typeof answer.body === 'string'
			? 'text/plain; charset=utf-8'
			: 'application/json; charset=utf-8';
	return { body: Buffer.from(text), headers: { 'Content-Type': type, ...headers } };
}

function contentLength(answer: Answer, body: Buffer): number {
	return answer.connection === 'wrongContentLength' ? Math.floor(body.length / 2) : body.length;
}

function write(raw: ServerResponse, chunk: Uint8Array): Promise<void> {
	return new Promise((resolve) => {
		raw.once('close', resolve);
		raw.write(chunk, () => {
			raw.off('close', resolve);
			resolve();
		});
	});
}

async function drip(raw: ServerResponse, body: Buffer): Promise<void> {
	const piece = Math.max(1, Math.ceil(body.length / DRIP_PIECES));
	for (let at = 0; at < body.length && !raw.destroyed; at += piece) {
		if (at > 0) await new Promise((resolve) => setTimeout(resolve, DRIP_INTERVAL_MS));
		await write(raw, body.subarray(at, at + piece));
	}
	await end(raw);
}
