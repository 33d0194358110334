/**
 * The vocabulary of the feed. Plain data: nothing here knows n8n or HTTP.
 *
 * Source of the shapes:
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference
 */

export const CONTENT_TYPES = [
	'Audit.AzureActiveDirectory',
	'Audit.Exchange',
	'Audit.SharePoint',
	'Audit.General',
	'DLP.All',
] as const;

export type ContentType = (typeof CONTENT_TYPES)[number];

/** Start inclusive, end exclusive, milliseconds since 1970, compared with `contentCreated`. */
export interface TimeWindow {
	startMs: number;
	endMs: number;
}

/** One entry of a content listing, checked and with its times parsed. */
export interface ContentBlob {
	contentType: ContentType;
	contentId: string;
	/** When the blob became available: Microsoft's text, and the same in milliseconds. */
	contentCreated: string;
	createdMs: number;
	/** Microsoft's text could not be read: both are the earliest time that it can have been, and differ from listing to listing. */
	undated?: true;
	/** Until when it can be fetched; absent if Microsoft sent none that can be read. Never computed. */
	contentExpiration?: string;
	expiresMs?: number;
}

/** An audit record as Microsoft sent it: any keys, any shapes. */
export type AuditEvent = Record<string, unknown>;

/** Where time and chance come from; injected, so that tests run on virtual time. */
export interface Runtime {
	/** Milliseconds since 1970. */
	now(): number;
	sleep(ms: number): Promise<void>;
	/** 0 <= x < 1 */
	random(): number;
}
