import { attempt } from '../feed/attempt';
import { FeedFailure } from '../feed/failure';
import type { Page, PageSource } from '../feed/listing';
import {
	isErrorObject,
	isRecord,
	parseBlob,
	parseJson,
	type ParsedBlob,
} from '../feed/parseBlob';
import { parseEvents } from '../feed/parseEvents';
import { hasLongInteger, holdsUnsafeInteger } from '../feed/preciseNumbers';
import { readSubscriptions, type Webhook } from '../feed/subscriptions';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { readBytes, readText } from './body';
import { classifyAnswer } from './classify';
import type { Endpoints } from './endpoints';
import { createFirstAlone } from './firstAlone';
import { header } from './httpFailure';
import { request, type Answer, type RequestContext, type RequestSpec } from './request';
import { contentPath, feedUrl, nextPageUrl, windowQuery } from './urls';

export interface FetchedBlob extends ParsedBlob {
	/** Size of the body in bytes. */
	length: number;
	/** An integer of the blob is beyond 2^53 and lost digits. */
	lostPrecision: boolean;
}

/** The Management Activity API, one method per call. All throw FeedFailure. */
export interface FeedClient {
	content(contentType: string): PageSource;
	notifications(contentType: string): PageSource;
	/** @param contentType for its turn, where requests have to wait */
	blob(contentId: string, contentType?: string): Promise<FetchedBlob>;
	/** Hands the raw body to `read`, inside the attempt that a broken body repeats. */
	blobStream<T>(
		contentId: string,
		read: (answer: Answer) => Promise<T>,
		contentType?: string,
	): Promise<T>;
	listSubscriptions(): Promise<unknown[]>;
	/** `webhook` keeps the one the subscription has: a start without it removes it. */
	startSubscription(contentType: string, webhook?: Webhook): Promise<unknown>;
	stopSubscription(contentType: string): Promise<void>;
	sensitiveTypes(language: string): Promise<unknown[]>;
	/** The same client for calls that are to end sooner than its others. */
	within(limits: Pick<RequestContext, 'deadlineMs' | 'signal'>): FeedClient;
}

