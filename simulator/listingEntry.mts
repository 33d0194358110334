import type { ApiRequest, Context } from './context.mts';
import type { FeedBlob } from './feed.mts';

/** How long after the blob appeared its webhook notification went out. */
const NOTIFICATION_DELAY_MS = 60_000;

export type ListingEntry = Record<string, unknown>;

/** One entry as Microsoft lists it; notifications say also when and how the webhook was called. */
export function listingEntry(
	context: Context,
	request: ApiRequest,
	blob: FeedBlob,
	notification: boolean,
): ListingEntry {
	return {
		contentUri: contentUri(context, request, blob.contentId),
		contentId: blob.contentId,
		contentType: blob.contentType,
		contentCreated: blob.contentCreated,
		contentExpiration: blob.contentExpiration,
		...(notification
			? {
					notificationSent: new Date(blob.listedMs + NOTIFICATION_DELAY_MS).toISOString(),
					notificationStatus: 'success',
				}
			: {}),
	};
}

function contentUri(
	{ faults, chance, foreignUrl }: Context,
	request: ApiRequest,
	contentId: string,
): string {
	const path = `/activity/feed/audit/${contentId}`;
	const other = chance.guid('another tenant');
	switch (faults.contentUri) {
		// Seen on the live service: another tenant, and a host that is nobody's.
		case 'localhost':
			return `http://localhost/${other}${path}`;
		case 'foreign':
			return `${foreignUrl}/api/v1.0/${other}${path}`;
		default:
			return `${request.origin}/api/v1.0/${request.tenantId}${path}`;
	}
}

const GARBAGE: readonly unknown[] = [
	null,
	'not an entry',
	42,
	[],
	{},
	{ contentType: 'Audit.General' },
	{ contentType: 'Audit.General', contentId: null, contentCreated: 'yesterday' },
	{
		contentType: 'Audit.General',
		contentId: 12345,
		contentUri: {},
		contentCreated: 0,
		contentExpiration: [],
	},
	{
		contentType: 'Audit.General',
		contentId: '',
		contentUri: '',
		contentCreated: '',
		contentExpiration: '',
	},
];

/** Entries that are none, between those that are. */
export function withGarbage(
	{ faults, chance }: Context,
	request: ApiRequest,
	entries: ListingEntry[],
): unknown[] {
	if (faults.garbageEntries === 0) return entries;
	return entries.flatMap((entry, i) => {
		const key = `${request.query.get('contentType')} ${String(entry['contentId'])} ${i}`;
		return chance.of('garbage', key) < faults.garbageEntries
			? [chance.pick(GARBAGE, 'which', key), entry]
			: [entry];
	});
}
