import type { ContentType } from '../../simulator/index.mts';

/** What a simulated tenant holds. Everything else about it follows from these numbers and the templates. */
export interface Load {
	blobs: number;
	eventsPerBlob: number;
	/** Over how many days before now the blobs are spread; at most 7. */
	days: number;
	contentTypes: readonly ContentType[];
}

export const AUDIT_TYPES = [
	'Audit.AzureActiveDirectory',
	'Audit.Exchange',
	'Audit.SharePoint',
	'Audit.General',
] as const satisfies readonly ContentType[];

/** A load of the four audit types within the last day. */
export function loadOf(blobs: number, eventsPerBlob: number): Load {
	return { blobs, eventsPerBlob, days: 1, contentTypes: AUDIT_TYPES };
}
