import type { ContentBlob, ContentType } from './types';

/** Where events came from, under the key `_content`; what is not known is absent. */
export interface EventOrigin {
	contentType?: ContentType;
	contentId: string;
	contentCreated?: string;
	contentExpiration?: string;
}

/** The part of a blob that its users see. A new object each time: they change items in place. */
export function originOf({
	contentType,
	contentId,
	contentCreated,
	contentExpiration,
}: ContentBlob): EventOrigin {
	return { contentType, contentId, contentCreated, ...(contentExpiration ? { contentExpiration } : {}) };
}
