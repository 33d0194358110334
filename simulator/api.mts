import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import { refuseRequest } from './authorize.mts';
import { internalAnswer } from './failedBlob.mts';
import { answerBlob } from './blobs.mts';
import { answerListing } from './contentListing.mts';
import type { ApiRequest, Context } from './context.mts';
import type { QuotaMeter } from './quota.mts';
import { answerRedirect } from './redirects.mts';
import { answerSensitiveTypes } from './sensitiveTypes.mts';
import { listSubscriptions, startSubscription, stopSubscription } from './subscriptions.mts';

/** The quota of everybody who does not say who they are. */
const NO_PUBLISHER = '00000000-0000-0000-0000-000000000000';

/** Answers one request to the Management Activity API. */
export async function answerApi(
	context: Context,
	quota: QuotaMeter,
	request: ApiRequest,
): Promise<Answer> {
	checkRules(context, request);
	return (
		answerRedirect(context, request) ??
		answerOutage(context, request) ??
		throttle(context, quota, request) ??
		refuseRequest(context, request) ??
		(await dispatch(context, request))
	);
}

function checkRules({ ledger, clock, tenant }: Context, request: ApiRequest): void {
	const { path, query, method } = request;
	if (!query.get('PublisherIdentifier')) {
		ledger.recordViolation('publisherMissing', `${method} ${path.slice(0, 200)}`, clock.now());
	}
	const url = `${path}?${query}`;
	if (url.includes(tenant.clientSecret) || /eyJ[\w-]+\.eyJ/.test(url)) {
		ledger.recordViolation(
			'secretInUrl',
			`${method} with a secret or token in its URL`,
			clock.now(),
		);
	}
}

function answerOutage({ faults, chance }: Context, { serial }: ApiRequest): Answer | undefined {
	if (chance.of('reset', serial) < faults.resets) {
		return { status: 0, connection: 'reset', why: 'reset' };
	}
	return chance.of('internal', serial) < faults.internalErrors
		? internalAnswer(chance.of('which', serial))
		: undefined;
}

function throttle(context: Context, quota: QuotaMeter, request: ApiRequest): Answer | undefined {
	const { faults, chance, ledger } = context;
	const publisher = request.query.get('PublisherIdentifier') ?? NO_PUBLISHER;
	const byChance = chance.of('throttle', request.serial) < faults.throttledRequests;
	const waitMs = byChance ? 1000 : quota.take(publisher);
	if (waitMs <= 0) return undefined;
	ledger.count('throttled');
	const answer = apiErrors.throttled(faults.throttleStatus, request.method, publisher);
	if (faults.retryAfter === '') return answer;
	const retryAfter =
		faults.retryAfter === 'auto' ? String(Math.ceil(waitMs / 1000)) : faults.retryAfter;
	return { ...answer, headers: { 'Retry-After': retryAfter } };
}

async function dispatch(context: Context, request: ApiRequest): Promise<Answer> {
	const operation = request.operation.toLowerCase();
	switch (`${request.method} ${operation.startsWith('audit/') ? 'audit' : operation}`) {
		case 'GET audit':
			return answerBlob(context, request);
		case 'GET subscriptions/content':
		case 'GET subscriptions/notifications':
			return answerListing(context, request);
		case 'GET subscriptions/list':
			return listSubscriptions(context);
		case 'POST subscriptions/start':
			return await startSubscription(context, request);
		case 'POST subscriptions/stop':
			return stopSubscription(context, request);
		case 'GET resources/dlpsensitivetypes':
			return answerSensitiveTypes(request.headers['accept-language'] as string | undefined);
		default:
			return noSuchPath(request);
	}
}

export function noSuchPath({ method, path }: { method: string; path: string }): Answer {
	return {
		status: 404,
		body: { Message: `No HTTP resource was found that matches the request URI '${path}'.` },
		why: `no ${method} ${path.slice(0, 80)}`,
	};
}
