import type { IHttpRequestMethods, IHttpRequestOptions, Logger } from 'n8n-workflow';

import { FeedFailure, type FailureKind } from '../feed/failure';
import { decideRetry } from '../feed/retryPolicy';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import type { Runtime } from '../feed/types';
import { DEFAULT_LIMITS, isBodyStream, type BodyLimits, type BodyStream } from './body';
import { pause } from './cancel';
import type { Governor, Slot } from './governor';
import { toFailure } from './httpFailure';
import { inTime } from './inTime';

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
	/** Content types take turns where requests have to wait. */
	contentType?: string;
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
 * @param settled asked before a repetition: what there is to return if the request has done its work, though its answer got lost
 * @throws FeedFailure
 */
export async function request<T>(
	context: RequestContext,
	spec: RequestSpec,
	read: (answer: Answer) => Promise<T>,
	settled?: () => Promise<T | undefined>,
): Promise<T> {
	let underwayMs = 0;
	for (let attempt = 1; ; attempt++) {
		const outcome = await attemptOnce(context, spec, attempt, read);
		if ('value' in outcome) return outcome.value;
		const { failure, waitMs, tookMs } = outcome;
		underwayMs += tookMs;
		if (context.runtime.now() + waitMs >= (context.deadlineMs ?? Infinity)) {
			throw hadItsTime(context, spec, failure, underwayMs) ? neverEnded() : failure;
		}
		context.logger.debug(`${spec.label}: ${failure.message}; trying again in ${Math.round(waitMs)} ms`, {
			attempt,
		});
		// Where everybody waits, the governor's queue is the place to do it.
		if (failure.kind !== 'throttled') await pause(context.runtime, waitMs, context.signal);
		const value = await settled?.();
		if (value !== undefined) return value;
	}
}

/** So long a download may be under way at least, waits for its turn not counted, before the end of a poll counts as its failure. */
const FAIR_SHARE_MS = 20 * SECOND_MS;

/**
 * The end of a poll says nothing about a download that had just begun. One that had its time and did not end would be the
 * first of the next poll again, and of every poll after it.
 */
function hadItsTime({ deadlineMs }: RequestContext, spec: RequestSpec, { kind }: FeedFailure, underwayMs: number): boolean {
	return kind === 'cancelled' && deadlineMs !== undefined && spec.isContent === true && underwayMs >= FAIR_SHARE_MS;
}

function neverEnded(): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: 'Its download did not end within the time of a poll',
		advice: 'Try it with Content > Get before it expires.',
	});
}

/** `waitMs`: until it may be repeated; Infinity if it must not. `tookMs`: from its start to its failure. */
type Attempted<T> = { value: T } | { failure: FeedFailure; waitMs: number; tookMs: number };

/** A failure is returned, not thrown, so that only one place decides what happens next. */
async function attemptOnce<T>(
	context: RequestContext,
	spec: RequestSpec,
	attempt: number,
	read: (answer: Answer) => Promise<T>,
): Promise<Attempted<T>> {
	const { runtime, governor, signal, deadlineMs } = context;
	const slot = await governor.acquire({ lane: spec.contentType ?? '', again: attempt > 1, signal });
	const beganMs = runtime.now();
	const left = deadlineMs === undefined ? Infinity : deadlineMs - beganMs;
	if (left <= 0) {
		slot.end('cancelled');
		const failure = new FeedFailure({
			kind: 'cancelled',
			message: 'The time for this poll is used up',
			advice: 'Microsoft answers slowly, or asked to wait. Try again in a few minutes.',
		});
		return { failure, waitMs: Infinity, tookMs: 0 };
	}
	try {
		const options = httpOptions(spec, Math.max(SECOND_MS, Math.min(ANSWER_TIMEOUT_MS, left)));
		const response = await inTime(async () => await context.http(options), {
			// n8n's helper holds to the timeout of each request it sends, but sends up to three: the one that is refused, the
			// sign-in, and the same once more.
			leftMs: left,
			signal,
			tooLate: () => unanswered(hostOf(spec)),
			discard: ({ body }) => isBodyStream(body) && body.destroy(),
		});
		slot.answered(spec.isContent ?? false);
		const value = await read({
			headers: response.headers,
			body: asStream(response.body),
			limits: bodyLimits(context),
		});
		slot.end('success');
		return { value };
	} catch (error) {
		const failure = await toFailure(error, {
			host: hostOf(spec),
			isContent: spec.isContent ?? false,
			nowMs: runtime.now(),
			limits: bodyLimits(context),
		});
		const ownMs = decideRetry(failure, attempt, runtime.random()) ?? Infinity;
		const waitMs = Math.max(ownMs, endSlot(slot, failure, spec));
		return { failure, waitMs, tookMs: runtime.now() - beganMs };
	}
}

function hostOf({ url }: RequestSpec): string {
	return new URL(url).host;
}

function unanswered(host: string): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: `${host}, or the sign-in before it, did not answer within the time there was`,
		advice: 'This usually passes. If it does not, check the network, proxy and firewall of the n8n server.',
	});
}

function httpOptions(spec: RequestSpec, timeout: number): IHttpRequestOptions {
	return {
		method: spec.method ?? 'GET',
		url: spec.url,
		headers: { Accept: 'application/json', ...spec.headers },
		...(spec.body === undefined ? {} : { body: spec.body }),
		encoding: 'stream',
		returnFullResponse: true,
		disableFollowRedirect: true,
		timeout,
	};
}

/** What a failure says about load; most say nothing. */
const OUTCOMES: Partial<Record<FailureKind, 'fault' | 'cancelled'>> = {
	transient: 'fault',
	cancelled: 'cancelled',
};

/** @returns how long everybody waits from now, this request included; Infinity if it is not to be repeated */
function endSlot(slot: Slot, failure: FeedFailure, spec: RequestSpec): number {
	if (failure.kind === 'throttled') {
		if (!spec.ownThrottle) return slot.refuse(failure);
		slot.end('neutral');
		return Infinity;
	}
	slot.end(OUTCOMES[failure.kind] ?? 'neutral');
	return 0;
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
