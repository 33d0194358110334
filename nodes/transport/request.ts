import type { IHttpRequestMethods, IHttpRequestOptions, Logger } from 'n8n-workflow';

import { FeedFailure } from '../feed/failure';
import { decideRetry } from '../feed/retryPolicy';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import type { Runtime } from '../feed/types';
import { DEFAULT_LIMITS, isBodyStream, type BodyLimits, type BodyStream } from './body';
import { pause } from './cancel';
import type { Governor, Slot } from './governor';
import { toFailure } from './httpFailure';

/** What a request needs from its surroundings. */
export interface RequestContext {
	/** `this.helpers.httpRequestWithAuthentication` for our credential, with the full response. */
	http(options: IHttpRequestOptions): Promise<{ body: unknown; headers: unknown; statusCode: number }>;
	governor: Governor;
	runtime: Runtime;
	logger: Pick<Logger, 'debug' | 'warn'>;
	signal?: AbortSignal;
	/** No wait and no request may last beyond this (the poll's budget). */
	deadlineMs?: number;
}

export interface RequestSpec {
	method?: IHttpRequestMethods;
	/** Absolute, on the API host, with PublisherIdentifier. */
	url: string;
	headers?: Record<string, string>;
	body?: IHttpRequestOptions['body'];
	/** The download of a blob. */
	isContent?: boolean;
	/** Its throttling is a limit of its own (starting subscriptions), not the tenant's quota: report it, pause nobody. */
	ownThrottle?: boolean;
	/** For log lines: what is being done, without secrets. */
	label: string;
}

export interface Answer {
	headers: unknown;
	body: BodyStream;
	/** For reading the body, under this context's deadline and signal. */
	limits: BodyLimits;
}

/** How long the server may take to begin its answer. */
const ANSWER_TIMEOUT_MS = 2 * MINUTE_MS;

/**
 * Sends a request, and again as often as the retry policy allows. `read` takes the answer's body inside the attempt, so a body
 * that breaks off is fetched again.
 *
 * @throws FeedFailure
 */
export async function request<T>(
	context: RequestContext,
	spec: RequestSpec,
	read: (answer: Answer) => Promise<T>,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const outcome = await attemptOnce(context, spec, read);
		if (!(outcome instanceof FeedFailure)) return outcome.value;
		const wait = spec.ownThrottle && outcome.kind === 'throttled' ? undefined : retryWait(context, outcome, attempt);
		if (wait === undefined) throw outcome;
		context.logger.debug(`${spec.label}: ${outcome.message}; trying again in ${Math.round(wait)} ms`, {
			attempt,
		});
		await pause(context.runtime, wait, context.signal);
	}
}

function retryWait(context: RequestContext, failure: FeedFailure, attempt: number): number | undefined {
	const wait = decideRetry(failure, attempt, context.runtime.random());
	const endsMs = context.runtime.now() + (wait ?? 0);
	return context.deadlineMs !== undefined && endsMs >= context.deadlineMs ? undefined : wait;
}

/** The value, or how it failed; `FeedFailure` is returned, not thrown, so that only one place decides what happens next. */
async function attemptOnce<T>(
	context: RequestContext,
	spec: RequestSpec,
	read: (answer: Answer) => Promise<T>,
): Promise<{ value: T } | FeedFailure> {
	const { runtime, signal, deadlineMs } = context;
	const slot = await context.governor.acquire(signal);
	const left = deadlineMs === undefined ? Infinity : deadlineMs - runtime.now();
	if (left <= 0) {
		slot.end('neutral');
		return new FeedFailure({ kind: 'cancelled', message: 'The time for this poll is used up' });
	}
	try {
		const response = await context.http({
			method: spec.method ?? 'GET',
			url: spec.url,
			headers: { Accept: 'application/json', ...spec.headers },
			...(spec.body === undefined ? {} : { body: spec.body }),
			encoding: 'stream',
			returnFullResponse: true,
			disableFollowRedirect: true,
			timeout: Math.max(SECOND_MS, Math.min(ANSWER_TIMEOUT_MS, left)),
		});
		const value = await read({
			headers: response.headers,
			body: asStream(response.body),
			limits: bodyLimits(context),
		});
		slot.end('success');
		return { value };
	} catch (error) {
		const failure = await toFailure(error, {
			host: new URL(spec.url).host,
			isContent: spec.isContent ?? false,
			nowMs: runtime.now(),
			signal,
		});
		endSlot(slot, failure, spec, runtime);
		return failure;
	}
}

function endSlot(slot: Slot, failure: FeedFailure, spec: RequestSpec, runtime: Runtime): void {
	if (failure.kind === 'throttled' && !spec.ownThrottle) {
		slot.end('throttled', decideRetry(failure, 1, runtime.random()));
	} else {
		slot.end(failure.kind === 'transient' ? 'fault' : 'neutral');
	}
}

/** A body that is no stream comes from a helper that read it already; from here on there is one form. */
function asStream(body: unknown): BodyStream {
	if (isBodyStream(body)) return body;
	const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body ?? '');
	return Object.assign(
		(async function* () {
			yield Buffer.from(text);
		})(),
		{ destroy: () => undefined },
	);
}

function bodyLimits(context: RequestContext): BodyLimits {
	const left =
		context.deadlineMs === undefined ? Infinity : context.deadlineMs - context.runtime.now();
	return {
		...DEFAULT_LIMITS,
		totalMs: Math.max(1, Math.min(DEFAULT_LIMITS.totalMs, left)),
		signal: context.signal,
	};
}
