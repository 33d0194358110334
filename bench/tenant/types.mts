import type { Load } from '../load/types.mts';

/** How a simulated tenant of the benchmark is set up. */
export interface TenantSetup {
	load: Load;
	/** JSON file with the templates of the load's events. */
	templatesFile: string;
	tls: boolean;
	/** Real time that every answer takes. */
	latencyMs: { mean: number; jitter: number };
	/** Requests in 60 seconds of the tenant's clock; `null`: none. */
	quotaPerMinute: number | null;
	/** How many times faster than real time the tenant's clock runs. */
	timeScale: number;
	/** Real time at which the scaled clock shows the real time. */
	epochMs: number;
	seed: number;
}

/** What a client has to know. */
export interface TenantConnection {
	url: string;
	tenantId: string;
	clientId: string;
	clientSecret: string;
	/** PEM, with `tls`. */
	certificateAuthority?: string;
}

/** What the tenant saw, from its ledger and its requests. */
export interface TenantReport {
	/** Events served in complete answers, by index of the blob. */
	servedPerBlob: number[];
	/** Bytes of the bodies of all blobs. */
	rawBytes: number;
	/** Real time of the first request, milliseconds since 1970. */
	startedAtMs: number;
	requests: number;
	throttled: number;
	/** The most requests that were being answered at the same time. */
	peakOpen: number;
	/** Real milliseconds from the first request to the answer that passed the quota, in order. */
	passedAtMs: number[];
	/** The same for answers that said "too many requests". */
	throttledAtMs: number[];
	/** Rules of the API that were broken, each once. */
	violations: string[];
}

export type TenantMessage = { connection: TenantConnection } | { report: TenantReport };
