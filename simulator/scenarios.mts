import type { Faults } from './faults.mts';
import type { SimulatorOptions } from './types.mts';

/** What a scenario sets; an option given beside it wins over it. */
export interface Scenario {
	description: string;
	options?: Partial<SimulatorOptions>;
	faults?: Partial<Faults>;
}

const rate = 0.02;

/** Named situations; several can be combined, the later one wins where both set the same thing. */
export const SCENARIOS = {
	quiet: {
		description: 'A small tenant: few blobs with few events, nothing goes wrong',
		options: { blobs: 25, eventsPerBlob: 4 },
	},
	busy: {
		description:
			'A large tenant: many blobs, new ones all the time, some listed late, many duplicates',
		options: {
			blobs: 2000,
			eventsPerBlob: 20,
			newBlobs: { everyMs: 1000, lateFraction: 0.1, lateByMs: 90 * 60_000 },
		},
		faults: { duplicateEvents: 0.1, duplicateEntries: 0.02, sameMillisecond: 0.2 },
	},
	quirky: {
		description: 'Everything that is odd but readable: shapes, headers, order, awkward events',
		faults: {
			blobSingleObject: rate,
			blobByteOrderMark: rate,
			blobGzip: 0.1,
			blobInvalidUtf8: rate,
			pageSize: 7,
			sameMillisecond: 0.3,
			duplicateEntries: 0.1,
			garbageEntries: 0.02,
			contentUri: 'localhost',
			nextPageHeader: 'nextpageuri',
			nextPageEndTime: 'endtime',
			nextPageEmpty: true,
			duplicateEvents: 0.15,
			eventsWithoutId: 0.05,
			awkwardEvents: 0.5,
			unknownRecordTypes: 0.25,
			hugeEvents: 0.05,
			expirationDays: 20,
			subscriptionListShape: 'withoutStatus',
		},
	},
	throttled: {
		description:
			'A tight quota, answered with 403 AF429 without Retry-After; starts are refused for 15 minutes',
		options: { quota: { requests: 60, perMs: 60_000 } },
		faults: { throttleStatus: 403, retryAfter: '', startThrottle: 'tenant' },
	},
	broken: {
		description:
			'Microsoft has a bad day: 5xx, resets, truncation, HTML; each blob recovers at the second try',
		faults: {
			blobEmptyBody: rate,
			blobErrorObject: rate,
			blobHtml: rate,
			blobTruncatedBody: rate,
			blobTruncatedJson: rate,
			blobWrongContentLength: rate,
			blobReset: rate,
			blobInternalError: rate,
			blobUnavailable: rate,
			blobTimeout: rate,
			internalErrors: 0.02,
			resets: 0.01,
			nextPageStale: 1,
		},
	},
	expired: {
		description: 'Entries that were listed but are gone: AF20050, AF20051, 404, expired entries',
		faults: {
			blobNotFound: 0.05,
			blobNotFoundPlain: 0.05,
			blobExpired: 0.05,
			expiredEntries: 0.05,
		},
	},
	hostile: {
		description:
			'A server that means harm: foreign contentUri, gzip bombs, deep JSON, __proto__ keys (see also redirecting)',
		faults: {
			contentUri: 'foreign',
			blobGzipBomb: rate,
			blobDeepJson: rate,
			hostileEvents: 0.1,
			garbageEntries: 0.05,
		},
	},
	redirecting: {
		description: 'Every blob download is redirected to a foreign host',
		faults: { redirectStatus: 302, redirectTo: 'foreign' },
	},
	fresh: {
		description: 'No subscription has been started yet',
		options: { subscriptions: 'missing' },
	},
	auditingOff: {
		description: 'The unified audit log is switched off',
		options: { auditingOff: true },
	},
	noPermission: {
		description: 'The app has no application permission (nobody gave admin consent)',
		options: { grantedRoles: [] },
	},
	noDlp: {
		description: 'ActivityFeed.Read is granted, ActivityFeed.ReadDlp is not',
		options: { grantedRoles: ['ActivityFeed.Read'] },
	},
	expiredSecret: {
		description: 'The client secret has expired',
		options: { secretState: 'expired' },
	},
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as ScenarioName[];
