import fc from 'fast-check';

import {
	acceptedBetween,
	createStartLog,
	recordRefusal,
	recordStart,
} from '../../nodes/feed/startLog';

describe('the log of starts', () => {
	it('holds little more than the starts that are not older than the horizon', () => {
		const gaps = fc.array(fc.nat(50), { minLength: 1, maxLength: 300 });
		fc.assert(
			fc.property(gaps, (list) => {
				const log = createStartLog();
				const all: number[] = [];
				let nowMs = 0;
				for (const gap of list) {
					nowMs += gap;
					all.push(nowMs);
					recordStart(log, nowMs, nowMs - 500);
					const recent = all.filter((ms) => ms >= nowMs - 500);
					expect(log.times.slice(-recent.length)).toEqual(recent);
					expect(log.times.length).toBeLessThanOrEqual(2 * recent.length + 1);
				}
			}),
			{ seed: 32 },
		);
	});

	it('counts what was accepted between two times, without both of them', () => {
		const log = createStartLog();
		for (const ms of [10, 20, 20, 30, 40, 50]) recordStart(log, ms, 0);
		expect(acceptedBetween(log, 10, 50)).toBe(4);
		for (const ms of [40, 20]) recordRefusal(log, ms);
		expect(acceptedBetween(log, 10, 50)).toBe(2);
		expect(acceptedBetween(log, 0, 20)).toBe(1);
	});

	it('forgets old refusals', () => {
		const log = createStartLog();
		recordStart(log, 10, 0);
		recordRefusal(log, 10);
		recordStart(log, 100, 50);
		expect(log.refused).toEqual([]);
	});
});
