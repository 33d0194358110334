import { attempt } from './attempt';
import type { FeedFailure } from './failure';
import { isRecord } from './parseBlob';
import { parseUtc } from './time';
import type { ContentType } from './types';

/** The part of a subscription's webhook that a start takes. */
export interface Webhook {
	address: string;
	authId?: string;
	expiration?: string;
}

export interface Subscription {
	/** True unless a status says otherwise: the list may lack it. */
	enabled: boolean;
	webhook?: Webhook;
	/** As Microsoft sent it. */
	entry: Record<string, unknown>;
}

/** What the feed needs to see to subscriptions; both throw FeedFailure. */
export interface SubscriptionSource {
	listSubscriptions(): Promise<unknown[]>;
	startSubscription(contentType: string, webhook?: Webhook): Promise<unknown>;
}

/** "The subscription is already enabled. No property change." is success (seen on the wire, undocumented). */
const ALREADY_ENABLED = 'AF20024';

/**
 * Reads `/subscriptions/list`, which may be empty, lack `status` or carry `webhook: null`.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-current-subscriptions
 */
export function readSubscriptions(entries: unknown[]): Map<string, Subscription> {
	const subscriptions = new Map<string, Subscription>();
	for (const entry of entries) {
		if (!isRecord(entry) || typeof entry.contentType !== 'string') continue;
		const { contentType, status } = entry;
		const enabled = typeof status !== 'string' || status.toLowerCase() === 'enabled';
		const webhook = readWebhook(entry.webhook);
		subscriptions.set(contentType, { enabled, entry, ...(webhook ? { webhook } : {}) });
	}
	return subscriptions;
}

function readWebhook(value: unknown): Webhook | undefined {
	if (!isRecord(value) || typeof value.address !== 'string' || value.address === '') return undefined;
	const text = (name: string) => (typeof value[name] === 'string' ? { [name]: value[name] } : {});
	return { address: value.address, ...text('authId'), ...text('expiration') };
}

/** What became of one content type. */
export interface StartResult {
	contentType: ContentType;
	/** Microsoft's entry. */
	entry: Record<string, unknown>;
	alreadyEnabled: boolean;
	failure?: FeedFailure;
}

/**
 * Starts the subscriptions that are missing or disabled, and leaves the others alone: list first, because a start without a
 * webhook removes the one that is there, and because starts are limited to one in 15 minutes.
 *
 * @throws FeedFailure if the list cannot be read; a start that fails is told in its result
 */
export async function startMissing(
	source: SubscriptionSource,
	contentTypes: readonly ContentType[],
	nowMs: number,
): Promise<StartResult[]> {
	const known = readSubscriptions(await source.listSubscriptions());
	const results: StartResult[] = [];
	for (const contentType of contentTypes) {
		const subscription = known.get(contentType);
		if (subscription?.enabled) {
			results.push({ contentType, entry: subscription.entry, alreadyEnabled: true });
		} else {
			results.push(await startOne(source, contentType, usableWebhook(subscription?.webhook, nowMs)));
		}
	}
	return results;
}

async function startOne(
	source: SubscriptionSource,
	contentType: ContentType,
	webhook: Webhook | undefined,
): Promise<StartResult> {
	const enabled = { contentType, status: 'enabled' };
	const start = await attempt(async () => await source.startSubscription(contentType, webhook));
	if (start.ok) {
		const entry = isRecord(start.value) ? start.value : enabled;
		return { contentType, entry, alreadyEnabled: false };
	}
	const { failure } = start;
	if (failure.code === ALREADY_ENABLED) return { contentType, entry: enabled, alreadyEnabled: true };
	return { contentType, entry: { contentType }, alreadyEnabled: false, failure };
}

/** An expiration in the past would be refused (AF20003). */
function usableWebhook(webhook: Webhook | undefined, nowMs: number): Webhook | undefined {
	if (!webhook?.expiration) return webhook;
	const expiresMs = parseUtc(webhook.expiration);
	if (expiresMs !== undefined && expiresMs > nowMs) return webhook;
	const { address, authId } = webhook;
	return { address, ...(authId === undefined ? {} : { authId }) };
}