export function createClient(context: RequestContext, endpoints: Endpoints): FeedClient {
	const firstAlone = createFirstAlone();
	async function send<T>(
		spec: RequestSpec,
		read: (answer: Answer) => Promise<T>,
		settled?: () => Promise<T | undefined>,
	): Promise<T> {
		return await firstAlone(async (answered) => {
			const http: RequestContext['http'] = async (options) => await context.http(options).finally(answered);
			return await request({ ...context, http }, spec, read, settled);
		});
	}
	/** `check` runs inside the attempt, so that an answer of the wrong kind is asked for again. */
	async function json<T>(spec: RequestSpec, check: (value: unknown) => T): Promise<{ value: T; headers: unknown }> {
		return await send(spec, async (answer) => {
			const text = await readText(answer.body, answer.limits);
			return { value: check(parseAnswer(text, context.runtime.now())), headers: answer.headers };
		});
	}
	async function list(spec: RequestSpec): Promise<unknown[]> {
		return (await json(spec, expectList)).value;
	}
	const listSubscriptions = async () =>
		await list({ url: feedUrl(endpoints, 'subscriptions/list'), label: 'List subscriptions' });
	/** A start whose answer got lost may have worked; another one would be refused for a quarter of an hour. */
	async function startedMeanwhile(contentType: string): Promise<unknown> {
		const listed = await attempt(listSubscriptions);
		const subscription = listed.ok ? readSubscriptions(listed.value).get(contentType) : undefined;
		return subscription?.enabled ? subscription.entry : undefined;
	}
	async function page(spec: RequestSpec): Promise<Page> {
		const { value, headers } = await json(spec, expectList);
		// One page of the docs says NextPageUri, another NextPageUrl; the header may be there and empty.
		const next = header(headers, 'NextPageUri') || header(headers, 'NextPageUrl');
		return { entries: value, ...(next ? { nextPageUri: next } : {}) };
	}
	function pages(path: string, contentType: string): PageSource {
		return {
			firstPage: async (window) =>
				await page({
					url: feedUrl(endpoints, path, { contentType, ...windowQuery(window) }),
					contentType,
					label: `List ${contentType} ${windowQuery(window).startTime}`,
				}),
			nextPage: async (uri) =>
				await page({
					url: nextPageUrl(endpoints, uri),
					contentType,
					label: `List ${contentType}, next page`,
				}),
		};
	}
	function blobSpec(contentId: string, contentType?: string): RequestSpec {
		return {
			url: feedUrl(endpoints, contentPath(contentId)),
			isContent: true,
			contentType,
			label: `Fetch ${contentId}`,
		};
	}

	return {
		content: (contentType) => pages('subscriptions/content', contentType),
		notifications: (contentType) => pages('subscriptions/notifications', contentType),
		blob: async (contentId, contentType) =>
			await send(blobSpec(contentId, contentType), async (answer) =>
				readBlob(await readBytes(answer.body, answer.limits), context.runtime.now()),
			),
		blobStream: async (contentId, read, contentType) =>
			await send(blobSpec(contentId, contentType), read),
		listSubscriptions,
		async startSubscription(contentType, webhook) {
			const spec: RequestSpec = {
				method: 'POST',
				url: feedUrl(endpoints, 'subscriptions/start', { contentType }),
				...(webhook ? { body: { webhook } } : {}),
				ownThrottle: true,
				label: `Start subscription ${contentType}`,
			};
			const read = async ({ body, limits }: Answer) =>
				parseAnswer(await readText(body, limits), context.runtime.now());
			const settled = async () => await startedMeanwhile(contentType);
			const start = await attempt(async () => await send(spec, read, settled));
			if (start.ok) return start.value;
			throw start.failure.kind === 'throttled' ? startThrottled(start.failure) : start.failure;
		},
		async stopSubscription(contentType) {
			const url = feedUrl(endpoints, 'subscriptions/stop', { contentType });
			await send({ method: 'POST', url, label: `Stop subscription ${contentType}` }, async ({ body, limits }) => {
				const text = await readText(body, limits);
				if (text.trim() !== '') parseAnswer(text, context.runtime.now());
			});
		},
		sensitiveTypes: async (language) =>
			await list({
				url: feedUrl(endpoints, 'resources/dlpSensitiveTypes'),
				headers: { 'Accept-Language': language },
				label: 'List DLP sensitive types',
			}),
		within: (limits) => createClient({ ...context, ...limits }, endpoints),
	};
}

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#start-a-subscription */
function startThrottled(failure: FeedFailure): FeedFailure {
	const { retryAfterMs = 15 * MINUTE_MS, status, code } = failure;
	const minutes = Math.floor(retryAfterMs / MINUTE_MS);
	const seconds = Math.round((retryAfterMs % MINUTE_MS) / SECOND_MS);
	return new FeedFailure({
		kind: 'throttled',
		message: `Microsoft lets subscriptions be started only once in 15 minutes; the next start is possible in ${minutes} min ${seconds} s (HTTP ${status})`,
		advice: 'Try again then. Subscriptions that are enabled already need no start.',
		retryAfterMs,
		status,
		code,
	});
}

function readBlob(body: Buffer, nowMs: number): FetchedBlob {
	const { events, unusable } = eventsOf(body, nowMs);
	const lostPrecision = hasLongInteger(body) && holdsUnsafeInteger(events);
	return { events, unusable, length: body.length, lostPrecision };
}

/** @throws FeedFailure if it is anything else than events; then what it is instead is found out from the whole text */
function eventsOf(body: Buffer, nowMs: number): ParsedBlob {
	const events = parseEvents(body);
	if (events) return { events, unusable: 0 };
	const text = body.toString('utf8');
	throwIfError(text, nowMs);
	return parseBlob(text);
}

/** An error object can come with status 200; it is short, and begins with a brace. */
function throwIfError(text: string, nowMs: number): void {
	if (text.length > 64 * 1024 || !/^\uFEFF?\s*\{/.test(text)) return;
	const value = parseJson(text);
	if (isErrorObject(value)) {
		throw new FeedFailure(classifyAnswer({ status: 200, body: text }, nowMs));
	}
}

function parseAnswer(text: string, nowMs: number): unknown {
	throwIfError(text, nowMs);
	const value = parseJson(text);
	if (value === undefined) throw new FeedFailure(classifyAnswer({ status: 200, body: text }, nowMs));
	return value;
}

/** Lists are arrays; one entry alone has been seen where a list was due. A list of nothing but other things is none. */
function expectList(value: unknown): unknown[] {
	if (Array.isArray(value) && (value.length === 0 || value.some(isRecord))) return value;
	if (isRecord(value)) return [value];
	throw new FeedFailure({
		kind: 'transient',
		message: 'Microsoft answered with something else than a list',
		advice: 'Try again in a few minutes.',
	});
}
