import fc from 'fast-check';

import {
	createPolicy,
	onEnd,
	onStart,
	reconfigure,
	waitForStart,
	type GovernorPolicy,
	type Outcome,
} from '../../nodes/feed/governorPolicy';

const MINUTE = 60_000;

/** A policy past its first answer, so that only the limit in question holds. */
function opened(maxConcurrency: number, maxPerMinute: number): GovernorPolicy {
	const policy = createPolicy({ maxConcurrency, maxPerMinute });
	policy.concurrency = maxConcurrency;
	return policy;
}

function finish(
	policy: GovernorPolicy,
	nowMs: number,
	outcome: Outcome,
	change: { startedMs?: number; pauseMs?: number } = {},
): void {
	onEnd(policy, nowMs, { startedMs: nowMs, outcome, ...change });
}

interface Step {
	waitMs: number;
	takesMs: number;
	outcome: Outcome;
	pauseMs: number;
}

const steps = fc.array(
	fc.record({
		waitMs: fc.oneof(fc.constant(0), fc.nat(2_000), fc.nat(70_000)),
		takesMs: fc.nat(30_000),
		outcome: fc.constantFrom<Outcome>(
			'success',
			'success',
			'success',
			'fault',
			'throttled',
			'neutral',
		),
		pauseMs: fc.nat(20_000),
	}),
	{ minLength: 1, maxLength: 150 },
);

/** Starts each request as soon as the policy allows; what is under way ends when its time has come. */
function play(policy: GovernorPolicy, list: Step[], check: (nowMs: number) => void): number[] {
	const open: Array<{ endsMs: number; startedMs: number; step: Step }> = [];
	const starts: number[] = [];
	let nowMs = 1_000_000;
	const endNext = () => {
		open.sort((a, b) => a.endsMs - b.endsMs);
		const { endsMs, startedMs, step } = open.shift()!;
		nowMs = Math.max(nowMs, endsMs);
		onEnd(policy, nowMs, { startedMs, outcome: step.outcome, pauseMs: step.pauseMs });
	};
	for (const step of list) {
		nowMs += step.waitMs;
		for (;;) {
			const wait = waitForStart(policy, nowMs);
			if (wait === 0) break;
			if (wait === Infinity) endNext();
			else nowMs += wait;
		}
		check(nowMs);
		onStart(policy, nowMs);
		starts.push(nowMs);
		open.push({ endsMs: nowMs + step.takesMs, startedMs: nowMs, step });
	}
	while (open.length > 0) endNext();
	return starts;
}

describe('the quota', () => {
	it('never lets more than N requests start within any 60 seconds, whatever the answers', () => {
		fc.assert(
			fc.property(
				steps,
				fc.integer({ min: 1, max: 12 }),
				fc.integer({ min: 1, max: 60 }),
				(list, perMinute, maxConcurrency) => {
					const starts = play(
						createPolicy({ maxConcurrency, maxPerMinute: perMinute }),
						list,
						() => {},
					);
					for (const [index, startMs] of starts.entries()) {
						const later = starts[index + perMinute];
						if (later !== undefined) expect(later - startMs).toBeGreaterThan(MINUTE);
					}
				},
			),
			{ seed: 15 },
		);
	});

	it('lets exactly N start at once, and the next one when the first has left the minute', () => {
		const policy = opened(100, 3);
		for (const at of [0, 10, 20]) {
			expect(waitForStart(policy, at)).toBe(0);
			onStart(policy, at);
		}
		const wait = waitForStart(policy, 20);
		expect(20 + wait).toBeGreaterThan(MINUTE);
		expect(20 + wait).toBeLessThan(MINUTE + 1_000);
		expect(waitForStart(policy, 20 + wait)).toBe(0);
	});

	it('shrinks to what was really allowed when the server throttles, but not below a tenth', () => {
		const policy = opened(5_000, 2_000);
		for (let count = 0; count < 1_000; count++) onStart(policy, 1_000);
		finish(policy, 2_000, 'throttled');
		expect(policy.perMinute).toBe(950);
		const few = opened(10, 2_000);
		onStart(few, 1_000);
		finish(few, 2_000, 'throttled');
		expect(few.perMinute).toBe(200);
	});

	it('grows back by a tenth a minute of good answers, up to the setting', () => {
		const policy = opened(10, 100);
		onStart(policy, 0);
		finish(policy, 0, 'throttled');
		expect(policy.perMinute).toBe(10);
		const quotas: number[] = [];
		for (let minute = 1; minute <= 60; minute++) {
			for (let count = 0; count < 3; count++) {
				onStart(policy, minute * 61_000);
				finish(policy, minute * 61_000, 'success');
			}
			quotas.push(policy.perMinute);
		}
		expect(quotas.slice(0, 3)).toEqual([11, 13, 15]);
		expect(quotas.at(-1)).toBe(100);
	});
});

