import fc from 'fast-check';

import { readTimeRange } from '../../nodes/actions/common/timeRange';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../nodes/feed/time';
import { planWindows, retentionEdge } from '../../nodes/feed/windows';
import { fakeNode } from './fakeNode.mts';

const NOW = Date.UTC(2026, 2, 10, 12, 0, 0, 321);
const SECOND_END = NOW - 321;

const read = (parameters: Record<string, unknown>, zone?: string) =>
	readTimeRange(fakeNode(parameters, zone), 3, NOW);
const between = (startMs: number, endMs: number) =>
	read({ timeRange: 'between', startTime: startMs, endTime: endMs });

describe('“Last”', () => {
	it('is one day without any setting, in one listing', () => {
		expect(read({})).toEqual({ range: { startMs: SECOND_END - DAY_MS, endMs: SECOND_END } });
		expect(planWindows(read({}).range)).toHaveLength(1);
	});

	it.each([
		[30, 'minutes', 30 * MINUTE_MS],
		[5, 'hours', 5 * HOUR_MS],
		[6, 'days', 6 * DAY_MS],
		['2', 'hours', 2 * HOUR_MS],
	])('%s %s ends now', (lastAmount, lastUnit, length) => {
		const { range, note } = read({ lastAmount, lastUnit });
		expect(range).toEqual({ startMs: SECOND_END - length, endMs: SECOND_END });
		expect(note).toBeUndefined();
	});

	it('7 days starts where content can still be listed, and says what is left out', () => {
		const { range, note } = read({ lastAmount: 7, lastUnit: 'days' });
		expect(range).toEqual({ startMs: retentionEdge(NOW), endMs: SECOND_END });
		expect(note).toMatch(
			/from 2026-03-03 12:00:00 UTC to 2026-03-03 12:05:01 UTC can no longer be listed/,
		);
	});

	it.each([
		[{ lastAmount: 8 }, 'longer than 7 days'],
		[{ lastAmount: 0 }, '“Amount” must be a whole number of at least 1'],
		[{ lastAmount: 1.5 }, '“Amount”'],
		[{ lastAmount: 'many' }, '“Amount”'],
		[{ lastAmount: '' }, '“Amount”'],
		[{ lastUnit: 'weeks' }, '“weeks” is not a unit'],
		[{ lastUnit: 'constructor' }, '“constructor” is not a unit'],
	])('%j is refused: %s', (parameters, message) => {
		expect(() => read(parameters)).toThrow(message);
	});
});

describe('“Between”', () => {
	it('reads times without a zone in the workflow’s zone, and others as they are', () => {
		const parameters = {
			timeRange: 'between',
			startTime: '2026-03-09T08:00:00',
			endTime: '2026-03-09T08:00:00Z',
		};
		expect(read(parameters, 'Europe/Berlin').range).toEqual({
			startMs: Date.UTC(2026, 2, 9, 7),
			endMs: Date.UTC(2026, 2, 9, 8),
		});
	});

	it('gives, of any range that is not refused, exactly the part between the seven-day edge and now', () => {
		const time = fc.integer({ min: NOW - 9 * DAY_MS, max: NOW + 2 * DAY_MS });
		fc.assert(
			fc.property(time, time, (startMs, endMs) => {
				const edgeMs = retentionEdge(NOW);
				const isBad =
					endMs <= startMs ||
					endMs - startMs > 7 * DAY_MS + 5 * MINUTE_MS ||
					startMs >= NOW ||
					endMs <= edgeMs;
				if (isBad) {
					expect(() => between(startMs, endMs)).toThrow();
					return;
				}
				const { range, note } = between(startMs, endMs);
				expect(range).toEqual({
					startMs: Math.max(startMs, edgeMs),
					endMs: Math.min(endMs, NOW + 1_000),
				});
				expect(note !== undefined).toBe(startMs < edgeMs);
			}),
			{ seed: 25, numRuns: 500 },
		);
	});

	it.each([
		['turned round', NOW - HOUR_MS, NOW - 2 * HOUR_MS, 'ends before it starts'],
		['empty', NOW - HOUR_MS, NOW - HOUR_MS, 'ends before it starts'],
		['too long', NOW - 8 * DAY_MS, NOW, 'longer than 7 days'],
		['in the future', NOW + HOUR_MS, NOW + 2 * HOUR_MS, 'in the future'],
		['gone', NOW - 9 * DAY_MS, NOW - 8 * DAY_MS, 'older than 7 days'],
	])('that is %s is refused in words', (_, startMs, endMs, message) => {
		expect(() => between(startMs, endMs)).toThrow(message);
	});

	it.each([
		[{ startTime: '', endTime: NOW }, 'Start Time is not a time'],
		[{ startTime: NOW - HOUR_MS, endTime: 'tomorrow' }, 'End Time is not a time'],
	])('%j names the field and the item', (times, message) => {
		const parameters = { timeRange: 'between', ...times };
		expect(() => read(parameters)).toThrow(message);
		expect(() => read(parameters)).toThrow(
			expect.objectContaining({
				description: expect.stringContaining('2026-11-20T08:00:00') as unknown,
				context: expect.objectContaining({ itemIndex: 3 }) as unknown,
			}),
		);
	});
});
