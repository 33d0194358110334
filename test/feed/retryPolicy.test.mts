import fc from 'fast-check';

import type { FailureKind } from '../../nodes/feed/failure';
import { backOff, decideRetry, MAX_RETRY_AFTER_MS } from '../../nodes/feed/retryPolicy';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const YEAR_MS = 365 * 24 * 3_600_000;

describe('a failed request', () => {
	it.each([
		['throttled', 8],
		['transient', 5],
		['unreadable', 4],
	] as const)('that is %s is tried %d times in all', (kind, most) => {
		for (let attempt = 1; attempt < most; attempt++)
			expect(decideRetry({ kind }, attempt, 0)).toBe(kind === 'throttled' ? 0 : 500 * 2 ** (attempt - 1));
		expect(decideRetry({ kind }, most, 0)).toBeUndefined();
		expect(decideRetry({ kind, retryAfterMs: 1 }, most + 1, 0)).toBeUndefined();
	});

	it.each<FailureKind>([
		'contentGone',
		'stalePage',
		'noSubscription',
		'signIn',
		'permission',
		'auditingOff',
		'badRequest',
		'cancelled',
	])('that is %s is not repeated, even if the answer names a wait', (kind) => {
		expect(decideRetry({ kind }, 1, 0.5)).toBeUndefined();
		expect(decideRetry({ kind, retryAfterMs: 1_000 }, 1, 0.5)).toBeUndefined();
	});

	it('that is throttled waits with everybody else, not by itself', () => {
		expect(decideRetry({ kind: 'throttled', retryAfterMs: 30_000 }, 1, 0.5)).toBe(0);
	});

	it('backs off exponentially, between half and the whole of the step, two minutes at most', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 100, max: 10_000 }),
				fc.integer({ min: 1, max: 12 }),
				chance,
				(baseMs, attempt, random) => {
					const step = Math.min(120_000, baseMs * 2 ** (attempt - 1));
					const wait = backOff({ baseMs, maxMs: 120_000 }, attempt, random);
					expect(wait).toBeGreaterThanOrEqual(step / 2);
					expect(wait).toBeLessThanOrEqual(step);
				},
			),
			{ seed: 17 },
		);
	});

	it('waits as long as the server asks, in full and spread over a second, five minutes at most', () => {
		fc.assert(
			fc.property(
				fc.oneof(fc.nat(600_000), fc.constantFrom(0, YEAR_MS, Infinity)),
				chance,
				(retryAfterMs, random) => {
					const wait = decideRetry({ kind: 'transient', retryAfterMs }, 1, random)!;
					const kept = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
					expect(wait).toBeGreaterThanOrEqual(kept);
					expect(wait).toBeLessThanOrEqual(kept + 1_000);
				},
			),
			{ seed: 18 },
		);
		expect(MAX_RETRY_AFTER_MS).toBe(300_000);
	});
});
