import { MINUTE_MS } from './time';

/**
 * What the server's refusals have taught about the real quota. It is less than the user's setting: another tool may use the
 * same quota up, or the tenant has less than the user thinks.
 */
export interface LearnedQuota {
	/** Requests the server accepted within the minute before it refused one. */
	perMinute: number;
	/** When that was. */
	atMs: number;
}

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#api-throttling */
export const BASELINE_PER_MINUTE = 2_000;

/** The quota is per minute, in fixed or sliding windows; Microsoft does not say which. */
export const QUOTA_WINDOW_MS = MINUTE_MS;

/** After a refusal the budget is this much below what was accepted. */
const DECREASE = 0.06;

/** Growth in one window, linear and cubic part: back at the old limit after 0.9 windows, at twice the limit after 2.8. */
const LINEAR_GROWTH = 0.04;
const CUBIC_GROWTH = 0.045;

/** However much others take: a trickle finds out when they stop. */
const FLOOR = 0.01;

/**
 * How many requests a minute may be tried, at this time, after the quota was learned: additive increase (RFC 5681), and ever
 * faster where it meets no limit (as RFC 9438 does). It depends on the time alone, so knowledge ages when nothing is sent, too.
 *
 * Small and large shares of a quota grow alike while the decrease is in proportion: so several processes that read one tenant
 * come to equal parts.
 *
 * @returns not above `maxPerMinute`; at it, nothing is left of what was learned
 */
export function budgetAt({ perMinute, atMs }: LearnedQuota, nowMs: number, maxPerMinute: number): number {
	const unit = Math.max(perMinute, Math.min(maxPerMinute, BASELINE_PER_MINUTE));
	const windows = (nowMs - atMs) / QUOTA_WINDOW_MS;
	const growth = unit * (LINEAR_GROWTH * windows + CUBIC_GROWTH * windows ** 3);
	return Math.min(maxPerMinute, Math.max(1, FLOOR * unit, perMinute * (1 - DECREASE) + growth));
}
