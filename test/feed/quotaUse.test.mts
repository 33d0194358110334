import { measureQuota, QUOTA_CASES, type QuotaCase } from '../../bench/quota/measure.mts';
import { runVirtual, type VirtualRun } from '../../bench/quota/virtual.mts';
import * as policy from '../../nodes/feed/governorPolicy';
import { createChance } from '../../simulator/random.mts';

const MINUTE = 60_000;
const WINDOWS = ['fixed', 'sliding'] as const;

function play(run: Partial<VirtualRun>) {
	const chance = createChance(1);
	let count = 0;
	return runVirtual(policy, {
		quota: { window: 'sliding', perMinute: () => 2_000 },
		readers: [{ maxPerMinute: 2_000, backlog: 100_000 }],
		latencyMs: { mean: 120, jitter: 60 },
		untilMs: 10 * MINUTE,
		random: () => chance.of(count++),
		...run,
	});
}

const share = (list: Array<{ accepted: boolean }>) => list.filter(({ accepted }) => accepted).length / list.length;

describe.each(WINDOWS)('a quota of 2,000 a minute, counted in %s windows', (window) => {
	test.each(QUOTA_CASES.filter(({ readers }) => readers.length === 1))(
		'$name: 95% of it within three windows, and then with at most 0.5% of the answers throttled',
		(quotaCase: QuotaCase) => {
			const figures = measureQuota(policy, quotaCase, window, 5);
			expect(figures.reachedInWindow).toBeLessThanOrEqual(3);
			expect(figures.used).toBeGreaterThanOrEqual(0.95);
			expect(figures.throttled).toBeLessThanOrEqual(0.005);
		},
	);

	test('that is known is used up without a single refusal', () => {
		const [known] = QUOTA_CASES;
		expect(measureQuota(policy, known!, window, 5).throttled).toBe(0);
	});

	test('is used up without a refusal where requests travel for long, and some much longer than others', () => {
		const requests = play({ quota: { window, perMinute: () => 2_000 }, latencyMs: { mean: 1_000, jitter: 900 } });
		const settled = requests.filter(({ arrivedMs }) => arrivedMs > MINUTE && arrivedMs < 9 * MINUTE);
		expect(share(settled)).toBe(1);
		expect(settled.length / (8 * 2_000)).toBeGreaterThan(0.95);
	});

	test('is used up although some answers take ten seconds', () => {
		const chance = createChance(2);
		let count = 0;
		const requests = play({
			quota: { window, perMinute: () => 2_000 },
			latencyMs: { mean: 5_060, jitter: 5_000 },
			// The power leaves one in a hundred above seven seconds.
			random: () => chance.of(count++) ** 40,
		});
		const settled = requests.filter(({ arrivedMs }) => arrivedMs > MINUTE && arrivedMs < 9 * MINUTE);
		expect(share(settled)).toBe(1);
		expect(settled.length / (8 * 2_000)).toBeGreaterThan(0.95);
	});

	test('that two processes read at once is shared in halves, and used up', () => {
		const shared = QUOTA_CASES.find(({ readers }) => readers.length === 2)!;
		const { used, throttled, readers } = measureQuota(policy, shared, window, 5);
		expect(used).toBeGreaterThanOrEqual(0.9);
		expect(throttled).toBeLessThanOrEqual(0.01);
		for (const part of readers) expect(part).toBeGreaterThan(0.35);
	});

	test('that another process has had to itself is shared with a newcomer, without a storm', () => {
		const reader = { maxPerMinute: 2_000, backlog: 100_000 };
		const requests = play({
			quota: { window, perMinute: () => 2_000, phaseMs: 20_000 },
			readers: [reader, { ...reader, startMs: 2.5 * MINUTE }],
			untilMs: 30 * MINUTE,
		});
		const late = requests.filter(({ arrivedMs }) => arrivedMs > 20 * MINUTE);
		const newcomers = late.filter(({ reader, accepted }) => accepted && reader === 1).length;
		expect(newcomers / late.length).toBeGreaterThan(0.25);
		expect(share(requests.filter(({ arrivedMs }) => arrivedMs > 2.5 * MINUTE))).toBeGreaterThan(0.99);
	});

	test('that is not there at all is asked for less and less often', () => {
		const requests = play({ quota: { window, perMinute: () => 0 }, untilMs: 60 * MINUTE });
		expect(requests.length).toBeLessThan(50);
	});

	test('that counts refusals, too, is not kept used up by them', () => {
		const requests = play({ quota: { window, perMinute: () => 1_000, countsRefused: true } });
		const late = requests.filter(({ arrivedMs }) => arrivedMs > 3 * MINUTE);
		expect(share(late)).toBeGreaterThanOrEqual(0.995);
		expect(late.length / 7).toBeGreaterThan(950);
	});

	test('that comes back is used again within four windows', () => {
		const perMinute = (nowMs: number) => (nowMs < 6 * MINUTE ? 1_000 : 2_000);
		const requests = play({ quota: { window, perMinute } });
		expect(requests.filter(({ arrivedMs }) => arrivedMs >= 9 * MINUTE).length).toBeGreaterThan(1_900);
	});
});
