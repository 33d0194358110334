import { getEventListeners } from 'node:events';

import fc from 'fast-check';

import { FeedFailure } from '../../nodes/feed/failure';
import { createGovernor, type Slot } from '../../nodes/transport/governor';
import { createVirtualTime } from '../trigger/collector/virtualTime.mts';

const MINUTE = 60_000;

const throttled = (retryAfterMs?: number) =>
	new FeedFailure({ kind: 'throttled', message: 'Too many requests', retryAfterMs });

function stage(settings = { maxConcurrency: 100, maxPerMinute: 2_000 }) {
	const time = createVirtualTime(1_000_000);
	const governor = createGovernor(time.runtime(0), settings);
	const started: string[] = [];
	const slots: Slot[] = [];
	const ask = (name: string, signal?: AbortSignal, more: { lane?: string; again?: boolean } = {}) =>
		governor.acquire({ lane: 'a', signal, ...more }).then(
			(slot) => {
				started.push(name);
				slots.push(slot);
			},
			({ kind }: FeedFailure) => started.push(`${name} ${kind}`),
		);
	const settle = async () => await new Promise((resolve) => setImmediate(resolve));
	/** Past the first answer. */
	const open = async () => {
		await ask('first');
		slots.shift()!.end('success');
		started.length = 0;
	};
	return { time, governor, started, slots, ask, settle, open };
}

