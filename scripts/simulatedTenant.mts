import { eventKey } from '../simulator/ledger.mts';
import type { Simulator } from '../simulator/types.mts';
import type { CredentialData } from './n8n/credentials.mts';

export const CREDENTIAL_TYPE = 'office365ManagementApi';
export const PACKAGE_NAME = 'n8n-nodes-office365-management';
export const ACTION_NODE = `${PACKAGE_NAME}.office365Management`;

/** What a person would type into the credential's form for this simulator. */
export function credentialFor({ tenant, url }: Pick<Simulator, 'tenant' | 'url'>): CredentialData {
	return { ...tenant, cloud: 'custom', apiUrl: url, loginUrl: url, publisherId: '' };
}

/** All records of the tenant, as texts, in every place where they are served. */
export function servedRecords({ feed }: Pick<Simulator, 'feed'>): string[] {
	return feed.blobs.flatMap((blob) => blob.events());
}

/** How many different records that makes; several with one `Id` are one record sent repeatedly. */
export function countDistinct(records: readonly string[]): number {
	return new Set(records.map((text) => eventKey(JSON.parse(text)))).size;
}
