import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import type { ApiRequest, Context } from './context.mts';
import { isContentType } from './contentTypes.mts';
import type { ContentType } from './contentTypes.mts';
import type { Subscription, Webhook } from './tenantState.mts';
import { readWebhook } from './webhook.mts';

/** "One start request per 15 minutes". */
const START_INTERVAL_MS = 15 * 60_000;
/** Seen on the live service: content of some 22 h before the start appears about 2 minutes after it. */
const BACKFILL_MS = 22 * 3_600_000;
const FIRST_CONTENT_AFTER_MS = 2 * 60_000;

/** The content type of the query, or the refusal. */
function readContentType(query: URLSearchParams): ContentType | Answer {
	const contentType = query.get('contentType');
	if (!contentType) return apiErrors.missingParameter('contentType');
	return isContentType(contentType) ? contentType : apiErrors.contentType();
}

/** The enabled subscription that the query names, or the refusal. */
export function readSubscription(
	{ tenant }: Context,
	query: URLSearchParams,
): (Subscription & { contentType: ContentType }) | Answer {
	const contentType = readContentType(query);
	if (typeof contentType !== 'string') return contentType;
	const subscription = tenant.subscriptions.get(contentType);
	if (!subscription) return apiErrors.noSubscription();
	return subscription.status === 'enabled'
		? { ...subscription, contentType }
		: apiErrors.subscriptionDisabled();
}

/** `GET subscriptions/list` */
export function listSubscriptions({ tenant, faults }: Context): Answer {
	const entries = [...tenant.subscriptions].map(([contentType, { status, webhook }]) =>
		faults.subscriptionListShape === 'withoutStatus' && status === 'enabled'
			? { contentType, webhook }
			: { contentType, status, webhook },
	);
	return { status: 200, body: entries, why: `${entries.length} subscriptions` };
}

/** `POST subscriptions/start` */
export async function startSubscription(context: Context, request: ApiRequest): Promise<Answer> {
	const { tenant, clock, chance, ledger } = context;
	const contentType = readContentType(request.query);
	if (typeof contentType !== 'string') return contentType;
	if (tenant.auditingOff)
		return apiErrors.auditingOff(tenant.tenantId, chance.guid('correlation', request.serial));
	const throttled = refuseFrequentStart(context, contentType);
	if (throttled) return throttled;
	const webhook = await readWebhook(context, request.body);
	if (webhook && 'why' in webhook) return webhook;
	tenant.lastStartMs.set(contentType, clock.now());
	const current = tenant.subscriptions.get(contentType);
	if (current?.status === 'enabled') {
		if (sameWebhook(current.webhook, webhook)) return apiErrors.alreadyEnabled();
		if (current.webhook && !webhook) {
			ledger.recordViolation(
				'webhookRemoved',
				`start of ${contentType} without its webhook`,
				clock.now(),
			);
		}
		current.webhook = webhook;
	} else {
		tenant.subscriptions.set(contentType, startedAt(clock.now(), current, webhook));
	}
	return {
		status: 200,
		body: { contentType, status: 'enabled', webhook },
		why: `started ${contentType}`,
	};
}

function refuseFrequentStart(context: Context, contentType: ContentType): Answer | undefined {
	const { tenant, faults, clock, ledger } = context;
	if (faults.startThrottle === 'off') return undefined;
	const starts =
		faults.startThrottle === 'tenant'
			? [...tenant.lastStartMs.values()]
			: [tenant.lastStartMs.get(contentType) ?? -Infinity];
	const waitMs = Math.max(-Infinity, ...starts) + START_INTERVAL_MS - clock.now();
	if (!(waitMs > 0)) return undefined;
	ledger.count('throttled');
	ledger.recordViolation(
		'startTooOften',
		`${contentType} started again ${waitMs} ms too early`,
		clock.now(),
	);
	return apiErrors.startThrottled(faults.startThrottleStatus, waitMs);
}

function startedAt(
	nowMs: number,
	before: Subscription | undefined,
	webhook: Webhook | null,
): Subscription {
	const fresh = {
		status: 'enabled' as const,
		webhook,
		firstContentMs: nowMs + FIRST_CONTENT_AFTER_MS,
	};
	if (!before) return { ...fresh, gaps: [{ fromMs: -Infinity, toMs: nowMs - BACKFILL_MS }] };
	return {
		...fresh,
		firstContentMs: before.firstContentMs,
		gaps: [...before.gaps, { fromMs: before.stoppedMs ?? nowMs, toMs: nowMs }],
	};
}

function sameWebhook(a: Webhook | null, b: Webhook | null): boolean {
	return (
		a?.address === b?.address &&
		a?.authId === b?.authId &&
		a?.expiration === b?.expiration &&
		a?.status === b?.status
	);
}

/** `POST subscriptions/stop`: what appears until the next start can never be listed. */
export function stopSubscription({ tenant, clock }: Context, request: ApiRequest): Answer {
	const contentType = readContentType(request.query);
	if (typeof contentType !== 'string') return contentType;
	const subscription = tenant.subscriptions.get(contentType);
	if (!subscription) return apiErrors.noSubscription();
	if (subscription.status === 'enabled') {
		subscription.status = 'disabled';
		subscription.stoppedMs = clock.now();
		subscription.webhook = null;
	}
	return { status: 200, body: '', why: `stopped ${contentType}` };
}
