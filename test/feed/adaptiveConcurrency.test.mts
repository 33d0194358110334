import { createConcurrency, grow, shrinkAfterFault, shrinkAfterRefusal, takeLatency } from '../../nodes/feed/adaptiveConcurrency';

describe('concurrency', () => {
	it('begins with sixteen, or what the user allows', () => {
		expect([50, 16, 3].map((max) => createConcurrency(max).limit)).toEqual([16, 16, 3]);
	});

	it('grows by one with each good answer, up to what the user allows', () => {
		const concurrency = createConcurrency(18);
		const limits = [1, 2, 3].map(() => (grow(concurrency, 18), concurrency.limit));
		expect(limits).toEqual([17, 18, 18]);
	});

	it('after a refusal grows by one in the time of all its answers', () => {
		const concurrency = createConcurrency(50);
		shrinkAfterRefusal(concurrency);
		expect(concurrency).toMatchObject({ limit: 8, slowStart: false });
		grow(concurrency, 50);
		expect(concurrency.limit).toBe(8.125);
	});

	it('is one at least', () => {
		const concurrency = createConcurrency(1);
		shrinkAfterRefusal(concurrency);
		expect(concurrency.limit).toBe(1);
	});

	it('stays at four, or what the user allows, after faults', () => {
		const limits = [50, 3].map((max) => {
			const concurrency = createConcurrency(max);
			for (let fault = 0; fault < 9; fault++) shrinkAfterFault(concurrency);
			return concurrency.limit;
		});
		expect(limits).toEqual([4, 3]);
	});
});

describe('the latency of answers', () => {
	/** Concurrency that has seen these answers. */
	function seen(...latencies: number[]) {
		const concurrency = createConcurrency(50);
		for (const latency of latencies) takeLatency(concurrency, latency);
		return concurrency;
	}

	it('is that of the first one, then a sixteenth of each difference more', () => {
		expect(seen(100)).toMatchObject({ latencyMs: 100, bestLatencyMs: 100 });
		expect(seen(100, 260).latencyMs).toBe(110);
		expect(seen(100, 84).latencyMs).toBe(99);
	});

	it('is compared with the best, which is forgotten slowly: doubled after some 180 answers', () => {
		expect(seen(100, 84).bestLatencyMs).toBe(99);
		expect(seen(100, 10_000).bestLatencyMs).toBeCloseTo(100 * (1 + 1 / 256));
		const best = (answers: number) => seen(100, ...Array<number>(answers).fill(100_000)).bestLatencyMs;
		expect([best(170) < 200, best(185) > 200]).toEqual([true, true]);
	});

	it('more than twice the best one stops the growth: more requests would only queue', () => {
		const growthAt = (limit: number, latencyMs: number) => {
			const concurrency = { ...createConcurrency(50), limit, latencyMs, bestLatencyMs: 100 };
			grow(concurrency, 50);
			return concurrency.limit - limit;
		};
		expect([growthAt(16, 200), growthAt(16, 201)]).toEqual([1, 0]);
		// Fewer than at the beginning queue nowhere.
		expect(growthAt(15, 201)).toBe(1);
	});
});
