/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference */
export const CONTENT_TYPES = [
	'Audit.AzureActiveDirectory',
	'Audit.Exchange',
	'Audit.SharePoint',
	'Audit.General',
	'DLP.All',
] as const;

export type ContentType = (typeof CONTENT_TYPES)[number];

export function isContentType(value: unknown): value is ContentType {
	return (CONTENT_TYPES as readonly unknown[]).includes(value);
}
