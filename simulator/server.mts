import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout as pause } from 'node:timers/promises';
import { addAdminRoutes } from './admin.mts';
import type { Answer, ConnectionFault } from './answer.mts';
import { answerApi, noSuchPath } from './api.mts';
import { readApiRequest, splitUrl } from './apiRequest.mts';
import type { Certificates } from './certificates.mts';
import type { Context } from './context.mts';
import { createQuotaMeter } from './quota.mts';
import type { RequestLogEntry } from './requestLog.mts';
import { applyScript, withBodyFor } from './scriptedFaults.mts';
import type { ScriptedFaults } from './scriptedFaults.mts';
import { sendAnswer } from './sendAnswer.mts';
import { answerTokenRequest } from './tokenEndpoint.mts';

/** Large enough for whatever a client may post. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** With these nothing of an answer is sent. */
const NO_ANSWER: ReadonlySet<ConnectionFault | undefined> = new Set<ConnectionFault>([
	'reset',
	'silence',
	'notHttp',
]);

export interface ServerInput {
	context: Context;
	scripted: ScriptedFaults;
	certificates?: Certificates;
	/** Real pauses end when it is aborted. */
	closing: AbortSignal;
	log: (entry: RequestLogEntry) => void;
	url: () => string;
}

/** The web server with both families of endpoints and the admin routes; not listening yet. */
export function createServer(input: ServerInput): FastifyInstance {
	const { context, certificates } = input;
	const common = {
		forceCloseConnections: true as const,
		bodyLimit: BODY_LIMIT_BYTES,
		routerOptions: { maxParamLength: 1_000_000 },
	};
	const app = (certificates
		? Fastify({ ...common, https: { key: certificates.key, cert: certificates.certificate } })
		: Fastify(common)) as unknown as FastifyInstance;
	// Microsoft's sample says "application/json; utf-8", which is no media type: bodies are read as text, whatever they claim.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser(/^/, { parseAs: 'string' }, (_request, body, done) => done(null, body));
	app.addHook('onRequest', async (request) => {
		if (request.headers['content-type'] !== undefined)
			request.headers['content-type'] = 'text/plain';
	});
	addAdminRoutes(app, context, input.url);
	const quota = createQuotaMeter(context.options.quota, context.clock);
	let serial = 0;

	const answerToken = (version: 'v1' | 'v2') => async (request: FastifyRequest) =>
		answerTokenRequest(context, {
			tenantId: (request.params as { tenant: string }).tenant,
			version,
			body: String(request.body ?? ''),
			...(request.headers.authorization === undefined
				? {}
				: { authorization: request.headers.authorization }),
		});
	const answerFeed = async (request: FastifyRequest) => {
		context.ledger.recordRequest(context.clock.now());
		const parsed = readApiRequest(request, certificates ? 'https' : 'http', serial++);
		return parsed
			? await answerApi(context, quota, parsed)
			: noSuchPath({ method: request.method, path: splitUrl(request.raw.url ?? '').path });
	};
	app.post('/:tenant/oauth2/v2.0/token', handler(input, answerToken('v2')));
	app.post('/:tenant/oauth2/token', handler(input, answerToken('v1')));
	app.all('/api/*', handler(input, answerFeed));
	return app;
}

type Answerer = (request: FastifyRequest) => Promise<Answer>;

/** What happens around every answer: script, latency, sending, ledger, log. */
function handler({ context, scripted, closing, log }: ServerInput, answerer: Answerer) {
	return async (request: FastifyRequest, reply: FastifyReply) => {
		const startedMs = performance.now();
		const atMs = context.clock.now();
		reply.hijack();
		const url = request.raw.url ?? '';
		const echoed = { url, headers: request.headers, body: String(request.body ?? '') };
		const script = withBodyFor(echoed, scripted.take(request.method, url));
		await wait((script?.delayMs ?? 0) + latency(context), closing);
		const answer =
			script && (script.status !== undefined || NO_ANSWER.has(script.connection))
				? { status: 0, why: `scripted ${script.connection ?? script.status}`, ...script }
				: applyScript(await answerer(request), script);
		await sendAnswer(reply.raw, withServerHeaders(context, answer));
		const broken = answer.connection !== undefined && answer.connection !== 'slowDrip';
		if (!broken && reply.raw.writableFinished) answer.onSent?.();
		else answer.onBroken?.();
		const { path, query } = splitUrl(url);
		const publisher = query.get('PublisherIdentifier');
		log({
			atMs,
			method: request.method,
			path,
			query: Object.fromEntries(query),
			status: NO_ANSWER.has(answer.connection) ? 0 : answer.status,
			ms: performance.now() - startedMs,
			why: answer.why,
			...(publisher === null ? {} : { publisher }),
			authorized: request.headers.authorization !== undefined,
		});
	};
}

function latency({ options, chance, ledger }: Context): number {
	const { mean = 0, jitter = 0 } = options.latencyMs ?? {};
	return Math.max(0, mean + (chance.of('latency', ledger.requests) * 2 - 1) * jitter);
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
	if (ms > 0) await pause(ms, undefined, { signal }).catch(() => undefined);
}

function withServerHeaders(context: Context, answer: Answer): Answer {
	const bytes = context.faults.hugeHeaderBytes;
	return {
		...answer,
		headers: {
			Date: new Date(context.serverNow()).toUTCString(),
			...(bytes > 0 ? { 'X-Huge': 'x'.repeat(bytes) } : {}),
			...answer.headers,
		},
	};
}