describe('the governor', () => {
	it('starts no more than N within any 60 seconds, and everybody in the end, in virtual time', async () => {
		const call = fc.record({
			afterMs: fc.nat(20_000),
			takesMs: fc.nat(10_000),
			outcome: fc.constantFrom(
				'success' as const,
				'success' as const,
				'fault' as const,
				'throttled' as const,
				'neutral' as const,
				'cancelled' as const,
			),
			retryAfterMs: fc.option(fc.nat(15_000), { nil: undefined }),
			lane: fc.constantFrom('a', 'b', 'c'),
		});
		await fc.assert(
			fc.asyncProperty(
				fc.array(call, { maxLength: 30 }),
				fc.integer({ min: 1, max: 8 }),
				fc.integer({ min: 1, max: 6 }),
				async (calls, maxPerMinute, maxConcurrency) => {
					const { time, governor } = stage({ maxConcurrency, maxPerMinute });
					const starts: number[] = [];
					let open = 0;
					const work = Promise.all(
						calls.map(async ({ lane, afterMs, takesMs, outcome, retryAfterMs }) => {
							await time.after(afterMs);
							const slot = await governor.acquire({ lane });
							starts.push(time.now());
							expect(++open).toBeLessThanOrEqual(maxConcurrency);
							await time.after(takesMs);
							open--;
							if (outcome === 'throttled') slot.refuse(throttled(retryAfterMs));
							else slot.end(outcome);
						}),
					);
					expect(await time.settle(work)).toBe(true);
					await work;
					expect(starts).toHaveLength(calls.length);
					for (const [index, startMs] of starts.entries()) {
						const later = starts[index + maxPerMinute];
						if (later !== undefined) expect(later - startMs).toBeGreaterThan(MINUTE);
					}
				},
			),
			{ seed: 23, numRuns: 40 },
		);
	});

	it('serves first come, first served', async () => {
		const { time, started, slots, ask, open } = stage({ maxConcurrency: 1, maxPerMinute: 2_000 });
		await open();
		const all = Promise.all(['a', 'b', 'c', 'd'].map((name) => ask(name)));
		for (let count = 0; count < 4; count++) {
			await time.advanceTo(time.now() + 1);
			await new Promise((resolve) => setImmediate(resolve));
			expect(started).toEqual(['a', 'b', 'c', 'd'].slice(0, count + 1));
			slots.shift()!.end('neutral');
		}
		await all;
	});

	it('lets one request go alone until its answer, then many', async () => {
		const { started, slots, ask } = stage();
		const all = Promise.all(Array.from({ length: 5 }, (_, index) => ask(String(index))));
		await new Promise((resolve) => setImmediate(resolve));
		expect(started).toEqual(['0']);
		slots[0]!.end('success');
		await all;
		expect(started).toEqual(['0', '1', '2', '3', '4']);
	});

	it('holds everybody while the server has asked to wait, and goes on by itself', async () => {
		const { time, started, slots, ask, open } = stage();
		await open();
		await ask('a');
		expect(slots[0]!.refuse(throttled(30_000))).toBe(30_500);
		const endsMs = time.now() + 30_500;
		const waiting = Promise.all([ask('b'), ask('c')]);
		await time.advanceTo(endsMs - 1);
		expect(started).toEqual(['a']);
		await time.advanceTo(endsMs);
		expect(started).toEqual(['a', 'b']);
		slots[1]!.answered(true);
		await time.settle(waiting);
		expect(started).toEqual(['a', 'b', 'c']);
	});

	it('lets content types take turns, and those that were refused go first', async () => {
		const { time, started, slots, ask, settle, open } = stage({ maxConcurrency: 1, maxPerMinute: 2_000 });
		await open();
		await ask('refused');
		void ask('a1');
		void ask('a2');
		void ask('b1', undefined, { lane: 'b' });
		slots.shift()!.refuse(throttled(1_000));
		void ask('refused again', undefined, { again: true });
		await time.advanceTo(time.now() + 2_000);
		for (let count = 0; count < 3; count++) {
			slots.shift()!.end('success');
			await settle();
			await time.advanceTo(time.now() + 10_000);
		}
		expect(started).toEqual(['refused', 'refused again', 'b1', 'a1', 'a2']);
	});

	it('tells everybody in the queue when eight pauses in a row have not helped, and tries on for who comes later', async () => {
		const { time, started, slots, ask, open } = stage({ maxConcurrency: 1, maxPerMinute: 2_000 });
		await open();
		await ask('first');
		void ask('c');
		for (let count = 1; count <= 8; count++) {
			const wait = slots.pop()!.refuse(throttled());
			expect(Number.isFinite(wait)).toBe(count < 8);
			if (count < 8) void ask(`again ${count}`, undefined, { again: true });
			await time.advanceTo(time.now() + 3 * MINUTE);
		}
		expect(started.slice(-2)).toEqual(['again 7', 'c throttled']);
		void ask('later');
		await time.advanceTo(time.now() + 3 * MINUTE);
		expect(started.at(-1)).toBe('later');
		slots.pop()!.end('success');
		await ask('well again');
		expect(started.at(-1)).toBe('well again');
	});

	it('refuses at once when the execution is already canceled, and takes one that is canceled later out of the queue', async () => {
		const { started, slots, ask, open } = stage({ maxConcurrency: 1, maxPerMinute: 2_000 });
		await open();
		const controller = new AbortController();
		await ask('a');
		const b = ask('b', controller.signal);
		const c = ask('c');
		controller.abort();
		await b;
		await ask('late', controller.signal);
		expect(started).toEqual(['a', 'b cancelled', 'late cancelled']);
		slots[0]!.end('neutral');
		await c;
		expect(started.at(-1)).toBe('c');
		// b's place is free: the next one needs no other answer.
		slots[1]!.end('neutral');
		await ask('d');
		expect(started.at(-1)).toBe('d');
	});

	it('says “canceled”, the word by which n8n knows a stopped execution', async () => {
		await expect(stage().governor.acquire({ lane: 'a', signal: AbortSignal.abort() })).rejects.toMatchObject({
			kind: 'cancelled',
			message: expect.stringContaining('canceled') as unknown,
		});
	});

	it('takes a larger quota at once for those who wait', async () => {
		const { time, governor, started, ask, open } = stage({ maxConcurrency: 5, maxPerMinute: 1 });
		await open();
		const waiting = ask('a');
		await time.advanceTo(time.now() + 1_000);
		expect(started).toEqual([]);
		governor.configure({ maxConcurrency: 5, maxPerMinute: 2 });
		await waiting;
		expect(started).toEqual(['a']);
	});

	it('goes on when its timer wakes too early, and still not before the minute is over', async () => {
		const { time } = stage();
		const runtime = time.runtime(0);
		const sleep = async (ms: number) => await runtime.sleep(ms * 0.9);
		const governor = createGovernor({ ...runtime, sleep }, { maxConcurrency: 5, maxPerMinute: 1 });
		const startMs = time.now();
		(await governor.acquire({ lane: 'a' })).end('success');
		expect(await time.settle(governor.acquire({ lane: 'a' }), startMs + 2 * MINUTE)).toBe(true);
		expect(time.now() - startMs).toBeGreaterThan(MINUTE);
	});
});

describe('a request is counted once', () => {
	it.each<[string, (slot: Slot) => void]>([
		['that is answered and refused in the body of its answer', (slot) => {
			slot.answered(true);
			slot.refuse(throttled(1_000));
		}],
		['of which an answer is told twice', (slot) => {
			slot.answered(true);
			slot.answered(true);
			slot.end('success');
		}],
	])('%s', async (_, use) => {
		const time = createVirtualTime(1_000_000);
		const governor = createGovernor(time.runtime(0), { maxConcurrency: 9, maxPerMinute: 1 });
		use(await governor.acquire({ lane: 'a' }));
		// What is counted wrongly stays wrong when its minute is over.
		await time.advanceTo(time.now() + 10 * MINUTE);
		(await governor.acquire({ lane: 'a' })).end('success');
		const started: number[] = [];
		void governor.acquire({ lane: 'a' }).then(() => started.push(time.now()));
		await time.advanceTo(time.now() + MINUTE);
		expect(started).toEqual([]);
		await time.advanceTo(time.now() + MINUTE);
		expect(started).toHaveLength(1);
	});
});

