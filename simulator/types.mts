import type { Clock } from './clock.mts';
import type { ContentType } from './contentTypes.mts';
import type { Faults } from './faults.mts';
import type { Feed } from './feed.mts';
import type { Ledger } from './ledger.mts';
import type { RequestLogEntry } from './requestLog.mts';
import type { ScenarioName } from './scenarios.mts';
import type { FailNext } from './scriptedFaults.mts';
import type { SubscriptionSetup, TenantState } from './tenantState.mts';

export interface NewBlobs {
	/** One new blob in this time, by the simulator's clock. */
	everyMs: number;
	/** Fraction of the new blobs that are listed late. Default 0. */
	lateFraction?: number;
	/** How late at most: a late blob is listed up to this long after its `contentCreated`. */
	lateByMs?: number;
	/** After this many no more come. Default: no end. */
	atMost?: number;
}

export interface Quota {
	requests: number;
	perMs: number;
	/** How the server counts; nobody knows which of them Microsoft's does. Default sliding. */
	window?: 'sliding' | 'fixed';
}

export interface SimulatorOptions {
	/** Everything generated follows from it. Default 1. */
	seed?: number;
	/** Default `quiet`. */
	scenario?: ScenarioName | ScenarioName[];
	/** Single faults, on top of the scenario's. */
	faults?: Partial<Faults>;
	/** Size of the backlog, spread over `days` before now and over the content types. */
	blobs?: number;
	/** Mean number of events in a blob. */
	eventsPerBlob?: number;
	/** Default 7. */
	days?: number;
	/** Those that have content. Default all five. */
	contentTypes?: readonly ContentType[];
	/** State at the start, for all or by content type. Default enabled. */
	subscriptions?: SubscriptionSetup;
	/** Served instead of generated ones. A string is the JSON text of one event and served byte for byte. */
	events?: readonly unknown[];
	/** Default: real time. */
	clock?: Clock;
	/** Real time that every answer takes. */
	latencyMs?: { mean: number; jitter: number };
	/** Default 2,000 a minute; `null`: none. */
	quota?: Quota | null;
	/** New blobs as time goes on. Default none. */
	newBlobs?: NewBlobs;
	/** HTTPS with a certificate authority made at the start. */
	tls?: boolean;
	/** Default: a free one. */
	port?: number;
	host?: '127.0.0.1' | '::1' | 'localhost';
	auditingOff?: boolean;
	/** Application permissions with admin consent. Default `ActivityFeed.Read` and `ActivityFeed.ReadDlp`. */
	grantedRoles?: string[];
	secretState?: TenantState['secretState'];
	appDisabled?: boolean;
	tenantId?: string;
	clientId?: string;
	clientSecret?: string;
	/** Called for each finished request, for example to print it. */
	onRequest?: (entry: RequestLogEntry) => void;
}

export interface Simulator {
	/** Base URL of both the API and the login host, without a trailing slash. */
	url: string;
	/** Base URL of the second listener, which plays every host a token must never reach. */
	foreignUrl: string;
	tenant: { tenantId: string; clientId: string; clientSecret: string };
	ledger: Ledger;
	clock: Clock;
	requestLog: readonly RequestLogEntry[];
	feed: Feed;
	faults: Faults;
	tenantState: TenantState;
	/** Scripts what happens to the next request that matches. */
	failNext: FailNext;
	/** PEM, when `tls`. */
	certificateAuthority?: string;
	/** Every access token issued so far: what must not turn up anywhere. */
	issuedTokens(): string[];
	/** Makes every access token issued so far unknown to the API. */
	revokeTokens(): void;
	close(): Promise<void>;
}
