import { BASELINE_PER_MINUTE, budgetAt } from '../../nodes/feed/learnedQuota';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 2, 10);

/** The budget that many minutes after the server accepted `perMinute` and refused more. */
const after = (minutes: number, perMinute = 1_000, max = BASELINE_PER_MINUTE) =>
	budgetAt({ perMinute, atMs: NOW }, NOW + minutes * MINUTE, max);

describe('what may be tried after a refusal', () => {
	it('is at first 6% less than what was accepted', () => {
		expect(after(0)).toBe(940);
	});

	it('grows ever faster, in proportion to the quota and not to the share of it', () => {
		// 4% of 2,000 for each minute, and 4.5% for each minute cubed.
		expect(after(1)).toBeCloseTo(940 + 80 + 90);
		expect(after(2)).toBeCloseTo(940 + 160 + 720);
		expect(after(1, 100) - after(0, 100)).toBeCloseTo(170);
	});

	it('of a whole quota is back after 0.9 minutes, and twice as much after 2.8', () => {
		const whole = (minutes: number) => after(minutes, 2_000, 10_000);
		expect([whole(0.8), whole(0.9)].map((budget) => budget >= 2_000)).toEqual([false, true]);
		expect([whole(2.7), whole(2.8)].map((budget) => budget >= 4_000)).toEqual([false, true]);
	});

	it('grows by what was accepted where that is more than Microsoft’s baseline', () => {
		expect(after(1, 10_000, 50_000)).toBeCloseTo(9_400 + 850);
	});

	it('grows by the user’s setting where that is less', () => {
		expect(after(1, 50, 500)).toBeCloseTo(47 + 42.5);
	});

	it('is never above the user’s setting', () => {
		expect(after(60)).toBe(BASELINE_PER_MINUTE);
		expect(after(0, 1_000, 900)).toBe(900);
	});

	it('is a trickle at least, to find out when others stop: 1% of the quota, and one', () => {
		expect(after(0, 0)).toBe(20);
		expect(after(0, 0, 50)).toBe(1);
	});
});
