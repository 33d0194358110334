import fc from 'fast-check';

import { steadyTime } from '../../nodes/feed/steadyTime';

describe('a steady time', () => {
	it('goes on with the clock', () => {
		let clock = 5;
		const now = steadyTime(() => clock);
		expect(now()).toBe(5);
		clock = 12;
		expect([now(), now()]).toEqual([12, 12]);
	});

	it('never goes back, and counts what passes after a clock was set back', () => {
		fc.assert(
			fc.property(fc.array(fc.record({ step: fc.integer({ min: -5_000, max: 0 }), passes: fc.nat(1_000) })), (list) => {
				let clock = 1_000_000;
				let passed = 1_000_000;
				const now = steadyTime(() => clock);
				now();
				for (const { step, passes } of list) {
					clock += step;
					expect(now()).toBe(passed);
					clock += passes;
					passed += passes;
					expect(now()).toBe(passed);
				}
			}),
			{ seed: 34 },
		);
	});
});
