import { parseUtc } from './time';
import type { ContentBlob, ContentType } from './types';

/** Real IDs are about 110 characters; a URL beyond a few thousand is refused by servers and proxies. */
const MAX_CONTENT_ID_LENGTH = 2_000;

/** Printable ASCII without spaces; the path separators are escaped when the URL is built. */
const CONTENT_ID = /^[\x21-\x7e]+$/;

/** True if the text can stand as a contentId in a URL of ours. */
export function isContentId(value: unknown): value is string {
	return (
		typeof value === 'string' &&
		value.length <= MAX_CONTENT_ID_LENGTH &&
		CONTENT_ID.test(value) &&
		!/^\.+$/.test(value)
	);
}

/**
 * Checks one entry of a content listing.
 *
 * @param fallbackMs stands in for a `contentCreated` that cannot be read: the entry is kept, because dropping it would lose
 *   its events
 * @returns undefined if there is no usable contentId; the caller reports that.
 */
export function parseContentEntry(
	entry: unknown,
	contentType: ContentType,
	fallbackMs: number,
): ContentBlob | undefined {
	if (typeof entry !== 'object' || entry === null) return undefined;
	const { contentId, contentCreated, contentExpiration } = entry as Record<string, unknown>;
	if (!isContentId(contentId)) return undefined;
	const createdMs = parseUtc(contentCreated);
	const expiresMs = parseUtc(contentExpiration);
	return {
		contentType,
		contentId,
		contentCreated:
			createdMs === undefined ? new Date(fallbackMs).toISOString() : String(contentCreated),
		createdMs: createdMs ?? fallbackMs,
		...(createdMs === undefined ? { undated: true as const } : {}),
		...(expiresMs === undefined ? {} : { contentExpiration: String(contentExpiration), expiresMs }),
	};
}

/** The order of everything we put out: contentCreated, then contentId. Plain code units, the same on every machine. */
export function compareBlobs(a: ContentBlob, b: ContentBlob): number {
	if (a.createdMs !== b.createdMs) return a.createdMs - b.createdMs;
	if (a.contentId === b.contentId) return 0;
	return a.contentId < b.contentId ? -1 : 1;
}
