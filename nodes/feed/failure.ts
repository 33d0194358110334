/**
 * What can go wrong with one request, in the terms that decide what to do next.
 *
 * - `throttled`: the quota is used up; every request of the tenant waits.
 * - `transient`: the same request may succeed later (5xx, reset connection, truncated body).
 * - `contentGone`: this blob can never be fetched (expired, unknown); skip it and report it.
 * - `unreadable`: the answer stayed unusable after every retry (not JSON, truncated).
 * - `stalePage`: the link to the next page is no longer valid; list the window again.
 * - `noSubscription`: the content type has no enabled subscription.
 * - `signIn`, `permission`, `auditingOff`: a person must change something.
 * - `badRequest`: anything else that repeating cannot mend.
 * - `cancelled`: the workflow was stopped, or the time for this work ran out.
 */
export type FailureKind =
	| 'throttled'
	| 'transient'
	| 'contentGone'
	| 'unreadable'
	| 'stalePage'
	| 'noSubscription'
	| 'signIn'
	| 'permission'
	| 'auditingOff'
	| 'badRequest'
	| 'cancelled';

/** Failures that hold for a content type whatever is asked of it; the others concern one request. */
export const LASTING_KINDS: ReadonlySet<FailureKind> = new Set<FailureKind>([
	'permission',
	'noSubscription',
	'auditingOff',
]);

/** Failures after which no request of the execution can succeed any more. */
export const FATAL_KINDS: ReadonlySet<FailureKind> = new Set<FailureKind>(['cancelled', 'signIn']);

export interface FailureDetails {
	kind: FailureKind;
	/** What happened, in the user's words. */
	message: string;
	/** What to do about it. */
	advice?: string;
	/** Microsoft's own code, such as `AF20022` or `AADSTS7000215`. */
	code?: string;
	/** HTTP status, if there was an answer at all. */
	status?: number;
	/** It happened while signing in: the API was not even asked. */
	duringSignIn?: boolean;
	/** How long the answer asked us to wait, in milliseconds. */
	retryAfterMs?: number;
}

/** The one error type of feed and transport; the nodes turn it into n8n's error classes. */
export class FeedFailure extends Error implements FailureDetails {
	readonly kind: FailureKind;

	readonly advice?: string;

	readonly code?: string;

	readonly status?: number;

	readonly retryAfterMs?: number;

	readonly duringSignIn?: boolean;

	constructor(details: FailureDetails) {
		super(details.message);
		this.name = 'FeedFailure';
		this.kind = details.kind;
		this.advice = details.advice;
		this.code = details.code;
		this.status = details.status;
		this.retryAfterMs = details.retryAfterMs;
		this.duringSignIn = details.duringSignIn;
	}
}