describe('a clock that is set back by an hour', () => {
	function withClock(settings: { maxConcurrency: number; maxPerMinute: number }) {
		const time = createVirtualTime(1_000_000_000);
		let offsetMs = 0;
		const governor = createGovernor({ ...time.runtime(0), now: () => time.now() + offsetMs }, settings);
		const setBack = () => void (offsetMs -= 60 * MINUTE);
		return { time, governor, setBack };
	}
	const ask = async (governor: ReturnType<typeof createGovernor>) => await governor.acquire({ lane: 'a' });

	it('leaves requests that were under way one refusal, not one after the other', async () => {
		const { governor, setBack } = withClock({ maxConcurrency: 50, maxPerMinute: 2_000 });
		(await ask(governor)).end('success');
		const slots = await Promise.all(Array.from({ length: 12 }, async () => await ask(governor)));
		setBack();
		for (const slot of slots) expect(slot.refuse(throttled())).toBeLessThan(MINUTE);
	});

	it('neither gives a new budget nor holds up the old one for longer than a wait', async () => {
		const { time, governor, setBack } = withClock({ maxConcurrency: 50, maxPerMinute: 2 });
		for (let count = 0; count < 2; count++) (await ask(governor)).end('success');
		const startedMs: number[] = [];
		void ask(governor).then(() => startedMs.push(time.now() - 1_000_000_000));
		await time.advanceTo(time.now() + 10_000);
		setBack();
		await time.advanceTo(time.now() + 3 * MINUTE);
		expect(startedMs).toHaveLength(1);
		expect(startedMs[0]).toBeGreaterThan(MINUTE);
		// What passed since anybody looked at the clock is not known: it is waited for again.
		expect(startedMs[0]).toBeLessThanOrEqual(2 * (MINUTE + 1));
	});

	it('keeps the wait that the server asked for', async () => {
		const { time, governor, setBack } = withClock({ maxConcurrency: 50, maxPerMinute: 2_000 });
		(await ask(governor)).refuse(throttled(2 * MINUTE));
		setBack();
		const startedMs: number[] = [];
		void ask(governor).then(() => startedMs.push(time.now() - 1_000_000_000));
		await time.advanceTo(time.now() + 2 * MINUTE - 1);
		expect(startedMs).toEqual([]);
		await time.advanceTo(time.now() + MINUTE);
		expect(startedMs).toHaveLength(1);
	});
});

describe('the timer of the governor', () => {
	/** A governor whose waits are seen. */
	function watched(settings: { maxConcurrency: number; maxPerMinute: number }) {
		const time = createVirtualTime(1_000_000);
		const runtime = time.runtime(0);
		const waits: number[] = [];
		const sleep = async (ms: number) => {
			waits.push(ms);
			await runtime.sleep(ms);
		};
		return { time, waits, governor: createGovernor({ ...runtime, sleep }, settings) };
	}
	const ask = (governor: ReturnType<typeof createGovernor>, signal?: AbortSignal) => {
		const asked = governor.acquire({ lane: 'a', signal });
		asked.catch(() => undefined);
		return asked;
	};

	it('is one, however many wait', async () => {
		const { governor, waits } = watched({ maxConcurrency: 9, maxPerMinute: 1 });
		(await ask(governor)).end('success');
		for (let count = 0; count < 3; count++) void ask(governor);
		expect(waits).toEqual([60_001]);
	});

	it('is another one when something sooner is to be done', async () => {
		const { time, governor, waits } = watched({ maxConcurrency: 9, maxPerMinute: 1 });
		(await ask(governor)).end('success');
		void ask(governor).then((slot) => slot.end('success'));
		const slot = ask(governor);
		await time.advanceTo(time.now() + 60_250);
		const waiting = waits.length;
		expect(waits.every((ms) => ms > 0 && ms <= 60_250)).toBe(true);
		expect(waiting).toBeGreaterThanOrEqual(2);
		await time.advanceTo(time.now() + 60_250);
		await slot;
	});

	it('is none while only an answer can make room', async () => {
		const { governor, waits } = watched({ maxConcurrency: 1, maxPerMinute: 2_000 });
		await ask(governor);
		void ask(governor);
		expect(waits).toEqual([]);
	});

	it('and the signal of the execution are left alone once a request has its place or is given up', async () => {
		const { time, governor } = watched({ maxConcurrency: 1, maxPerMinute: 2_000 });
		const { signal } = new AbortController();
		const listeners = () => getEventListeners(signal, 'abort').length;
		let slot = await ask(governor, signal);
		expect(listeners()).toBe(0);
		void ask(governor, signal);
		expect(listeners()).toBe(1);
		for (let count = 1; count <= 8; count++) {
			slot.refuse(throttled());
			if (count === 8) break;
			const again = governor.acquire({ lane: 'a', again: true });
			await time.advanceTo(time.now() + 3 * MINUTE);
			slot = await again;
		}
		expect(listeners()).toBe(0);
	});
});
