import fc from 'fast-check';

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../nodes/feed/time';
import {
	clampToRetention,
	planWindows,
	RETENTION_MS,
	retentionEdge,
} from '../../nodes/feed/windows';

const NOW = Date.UTC(2026, 2, 10, 12, 0, 0, 321);

const ranges = fc
	.tuple(fc.integer({ min: NOW - 9 * DAY_MS, max: NOW }), fc.integer({ min: 1, max: 8 * DAY_MS }))
	.map(([startMs, length]) => ({ startMs, endMs: startMs + length }));

describe('a range cut into windows', () => {
	it('is covered without gap or overlap, each window at most 24 hours and on whole seconds', () => {
		fc.assert(
			fc.property(ranges, (range) => {
				const windows = planWindows(range);
				expect(windows[0]!.startMs).toBe(Math.floor(range.startMs / SECOND_MS) * SECOND_MS);
				expect(windows.at(-1)!.endMs).toBe(Math.ceil(range.endMs / SECOND_MS) * SECOND_MS);
				for (const [index, { startMs, endMs }] of windows.entries()) {
					if (index > 0) expect(startMs).toBe(windows[index - 1]!.endMs);
					expect(endMs).toBeGreaterThan(startMs);
					expect(endMs - startMs).toBeLessThanOrEqual(DAY_MS);
					expect([startMs % SECOND_MS, endMs % SECOND_MS]).toEqual([0, 0]);
				}
			}),
			{ seed: 3 },
		);
	});

	it('takes no more windows than 24 hours each need', () => {
		expect(planWindows({ startMs: 0, endMs: DAY_MS })).toHaveLength(1);
		expect(planWindows({ startMs: 0, endMs: DAY_MS + 1 })).toHaveLength(2);
		expect(planWindows({ startMs: 0, endMs: 7 * DAY_MS })).toHaveLength(7);
	});

	it('is nothing when it is empty or turned round', () => {
		expect(planWindows({ startMs: 5_000, endMs: 5_000 })).toEqual([]);
		expect(planWindows({ startMs: 9_000, endMs: 5_000 })).toEqual([]);
	});
});

describe('the seven-day edge', () => {
	it('keeps a margin of five minutes (167 h 55 min), on a whole second', () => {
		const edgeMs = retentionEdge(NOW);
		expect(edgeMs % SECOND_MS).toBe(0);
		expect(NOW - edgeMs).toBeLessThanOrEqual(167 * HOUR_MS + 55 * MINUTE_MS);
		expect(NOW - edgeMs).toBeGreaterThan(167 * HOUR_MS + 55 * MINUTE_MS - SECOND_MS);
	});

	it('leaves a window whole that begins at it, and takes all of one that ends at it', () => {
		const edgeMs = retentionEdge(NOW);
		const [behind, before] = [{ startMs: edgeMs, endMs: NOW }, { startMs: NOW - 9 * DAY_MS, endMs: edgeMs }];
		expect(clampToRetention(behind, NOW)).toEqual({ window: behind });
		expect(clampToRetention(before, NOW)).toEqual({ lost: before });
	});

	it('parts a window into what can be listed and what is lost, nothing else', () => {
		fc.assert(
			fc.property(ranges, fc.integer({ min: 0, max: HOUR_MS }), (range, marginMs) => {
				const { window, lost } = clampToRetention(range, NOW, marginMs);
				const parts = [lost, window].filter((part) => part !== undefined);
				expect(parts[0]!.startMs).toBe(range.startMs);
				expect(parts.at(-1)!.endMs).toBe(range.endMs);
				if (parts.length === 2) expect(parts[0]!.endMs).toBe(parts[1]!.startMs);
				if (window) expect(window.startMs).toBeGreaterThanOrEqual(NOW - RETENTION_MS + marginMs);
				if (lost) expect(lost.endMs).toBeLessThan(NOW - RETENTION_MS + marginMs + SECOND_MS);
				for (const part of parts) expect(part.endMs).toBeGreaterThan(part.startMs);
			}),
			{ seed: 4 },
		);
	});
});
