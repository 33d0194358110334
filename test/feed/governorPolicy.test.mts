import fc from 'fast-check';

import {
	budget,
	createPolicy,
	onAnswer,
	onEnd,
	onRefusal,
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
	policy.concurrency.limit = maxConcurrency;
	policy.alone = 'no';
	return policy;
}

/** One request from start to a good end. */
function succeed(policy: GovernorPolicy, atMs: number): void {
	onStart(policy, atMs);
	onEnd(policy, atMs, atMs, 'success');
}

function refuseOne(policy: GovernorPolicy, atMs: number, retryAfterMs?: number): void {
	onStart(policy, atMs);
	onRefusal(policy, atMs, atMs, { retryAfterMs, random: 0.5 });
}

interface Step {
	waitMs: number;
	takesMs: number;
	outcome: Outcome | 'throttled';
	retryAfterMs?: number;
}

const steps = fc.array(
	fc.record({
		waitMs: fc.oneof(fc.constant(0), fc.nat(2_000), fc.nat(70_000)),
		takesMs: fc.nat(30_000),
		outcome: fc.constantFrom<Step['outcome']>(
			...(['success', 'success', 'success', 'fault', 'throttled', 'neutral', 'cancelled'] as const),
		),
		retryAfterMs: fc.option(fc.nat(20_000), { nil: undefined }),
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
		const { outcome, retryAfterMs } = step;
		if (outcome === 'throttled') onRefusal(policy, nowMs, startedMs, { retryAfterMs, random: 0.5 });
		else onEnd(policy, nowMs, startedMs, outcome);
	};
	for (const step of list) {
		nowMs += step.waitMs;
		for (;;) {
			const wait = waitForStart(policy, nowMs);
			if (wait === 0) break;
			// Nobody may wait for an answer when none is due.
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

describe('the budget', () => {
	it('never lets more than the setting start within any 60 seconds, whatever the answers', () => {
		fc.assert(
			fc.property(
				steps,
				fc.integer({ min: 1, max: 12 }),
				fc.integer({ min: 1, max: 60 }),
				(list, maxPerMinute, maxConcurrency) => {
					const starts = play(createPolicy({ maxConcurrency, maxPerMinute }), list, () => {});
					for (const [index, startMs] of starts.entries()) {
						const later = starts[index + maxPerMinute];
						if (later !== undefined) expect(later - startMs).toBeGreaterThan(MINUTE);
					}
				},
			),
			{ seed: 15 },
		);
	});

	it('holds for what was learned, too: never more starts than it within any 60 seconds', () => {
		fc.assert(
			fc.property(steps, fc.integer({ min: 1, max: 60 }), (list, maxConcurrency) => {
				const policy = createPolicy({ maxConcurrency, maxPerMinute: 20 });
				const starts: number[] = [];
				play(policy, list, (nowMs) => {
					const withinMinute = starts.filter((startMs) => startMs >= nowMs - MINUTE).length;
					expect(withinMinute).toBeLessThan(budget(policy, nowMs));
					starts.push(nowMs);
				});
			}),
			{ seed: 19 },
		);
	});

	it('may be used up in one burst; the next request starts when the first has left the minute', () => {
		const policy = opened(100, 3);
		for (const at of [0, 10, 20]) {
			expect(waitForStart(policy, at)).toBe(0);
			succeed(policy, at);
		}
		const wait = waitForStart(policy, 20);
		expect(20 + wait).toBeGreaterThan(MINUTE);
		expect(20 + wait).toBeLessThan(MINUTE + 1_000);
		expect(waitForStart(policy, 20 + wait)).toBe(0);
	});

	it('counts a request until a minute after its answer: it may have travelled for that long', () => {
		const policy = opened(100, 2);
		onStart(policy, 0);
		onStart(policy, 10);
		// Nobody knows whether they have arrived.
		expect(waitForStart(policy, MINUTE + 500)).toBe(Infinity);
		onAnswer(policy, 90_000, 10, true);
		expect(waitForStart(policy, 90_000)).toBe(MINUTE + 1);
		onEnd(policy, 95_000, 10, 'success', true);
		expect(waitForStart(policy, 95_000)).toBe(MINUTE + 1 - 5_000);
		expect(waitForStart(policy, 90_001 + MINUTE)).toBe(0);
	});

	it.each<[string, (policy: GovernorPolicy) => void]>([
		['is refused', (policy) => onRefusal(policy, 20_000, 0, { retryAfterMs: 1_000, random: 0 })],
		['fails', (policy) => onEnd(policy, 20_000, 0, 'fault')],
	])('counts one that %s in the same way', (_, end) => {
		const policy = opened(100, 1);
		onStart(policy, 0);
		end(policy);
		expect(waitForStart(policy, 30_000)).toBe(20_000 + MINUTE + 1 - 30_000);
	});

	it('loses one place to an answer that takes long, and no more: the others are not held up behind it', () => {
		const policy = opened(100, 10);
		onStart(policy, 0);
		for (let count = 1; count < 10; count++) succeed(policy, 1_000);
		const started: number[] = [];
		for (let nowMs = MINUTE; nowMs < 2 * MINUTE; nowMs += 100) {
			while (waitForStart(policy, nowMs) === 0) {
				started.push(nowMs);
				succeed(policy, nowMs);
			}
		}
		expect(started).toHaveLength(9);
	});

	it('is learned from the first refusal: a little less than what was accepted in the minute before', () => {
		const policy = opened(5_000, 2_000);
		for (let count = 0; count < 1_000; count++) succeed(policy, 1_000);
		refuseOne(policy, 2_000);
		expect(budget(policy, 2_000)).toBe(940);
	});

	it('is learned once from those that were under way together', () => {
		const policy = opened(5_000, 2_000);
		for (let count = 0; count < 1_000; count++) succeed(policy, 1_000);
		for (let count = 0; count < 40; count++) onStart(policy, 2_000 + count);
		for (let count = 0; count < 40; count++) onRefusal(policy, 2_100 + count, 2_000 + count, { random: 0 });
		expect(policy.learned?.perMinute).toBe(1_000);
		expect(policy.refusals).toBe(1);
	});

	it('never falls to nothing: a trickle finds out when others stop', () => {
		const policy = opened(10, 2_000);
		refuseOne(policy, 1_000);
		expect(budget(policy, 1_000)).toBe(20);
		const small = opened(10, 3);
		refuseOne(small, 1_000);
		expect(budget(small, 1_000)).toBe(1);
	});

	it('grows back by time alone: at the old limit within a minute, at twice the limit within three', () => {
		const policy = opened(10, 100_000);
		policy.learned = { perMinute: 2_000, atMs: 0 };
		expect(budget(policy, MINUTE)).toBeGreaterThan(2_000);
		expect(budget(policy, MINUTE)).toBeLessThan(2_100);
		expect(budget(policy, 3 * MINUTE)).toBeGreaterThan(4_000);
	});

	it('grows for a small share as for a large one, so that several processes come to equal parts', () => {
		const growth = (perMinute: number) => {
			const policy = opened(10, 2_000);
			policy.learned = { perMinute, atMs: 0 };
			return budget(policy, MINUTE / 2) - budget(policy, 0);
		};
		expect(Math.abs(growth(100) - growth(1_500))).toBeLessThanOrEqual(1);
	});

	it('is the setting again once it has grown back to it', () => {
		const policy = opened(10, 100);
		refuseOne(policy, 0);
		succeed(policy, 10 * MINUTE);
		expect(policy.learned).toBeUndefined();
		expect(budget(policy, 10 * MINUTE)).toBe(100);
	});
});

describe('the pace', () => {
	/** Starts as many as possible. @returns their times */
	function flood(policy: GovernorPolicy, fromMs: number, untilMs: number): number[] {
		const starts: number[] = [];
		for (let nowMs = fromMs; nowMs < untilMs; nowMs++) {
			while (waitForStart(policy, nowMs) === 0) {
				starts.push(nowMs);
				succeed(policy, nowMs);
			}
		}
		return starts;
	}

	it('spreads what comes after a first burst, so that other processes find room, too', () => {
		const starts = flood(opened(5_000, 600), 0, 2 * MINUTE);
		expect(starts.filter((ms) => ms < 1_000)).toHaveLength(600);
		const second = starts.filter((ms) => ms > MINUTE);
		expect(second).toHaveLength(600);
		// 15 a second, and what was held back in one second at the beginning.
		for (const [index, ms] of second.entries()) {
			const later = second[index + 32];
			if (later !== undefined) expect(later - ms).toBeGreaterThan(1_000);
		}
	});

	it('spreads a learned budget from its first request on', () => {
		const policy = opened(5_000, 2_000);
		policy.learned = { perMinute: 600, atMs: 0 };
		expect(flood(policy, 0, 5_000).length).toBeLessThan(100);
	});

	it('waits whole milliseconds, as timers do', () => {
		const policy = opened(5_000, 2_000);
		policy.learned = { perMinute: 1_234, atMs: 0 };
		for (let nowMs = 0; nowMs < 5_000; nowMs += 7) {
			const wait = waitForStart(policy, nowMs);
			expect(wait).toBe(Math.round(wait));
			if (wait === 0) succeed(policy, nowMs);
		}
		onStart(policy, 5_000);
		onRefusal(policy, 5_000, 5_000, { random: 0.123_456_789 });
		expect(waitForStart(policy, 5_000) % 1).toBe(0);
	});

	it('does not hold up a burst after a quiet time', () => {
		const policy = opened(5_000, 600);
		flood(policy, 0, 1_000);
		expect(flood(policy, 3 * MINUTE, 3 * MINUTE + 10)).toHaveLength(600);
	});
});

describe('concurrency', () => {
	it('never exceeds the setting, and at least one request is always possible', () => {
		fc.assert(
			fc.property(steps, fc.integer({ min: 1, max: 20 }), (list, maxConcurrency) => {
				const policy = createPolicy({ maxConcurrency, maxPerMinute: 2_000 });
				play(policy, list, () => {
					expect(policy.inFlight).toBeLessThan(maxConcurrency);
					expect(policy.concurrency.limit).toBeGreaterThanOrEqual(1);
					expect(policy.concurrency.limit).toBeLessThanOrEqual(maxConcurrency);
				});
				expect(policy.inFlight).toBe(0);
			}),
			{ seed: 16 },
		);
	});

	it('grows with each good answer, is halved by throttling, and then grows slowly', () => {
		const policy = opened(50, 2_000);
		policy.concurrency.limit = 20;
		succeed(policy, 1);
		expect(policy.concurrency.limit).toBe(21);
		refuseOne(policy, 3);
		expect(policy.concurrency.limit).toBe(10.5);
		succeed(policy, 20_000);
		expect(policy.concurrency.limit).toBeCloseTo(10.5 + 1 / 10.5);
	});

	it('is lowered once for a burst: refusals of requests that started before it are no news', () => {
		const policy = opened(40, 2_000);
		for (let count = 0; count < 40; count++) onStart(policy, 100);
		for (let count = 0; count < 40; count++) onRefusal(policy, 200 + count, 100, { random: 0.5 });
		expect(policy.concurrency.limit).toBe(20);
	});

	it('falls by a quarter after a fault, and says nothing of a refusal or a missing blob', () => {
		const policy = opened(40, 2_000);
		onStart(policy, 1);
		onEnd(policy, 2, 1, 'neutral');
		expect(policy.concurrency.limit).toBe(40);
		onStart(policy, 3);
		onEnd(policy, 4, 3, 'fault');
		expect(policy.concurrency.limit).toBe(30);
		expect(budget(policy, 4)).toBe(2_000);
	});

	it('falls once for faults of requests that were under way together', () => {
		const policy = opened(40, 2_000);
		for (let count = 0; count < 3; count++) onStart(policy, 100);
		onEnd(policy, 200, 100, 'fault');
		onEnd(policy, 201, 100, 'fault');
		expect(policy.concurrency.limit).toBe(30);
		// One that started later is news.
		onStart(policy, 201);
		onEnd(policy, 202, 201, 'fault');
		expect(policy.concurrency.limit).toBe(22.5);
	});

	it.each(['neutral', 'fault', 'cancelled'] as const)('does not grow with an end that promises no room for more: %s', (outcome) => {
		const policy = opened(50, 2_000);
		policy.concurrency.limit = 20;
		onStart(policy, 1);
		onEnd(policy, 2, 1, outcome);
		expect(policy.concurrency.limit).toBeLessThanOrEqual(20);
	});

	it('goes by the time from start to answer, whenever that was', () => {
		const policy = opened(50, 2_000);
		for (const startedMs of [5_000, 90_000, 700_000]) {
			onStart(policy, startedMs);
			onAnswer(policy, startedMs + 100, startedMs, true);
		}
		expect([policy.concurrency.latencyMs, policy.concurrency.bestLatencyMs]).toEqual([100, 100]);
	});

	it('grows although some answers came within the same millisecond', () => {
		const policy = opened(50, 2_000);
		policy.concurrency.limit = 16;
		onStart(policy, 0);
		onAnswer(policy, 0, 0, true);
		onEnd(policy, 0, 0, 'success', true);
		for (let count = 0; count < 2_000; count++) {
			onStart(policy, 0);
			onAnswer(policy, 30, 0, true);
			onEnd(policy, 30, 0, 'success', true);
		}
		expect(policy.concurrency.limit).toBe(50);
	});

	it('does not grow while answers take more than twice as long as the best: they only queue', () => {
		const policy = opened(50, 2_000);
		policy.concurrency.limit = 16;
		const answer = (latencyMs: number, isContent = true) => {
			onStart(policy, 0);
			onAnswer(policy, latencyMs, 0, isContent);
			onEnd(policy, latencyMs, 0, 'success', true);
		};
		answer(100);
		expect(policy.concurrency.limit).toBe(17);
		// The latency of listings is another matter.
		answer(100_000, false);
		expect(policy.concurrency.limit).toBe(18);
		for (let count = 0; count < 16; count++) answer(1_000);
		const held = policy.concurrency.limit;
		for (let count = 0; count < 16; count++) answer(1_000);
		expect(policy.concurrency.limit).toBe(held);
		// A server that has become slower for good is got used to.
		for (let count = 0; count < 1_000; count++) answer(1_000);
		expect(policy.concurrency.limit).toBe(50);
	});

	it('leaves places beside a few requests that hang, however many faults there were', () => {
		const policy = opened(50, 2_000);
		for (let at = 1; at < 100; at++) {
			onStart(policy, at);
			onEnd(policy, at, at, 'fault');
		}
		expect(policy.concurrency.limit).toBe(4);
		const few = opened(2, 2_000);
		onStart(few, 1);
		onEnd(few, 1, 1, 'fault');
		expect(few.concurrency.limit).toBe(2);
		// Throttled, it goes down to one at a time.
		for (let at = 100; at < 110; at++) refuseOne(policy, at * MINUTE);
		expect(policy.concurrency.limit).toBe(1);
	});

	it('grows back to where it began though the first answers were quicker than usual', () => {
		const policy = createPolicy({ maxConcurrency: 50, maxPerMinute: 2_000 });
		const answer = (atMs: number, latencyMs: number) => {
			onStart(policy, atMs);
			onAnswer(policy, atMs + latencyMs, atMs, true);
			onEnd(policy, atMs + latencyMs, atMs, 'success', true);
		};
		answer(1, 5);
		for (let at = 100; at < 110; at++) {
			onStart(policy, at);
			onEnd(policy, at, at, 'fault');
		}
		for (let count = 0; count < 150; count++) answer(1_000 + 50 * count, 50);
		expect(policy.concurrency.limit).toBeGreaterThanOrEqual(16);
	});
});

describe('one request alone', () => {
	it('goes first, until it is answered: it settles the token', () => {
		const policy = createPolicy({ maxConcurrency: 50, maxPerMinute: 2_000 });
		expect(waitForStart(policy, 0)).toBe(0);
		onStart(policy, 0);
		expect(waitForStart(policy, 0)).toBe(Infinity);
		// Its body may take minutes.
		onAnswer(policy, 1, 0, false);
		for (let count = 1; count < 16; count++) {
			expect(waitForStart(policy, 1)).toBe(0);
			onStart(policy, 1);
		}
		expect(waitForStart(policy, 1)).toBe(Infinity);
	});

	it('settles the token as well if it is refused', () => {
		const policy = createPolicy({ maxConcurrency: 50, maxPerMinute: 2_000 });
		onStart(policy, 0);
		onEnd(policy, 1, 0, 'neutral');
		onStart(policy, 1);
		expect(waitForStart(policy, 1)).toBe(0);
	});

	it.each(['fault', 'cancelled'] as const)('is followed by another one alone if it ends with “%s”', (outcome) => {
		const policy = createPolicy({ maxConcurrency: 50, maxPerMinute: 2_000 });
		onStart(policy, 0);
		onEnd(policy, 1, 0, outcome);
		expect(waitForStart(policy, 1)).toBe(0);
		onStart(policy, 1);
		expect(waitForStart(policy, 1)).toBe(Infinity);
	});

	it('does not go alone again for a fault once another one was answered well', () => {
		const policy = opened(50, 2_000);
		onStart(policy, 0);
		onStart(policy, 0);
		onEnd(policy, 1, 0, 'fault');
		onStart(policy, 2);
		expect(waitForStart(policy, 2)).toBe(0);
	});

	it('goes first after a pause, to find out whether it was long enough', () => {
		const policy = opened(50, 2_000);
		onStart(policy, 0);
		refuseOne(policy, 1_000, 5_000);
		const nowMs = 7_000;
		expect(waitForStart(policy, nowMs)).toBe(0);
		onStart(policy, nowMs);
		expect(waitForStart(policy, nowMs)).toBe(Infinity);
		// What was under way before the pause says nothing about now.
		onEnd(policy, nowMs, 0, 'success');
		expect(waitForStart(policy, nowMs)).toBe(Infinity);
		onAnswer(policy, nowMs + 1, nowMs, true);
		expect(waitForStart(policy, nowMs + 10_000)).toBe(0);
	});
});

describe('a pause', () => {
	it('holds everybody for as long as the server asks', () => {
		const policy = opened(10, 100);
		refuseOne(policy, 2_000, 30_000);
		expect(waitForStart(policy, 2_000)).toBe(30_500);
		expect(waitForStart(policy, 32_499)).toBe(1);
		expect(waitForStart(policy, 32_500)).toBe(0);
	});

	it('is not shortened by a later, shorter one', () => {
		const policy = opened(10, 100);
		onStart(policy, 999);
		refuseOne(policy, 1_000, 60_000);
		onRefusal(policy, 1_000, 999, { retryAfterMs: 1_000, random: 0.5 });
		expect(waitForStart(policy, 1_000)).toBe(60_500);
	});

	it('is made longer by one of those that were under way if it asks for more', () => {
		const policy = opened(10, 100);
		onStart(policy, 999);
		refuseOne(policy, 1_000);
		onRefusal(policy, 1_001, 999, { retryAfterMs: 60_000, random: 0 });
		expect(waitForStart(policy, 1_001)).toBe(60_000);
	});

	it('is not made longer by one of those that were under way if it names no time', () => {
		const policy = opened(10, 100);
		onStart(policy, 999);
		refuseOne(policy, 1_000, 1_000);
		const untilMs = policy.pausedUntilMs;
		onRefusal(policy, 1_400, 999, { random: 0.5 });
		expect(policy.pausedUntilMs).toBe(untilMs);
	});

	it('that the server does not name is 5 to 10 seconds, doubled while it does not help, 2 minutes at most', () => {
		const policy = opened(10, 100);
		const pauses: number[] = [];
		for (let count = 0, nowMs = 0; count < 7; count++) {
			nowMs += MINUTE * 3;
			refuseOne(policy, nowMs);
			pauses.push(policy.pausedUntilMs - nowMs);
		}
		expect(pauses).toEqual([7_500, 15_000, 30_000, 60_000, 90_000, 90_000, 90_000]);
		succeed(policy, 60 * MINUTE);
		refuseOne(policy, 61 * MINUTE);
		expect(policy.pausedUntilMs - 61 * MINUTE).toBe(7_500);
	});
});

describe('changed settings', () => {
	it('hold at once, and requests under way stay counted', () => {
		const policy = opened(10, 100);
		for (let count = 0; count < 5; count++) onStart(policy, 0);
		reconfigure(policy, { maxConcurrency: 4, maxPerMinute: 5 });
		expect(waitForStart(policy, 1)).toBe(Infinity);
		for (let count = 0; count < 5; count++) onEnd(policy, 2, 0, 'neutral');
		expect(waitForStart(policy, 2)).toBeGreaterThan(MINUTE - 2);
	});

	it('leave what was learned as it is', () => {
		const policy = opened(10, 1_000);
		for (let count = 0; count < 100; count++) succeed(policy, 0);
		refuseOne(policy, 1);
		reconfigure(policy, { maxConcurrency: 10, maxPerMinute: 2_000 });
		expect(budget(policy, 1)).toBe(94);
	});
});
