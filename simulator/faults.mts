import type { ContentIdTrick } from './hostileContentId.mts';

/**
 * Every quirk of the wire by name. A fraction (0..1) says how many blobs, entries or events have it; which ones
 * follows from the seed. Faults may be changed while the simulator runs.
 */
export interface Faults {
	// Content blobs: a fraction of them each; one blob has at most one of these.
	blobSingleObject: number;
	blobByteOrderMark: number;
	blobGzip: number;
	blobInvalidUtf8: number;
	blobSlowDrip: number;
	blobHugeString: number;
	blobEmptyBody: number;
	blobErrorObject: number;
	blobHtml: number;
	blobTruncatedBody: number;
	blobTruncatedJson: number;
	blobWrongContentLength: number;
	blobStall: number;
	blobReset: number;
	blobInternalError: number;
	blobUnavailable: number;
	blobTimeout: number;
	blobGzipBomb: number;
	blobBrokenGzip: number;
	blobDeepJson: number;
	blobNotFound: number;
	blobNotFoundPlain: number;
	blobExpired: number;
	/** How often a failing blob fails before it is served; `Infinity`: it never recovers. */
	blobFailures: number;

	// Listing.
	pageSize: number;
	unordered: boolean;
	sameMillisecond: number;
	duplicateEntries: number;
	expiredEntries: number;
	garbageEntries: number;
	/** Blobs whose contentId means harm, for those that are created from now on. */
	hostileContentIds: number;
	/** How: one of them, or each in turn. */
	contentIdTrick: 'any' | ContentIdTrick;
	/** Blobs with the contentId of the one before, and other events; they are served in turn. */
	sharedContentIds: number;
	expirationDays: number;
	/** What a range of more than 24 h is answered with. */
	longRange: 'AF20030' | 'AF20055' | 'partial';
	/** What a start more than 7 days back is answered with. */
	oldRange: 'AF20030' | 'AF20055';
	contentUri: 'own' | 'localhost' | 'foreign';
	/** Exactly this spelling; the docs say both `NextPageUri` and `NextPageUrl`. */
	nextPageHeader: string;
	nextPageVersion: 'v1' | 'v1.0';
	nextPageEndTime: string;
	nextPagePublisher: boolean;
	/** The last page carries the header too, with an empty value. */
	nextPageEmpty: boolean;
	/** The first n follow-up pages are refused with AF20031. */
	nextPageStale: number;
	nextPageLoop: boolean;
	nextPageHost: 'own' | 'foreign';
	/** So many empty pages before the first full one. */
	emptyPages: number;

	// Events.
	duplicateEvents: number;
	eventsWithoutId: number;
	awkwardEvents: number;
	unknownRecordTypes: number;
	hugeEvents: number;
	hostileEvents: number;
	/** Events with a member that is 10,000 arrays deep. */
	deepEvents: number;

	// Sign-in and permission.
	unauthorizedBody: 'json' | 'text';
	missingRoleStatus: 401 | 403;
	/** Answers every token request with this error. */
	tokenError: 'none' | 'throttled' | 'unavailable' | 'html' | 'notJson';
	/** Life of new tokens in seconds. */
	tokenLifeSeconds: number;
	/** Content types that are refused with AF10001 whatever the token's roles. */
	refusedContentTypes: string[];

	// Subscriptions.
	subscriptionListShape: 'documented' | 'withoutStatus';
	startThrottle: 'contentType' | 'tenant' | 'off';
	startThrottleStatus: 403 | 429;

	// Every API request.
	throttleStatus: 429 | 403;
	/** What is sent as Retry-After when throttled; empty: no header. `auto`: what is left of the window. */
	retryAfter: string;
	/** Fraction of API requests that are throttled whatever the quota. */
	throttledRequests: number;
	/** Fraction of API requests that answer AF50000, AF50005 or AF50006, a plain 500, or 503. */
	internalErrors: number;
	/** Fraction of API requests whose connection is reset before an answer. */
	resets: number;
	/** 0: off. Otherwise the status of a redirect on paths that contain `redirectPath`. */
	redirectStatus: 0 | 301 | 302 | 303 | 307 | 308;
	redirectTo: 'foreign' | 'chain' | 'loop';
	redirectPath: string;
	/** Milliseconds that the server's clock runs ahead (negative: behind) of the simulator's clock. */
	serverClockAheadMs: number;
	/** Bytes of an additional response header on every API answer. */
	hugeHeaderBytes: number;
}

/** The well-behaved wire: only what the live service does every day. */
export const NO_FAULTS: Readonly<Faults> = {
	blobSingleObject: 0,
	blobByteOrderMark: 0,
	blobGzip: 0,
	blobInvalidUtf8: 0,
	blobSlowDrip: 0,
	blobHugeString: 0,
	blobEmptyBody: 0,
	blobErrorObject: 0,
	blobHtml: 0,
	blobTruncatedBody: 0,
	blobTruncatedJson: 0,
	blobWrongContentLength: 0,
	blobStall: 0,
	blobReset: 0,
	blobInternalError: 0,
	blobUnavailable: 0,
	blobTimeout: 0,
	blobGzipBomb: 0,
	blobBrokenGzip: 0,
	blobDeepJson: 0,
	blobNotFound: 0,
	blobNotFoundPlain: 0,
	blobExpired: 0,
	blobFailures: 1,
	pageSize: 200,
	unordered: true,
	sameMillisecond: 0.05,
	duplicateEntries: 0,
	expiredEntries: 0,
	garbageEntries: 0,
	hostileContentIds: 0,
	contentIdTrick: 'any',
	sharedContentIds: 0,
	expirationDays: 7,
	longRange: 'AF20030',
	oldRange: 'AF20055',
	contentUri: 'own',
	nextPageHeader: 'NextPageUri',
	nextPageVersion: 'v1',
	nextPageEndTime: 'endTime',
	nextPagePublisher: false,
	nextPageEmpty: false,
	nextPageStale: 0,
	nextPageLoop: false,
	nextPageHost: 'own',
	emptyPages: 0,
	duplicateEvents: 0.02,
	eventsWithoutId: 0,
	awkwardEvents: 0.05,
	unknownRecordTypes: 0.05,
	hugeEvents: 0.01,
	hostileEvents: 0,
	deepEvents: 0,
	unauthorizedBody: 'json',
	missingRoleStatus: 401,
	tokenError: 'none',
	tokenLifeSeconds: 3599,
	refusedContentTypes: [],
	subscriptionListShape: 'documented',
	startThrottle: 'contentType',
	startThrottleStatus: 403,
	throttleStatus: 429,
	retryAfter: '',
	throttledRequests: 0,
	internalErrors: 0,
	resets: 0,
	redirectStatus: 0,
	redirectTo: 'foreign',
	redirectPath: '/audit/',
	serverClockAheadMs: 0,
	hugeHeaderBytes: 0,
};
