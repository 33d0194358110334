import { sharedGovernor } from '../../nodes/transport/sharedGovernor';
import { createVirtualTime } from '../trigger/collector/virtualTime.mts';

describe('the shared governor', () => {
	it('is one for each tenant and publisher, and takes over the last settings', async () => {
		const runtime = createVirtualTime(0).runtime(0);
		const settings = { maxConcurrency: 5, maxPerMinute: 10 };
		const one = sharedGovernor('tenant a', runtime, settings);
		expect(sharedGovernor('tenant a', runtime, { ...settings, maxPerMinute: 1 })).toBe(one);
		expect(sharedGovernor('tenant b', runtime, settings)).not.toBe(one);
		(await one.acquire({ lane: 'a' })).end('success');
		let started = false;
		void one.acquire({ lane: 'a' }).then(() => (started = true));
		await new Promise((resolve) => setImmediate(resolve));
		expect(started).toBe(false);
	});
});

describe('workflows that share a tenant', () => {
	it('keep to the smallest of their settings for as long as its workflow runs', async () => {
		const time = createVirtualTime(1_000_000);
		const share = (maxPerMinute: number, signal: AbortSignal) =>
			sharedGovernor('smallest', time.runtime(0), { maxConcurrency: 100, maxPerMinute }, signal);
		const small = new AbortController();
		const governor = share(3, small.signal);
		share(2_000, new AbortController().signal);
		let started = 0;
		for (let n = 0; n < 10; n++) void governor.acquire({ lane: 'a' }).then((slot) => (started++, slot.end('success')));
		const settle = async () => await new Promise((resolve) => setImmediate(resolve));
		await settle();
		expect(started).toBe(3);
		small.abort();
		await settle();
		expect(started).toBe(10);
	});
});

describe('the settings of several workflows', () => {
	it('are the smallest of each, for requests at once too, and stay when the last one has ended', async () => {
		const time = createVirtualTime(1_000_000);
		const share = (maxConcurrency: number, signal?: AbortSignal) =>
			sharedGovernor('at once', time.runtime(0), { maxConcurrency, maxPerMinute: 2_000 }, signal);
		const [small, large] = [new AbortController(), new AbortController()];
		const governor = share(2, small.signal);
		share(9, large.signal);
		(await governor.acquire({ lane: 'a' })).end('success');
		const slots: Array<{ end(outcome: 'neutral'): void }> = [];
		for (let count = 0; count < 20; count++) void governor.acquire({ lane: 'a' }).then((slot) => slots.push(slot));
		const settle = async () => await new Promise((resolve) => setImmediate(resolve));
		await settle();
		expect(slots).toHaveLength(2);
		large.abort();
		await settle();
		expect(slots).toHaveLength(2);
		small.abort();
		slots[0]!.end('neutral');
		await settle();
		expect(slots).toHaveLength(3);
	});
});

describe('two workflows that read one tenant in one process', () => {
	const MINUTE = 60_000;
	const QUOTA = 2_000;

	/** Both read on virtual time, without an end; a request that the quota does not allow throws. */
	async function play(minutes: number): Promise<number[]> {
		const time = createVirtualTime(0);
		const arrivals: number[] = [];
		const used = [0, 0];
		async function read(workflow: number): Promise<void> {
			const settings = { maxConcurrency: 50, maxPerMinute: QUOTA };
			const governor = sharedGovernor('two workflows', time.runtime(0), settings, new AbortController().signal);
			for (;;) {
				const slot = await governor.acquire({ lane: 'Audit.General' });
				await time.after(60);
				while (arrivals[0]! <= time.now() - MINUTE) arrivals.shift();
				arrivals.push(time.now());
				if (arrivals.length > QUOTA) throw new Error('The quota is exceeded');
				if (time.now() > MINUTE) used[workflow]!++;
				await time.after(60);
				slot.answered(true);
				slot.end('success');
			}
		}
		const failed: unknown[] = [];
		for (let request = 0; request < 64; request++) {
			for (const workflow of [0, 1]) read(workflow).catch((error: unknown) => failed.push(error));
		}
		await new Promise(setImmediate);
		await time.advanceTo(minutes * MINUTE);
		expect(failed).toEqual([]);
		return used;
	}

	it('use up the quota together and never exceed it, half of it each', async () => {
		const used = await play(4);
		const whole = 3 * QUOTA;
		expect(used[0]! + used[1]!).toBeGreaterThanOrEqual(0.95 * whole);
		for (const part of used) expect(part).toBeGreaterThan(0.45 * whole);
	});
});
