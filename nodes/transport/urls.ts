import { FeedFailure } from '../feed/failure';
import { toApiTime } from '../feed/time';
import type { TimeWindow } from '../feed/types';
import type { Endpoints } from './endpoints';

/**
 * Builds the addresses of the feed from the credential alone; an address that an answer contains is never followed as it is.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#activity-api-operations
 */
export function feedUrl(
	endpoints: Endpoints,
	path: string,
	query: Record<string, string> = {},
): string {
	const root = `${endpoints.apiUrl}/api/v1.0/${endpoints.tenantId}/activity/feed/`;
	// Without PublisherIdentifier all callers of the world share one quota.
	const parameters = { ...query, PublisherIdentifier: endpoints.publisherId };
	const text = Object.entries(parameters)
		.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%3A', ':')}`)
		.join('&');
	return `${root}${path}?${text}`;
}

/** The two times of a listing. */
export function windowQuery(window: TimeWindow): { startTime: string; endTime: string } {
	return { startTime: toApiTime(window.startMs), endTime: toApiTime(window.endMs) };
}

/** What stands in a path as it is, and `$`: all that the IDs of content consist of, so that nearly none has to be escaped. */
const PLAIN = /^[\w.!~*'()$-]*$/;

/** The path of a blob. Everything is escaped but `$`, which the API wants raw (AF20052). */
export function contentPath(contentId: string): string {
	if (PLAIN.test(contentId)) return `audit/${contentId}`;
	return `audit/${encodeURIComponent(contentId).replaceAll('%24', '$')}`;
}

/** The contentId inside a contentUri, whatever host and tenant it names; undefined if there is none. */
export function contentIdOf(contentUri: string): string | undefined {
	if (!URL.canParse(contentUri)) return undefined;
	const id = /\/activity\/feed\/audit\/([^/]+)$/i.exec(new URL(contentUri).pathname)?.[1];
	if (id === undefined) return undefined;
	try {
		return decodeURIComponent(id);
	} catch {
		return undefined;
	}
}

/**
 * Checks a link to the next page before it is followed: our API host, our tenant's feed (`/api/v1/` occurs instead of
 * `/api/v1.0/`), with the PublisherIdentifier that Microsoft leaves out.
 *
 * @throws FeedFailure `stalePage` if it leads elsewhere: the window is listed again
 */
export function nextPageUrl(endpoints: Endpoints, link: string): string {
	const url = URL.canParse(link, endpoints.apiUrl) ? new URL(link, endpoints.apiUrl) : undefined;
	const isOurs = url?.origin === endpoints.apiUrl && !url.username && !url.password;
	const path = /^\/api\/v1(?:\.0)?\/([0-9a-f-]{36})\/activity\/feed\/subscriptions\//i.exec(
		url?.pathname ?? '',
	);
	if (!url || !isOurs || path?.[1]?.toLowerCase() !== endpoints.tenantId.toLowerCase()) {
		throw new FeedFailure({
			kind: 'stalePage',
			message: 'Microsoft’s link to the next page of the content list leads to another host or tenant, so it was not followed',
			advice: 'Try again in a few minutes. If it stays, report it to Microsoft’s support.',
		});
	}
	url.hash = '';
	const hasPublisher = [...url.searchParams.keys()].some(
		(name) => name.toLowerCase() === 'publisheridentifier',
	);
	if (hasPublisher) return url.href;
	return `${url.href}${url.search ? '&' : '?'}PublisherIdentifier=${endpoints.publisherId}`;
}
