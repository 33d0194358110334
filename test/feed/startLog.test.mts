import fc from 'fast-check';

import {
	acceptedBetween,
	arrivedBy,
	createStartLog,
	recordAnswer,
	recordRefusal,
	recordStart,
} from '../../nodes/feed/startLog';

describe('the log of starts', () => {
	it('knows every start that is not older than the horizon, and holds little more', () => {
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
					for (let n = 1; n <= recent.length; n++) expect(arrivedBy(log, n, 7)).toBe(recent.at(-n)! + 7);
					expect(log.times.length).toBeLessThanOrEqual(2 * recent.length + 1);
					expect(log.answeredMs).toHaveLength(log.times.length);
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

	it('knows by when a request had arrived: when it was answered', () => {
		const log = createStartLog();
		for (const ms of [10, 20, 20, 30]) recordStart(log, ms, 0);
		recordAnswer(log, 20, 95);
		recordAnswer(log, 10, 60);
		const all = () => [4, 3, 2, 1].map((n) => arrivedBy(log, n, 250));
		expect(all()).toEqual([60, 95, 270, 280]);
		recordAnswer(log, 20, 99);
		// Nobody knows it any more.
		recordAnswer(log, 5, 99);
		expect(all()).toEqual([60, 95, 99, 280]);
	});

	it('forgets old refusals', () => {
		const log = createStartLog();
		recordStart(log, 10, 0);
		recordRefusal(log, 10);
		recordStart(log, 100, 50);
		expect(log.refused).toEqual([]);
	});
});
