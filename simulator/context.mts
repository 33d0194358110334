import type { Clock } from './clock.mts';
import type { Faults } from './faults.mts';
import type { Feed } from './feed.mts';
import type { Ledger } from './ledger.mts';
import type { ResolvedOptions } from './options.mts';
import type { Chance } from './random.mts';
import type { TenantState } from './tenantState.mts';
import type { TokenStore } from './tokenStore.mts';

/** What every request handler works with. */
export interface Context {
	options: ResolvedOptions;
	chance: Chance;
	clock: Clock;
	faults: Faults;
	tenant: TenantState;
	feed: Feed;
	ledger: Ledger;
	tokens: TokenStore;
	/** Known once the second listener runs. */
	foreignUrl: string;
	/** What Microsoft's servers take for the time: the clock plus `serverClockAheadMs`. */
	serverNow(): number;
}

/** One request to the API, taken apart from its raw URL. */
export interface ApiRequest {
	method: string;
	/** `http://host:port` as the client addressed it. */
	origin: string;
	/** Raw, undecoded, without the query. */
	path: string;
	query: URLSearchParams;
	headers: Record<string, string | string[] | undefined>;
	body: string;
	/** The tenant in the URL. */
	tenantId: string;
	/** What follows `/activity/feed/`, raw. */
	operation: string;
	/** `v1.0` or `v1`. */
	version: string;
	/** Running number. */
	serial: number;
}