describe('concurrency', () => {
	it('never exceeds the setting, and at least one request is always possible', () => {
		fc.assert(
			fc.property(steps, fc.integer({ min: 1, max: 20 }), (list, maxConcurrency) => {
				const policy = createPolicy({ maxConcurrency, maxPerMinute: 2_000 });
				play(policy, list, () => {
					expect(policy.inFlight).toBeLessThan(maxConcurrency);
					expect(policy.concurrency).toBeGreaterThanOrEqual(1);
					expect(policy.concurrency).toBeLessThanOrEqual(maxConcurrency);
				});
				expect(policy.inFlight).toBe(0);
			}),
			{ seed: 16 },
		);
	});

	it('is 1 until the first answer, which settles the token', () => {
		const policy = createPolicy({ maxConcurrency: 50, maxPerMinute: 2_000 });
		expect(waitForStart(policy, 0)).toBe(0);
		onStart(policy, 0);
		expect(waitForStart(policy, 0)).toBe(Infinity);
		finish(policy, 1, 'success', { startedMs: 0 });
		expect(policy.concurrency).toBe(16);
	});

	it('opens after a first answer that refuses: it settles the token as well as a good one', () => {
		const policy = createPolicy({ maxConcurrency: 50, maxPerMinute: 2_000 });
		onStart(policy, 0);
		finish(policy, 1, 'neutral', { startedMs: 0 });
		expect(policy.concurrency).toBe(16);
	});

	it('grows with each good answer, is halved by throttling, and then grows slowly', () => {
		const policy = opened(50, 2_000);
		policy.concurrency = 20;
		onStart(policy, 1);
		finish(policy, 2, 'success', { startedMs: 1 });
		expect(policy.concurrency).toBe(21);
		onStart(policy, 3);
		finish(policy, 4, 'throttled', { startedMs: 3 });
		expect(policy.concurrency).toBe(10.5);
		onStart(policy, 5);
		finish(policy, 6, 'success', { startedMs: 5 });
		expect(policy.concurrency).toBeCloseTo(10.5 + 1 / 10.5);
	});

	it('is lowered once for a burst: refusals of requests that started before it are no news', () => {
		const policy = opened(40, 2_000);
		for (let count = 0; count < 40; count++) onStart(policy, 100);
		for (let count = 0; count < 40; count++)
			finish(policy, 200 + count, 'throttled', { startedMs: 100 });
		expect(policy.concurrency).toBe(20);
	});

	it('falls by a quarter after a fault, and says nothing of a refusal or a missing blob', () => {
		const policy = opened(40, 2_000);
		onStart(policy, 1);
		finish(policy, 2, 'neutral', { startedMs: 1 });
		expect(policy.concurrency).toBe(40);
		onStart(policy, 3);
		finish(policy, 4, 'fault', { startedMs: 3 });
		expect(policy.concurrency).toBe(30);
		expect(policy.perMinute).toBe(2_000);
	});
});

describe('a pause', () => {
	it('holds everybody until it is over', () => {
		const policy = opened(10, 100);
		onStart(policy, 1_000);
		finish(policy, 2_000, 'throttled', { startedMs: 1_000, pauseMs: 30_000 });
		expect(waitForStart(policy, 2_000)).toBe(30_000);
		expect(waitForStart(policy, 31_999)).toBe(1);
		expect(waitForStart(policy, 32_000)).toBe(0);
	});

	it('is not shortened by a later, shorter one', () => {
		const policy = opened(10, 100);
		for (const pauseMs of [60_000, 1_000]) {
			onStart(policy, 1_000);
			finish(policy, 1_000, 'throttled', { startedMs: 1_000, pauseMs });
		}
		expect(waitForStart(policy, 1_000)).toBe(60_000);
	});
});

describe('changed settings', () => {
	it('hold at once, and requests under way stay counted', () => {
		const policy = opened(10, 100);
		for (let count = 0; count < 5; count++) onStart(policy, 0);
		reconfigure(policy, { maxConcurrency: 4, maxPerMinute: 5 });
		expect(waitForStart(policy, 1)).toBe(Infinity);
		for (let count = 0; count < 5; count++) finish(policy, 2, 'neutral', { startedMs: 0 });
		expect(waitForStart(policy, 2)).toBeGreaterThan(MINUTE - 2);
	});

	it('that are the same as before leave a lowered quota lowered', () => {
		const policy = opened(10, 100);
		onStart(policy, 0);
		finish(policy, 0, 'throttled');
		reconfigure(policy, { maxConcurrency: 10, maxPerMinute: 100 });
		expect(policy.perMinute).toBe(10);
	});
});
