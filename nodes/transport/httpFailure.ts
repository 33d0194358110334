import { FeedFailure } from '../feed/failure';
import { isRecord } from '../feed/parseBlob';
import { toText, withoutControls } from '../feed/toText';
import { isBodyStream, readErrorText, type BodyLimits } from './body';
import { cancelled } from './cancel';
import { classifyAnswer } from './classify';
import { withoutTokens } from './redact';
import { connectionTrouble, isCertificateCode, isTransientCode } from './systemCodes';
import { failureOf } from './token';

interface Thrown {
	message?: unknown;
	code?: unknown;
	cause?: unknown;
	response?: unknown;
	/** Of n8n's own error: the HTTP status as a text, or a system code. */
	httpCode?: unknown;
	context?: unknown;
}

/**
 * Turns whatever n8n's request helper threw into a FeedFailure. The original holds the request with the token in its headers,
 * so nothing of it goes on but status, answer and system code.
 *
 * @param host for the message
 * @param isContent the request was for a blob
 * @param limits for reading an error's answer
 */
export async function toFailure(
	thrown: unknown,
	context: { host: string; isContent: boolean; nowMs: number; limits?: BodyLimits },
): Promise<FeedFailure> {
	if (thrown instanceof FeedFailure) return thrown;
	const chain = causes(thrown);
	for (const error of chain) {
		const signIn = failureOf(error);
		if (signIn) return new FeedFailure(signIn);
	}
	const response = [...chain.map((error) => error.response), ...chain.map(rebuiltResponse)].find(isAnswer);
	if (response) return await answerFailure(response, context);
	if (context.limits?.signal?.aborted || chain.some((error) => codeOf(error) === 'ERR_CANCELED')) {
		return cancelled();
	}
	return connectionFailure(chain, context.host);
}

/** n8n 1.x drops the original error. Its own holds the status and, because we ask for a stream, the answer as it came. */
function rebuiltResponse({ httpCode, context }: Thrown): Record<string, unknown> | undefined {
	if (typeof httpCode !== 'string' || !/^\d{3}$/.test(httpCode)) return undefined;
	const data = isRecord(context) ? context.data : undefined;
	return { status: Number(httpCode), data, headers: isRecord(data) ? data.headers : undefined };
}

function codeOf({ code, httpCode }: Thrown): unknown {
	return code ?? httpCode ?? undefined;
}

function causes(thrown: unknown): Thrown[] {
	const chain: Thrown[] = [];
	let error = thrown;
	while (isRecord(error) && chain.length < 5) {
		chain.push(error);
		error = error.cause;
	}
	return chain;
}

interface Answered {
	status: number;
	data?: unknown;
	headers?: unknown;
}

function isAnswer(response: unknown): response is Answered {
	return isRecord(response) && Number.isInteger(response.status);
}

async function answerFailure(
	response: Answered,
	context: { isContent: boolean; nowMs: number; limits?: BodyLimits },
): Promise<FeedFailure> {
	const { data, headers, status } = response;
	return new FeedFailure(
		classifyAnswer(
			{
				status,
				body: isBodyStream(data) ? await readErrorText(data, context.limits) : bodyText(data),
				retryAfter: header(headers, 'retry-after'),
				isContent: context.isContent,
			},
			context.nowMs,
		),
	);
}

function bodyText(data: unknown): string {
	if (typeof data === 'string') return data;
	if (Buffer.isBuffer(data)) return data.toString('utf8');
	return isRecord(data) ? toText(data) : '';
}

/** A header in any letter case; the last of several. */
export function header(headers: unknown, name: string): string | undefined {
	if (!isRecord(headers)) return undefined;
	for (const [key, value] of Object.entries(headers)) {
		if (key.toLowerCase() === name.toLowerCase()) return toText(Array.isArray(value) ? value.at(-1) : value);
	}
	return undefined;
}

/** Anything else that stands in its place might be an answer's text. */
function isSystemCode(code: unknown): code is string {
	return typeof code === 'string' && /^[A-Z]\w{1,60}$/.test(code);
}

/** Enough for a sentence of ours or of n8n's. */
const MAX_OWN_LENGTH = 600;

function connectionFailure(chain: Thrown[], host: string): FeedFailure {
	const codes = chain.map(codeOf).filter(isSystemCode);
	const code = codes.find((candidate) => candidate !== 'ERR_BAD_REQUEST');
	if (code && isCertificateCode(code)) {
		return new FeedFailure({
			kind: 'badRequest',
			message: `The TLS certificate of ${host} is not trusted (${code})`,
			advice: 'A proxy that inspects traffic needs its certificate authority in NODE_EXTRA_CA_CERTS of the n8n server.',
		});
	}
	const messages = chain
		.map(({ message }) => (typeof message === 'string' ? withoutControls(withoutTokens(message)).trim() : ''))
		.filter((text) => text !== '');
	if (code === undefined || isTransientCode(code)) {
		const own = messages.at(-1)?.slice(0, MAX_OWN_LENGTH);
		// Errors of our own making (a refused host, a missing field) and of n8n's (domain not allowed) say it themselves.
		const isNetwork = code !== undefined || own === undefined || /socket|aborted|timeout|network/i.test(own);
		return new FeedFailure({
			kind: isNetwork ? 'transient' : 'badRequest',
			message: isNetwork ? connectionTrouble(host, code) : own,
			advice: isNetwork
				? 'Check the network, proxy and firewall of the n8n server.'
				: 'Check the credential and the parameters of the node.',
		});
	}
	return new FeedFailure({
		kind: 'transient',
		message: `The request to ${host} did not succeed (${code})`,
		advice: 'Try again in a few minutes.',
	});
}
