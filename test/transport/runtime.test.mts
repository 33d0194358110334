import { runtime } from '../../nodes/transport/runtime';

describe('the real runtime', () => {
	it('has the clock of this machine', () => {
		const before = Date.now();
		const now = runtime.now();
		expect(before <= now && now <= Date.now()).toBe(true);
	});

	it('waits', async () => {
		let over = false;
		const sleeping = runtime.sleep(1).then(() => (over = true));
		await Promise.resolve();
		expect(over).toBe(false);
		await sleeping;
		expect(over).toBe(true);
	});

	it('has chance between 0 and 1', () => {
		const draws = Array.from({ length: 100 }, () => runtime.random());
		expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
		expect(new Set(draws).size).toBeGreaterThan(90);
	});
});
