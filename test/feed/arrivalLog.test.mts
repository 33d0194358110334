import fc from 'fast-check';

import { createArrivalLog, nthLastArrival, recordArrival, recordDeparture } from '../../nodes/feed/arrivalLog';

describe('the log of arrivals', () => {
	it('knows every arrival that is not older than the horizon, holds little more, and counts what is on its way', () => {
		const steps = fc.array(fc.record({ gap: fc.nat(50), departs: fc.nat(2) }), { minLength: 1, maxLength: 300 });
		fc.assert(
			fc.property(steps, (list) => {
				const log = createArrivalLog();
				const all: number[] = [];
				let nowMs = 0;
				let onTheirWay = 0;
				for (const { gap, departs } of list) {
					nowMs += gap;
					for (let count = 0; count < departs; count++, onTheirWay++) recordDeparture(log);
					if (onTheirWay > 0) {
						all.push(nowMs);
						recordArrival(log, nowMs, nowMs - 500);
						onTheirWay--;
					}
					const recent = all.filter((ms) => ms >= nowMs - 500);
					for (let n = 1; n <= recent.length; n++) expect(nthLastArrival(log, n)).toBe(recent.at(-n));
					expect(nthLastArrival(log, all.length + 1)).toBeUndefined();
					expect(log.unanswered).toBe(onTheirWay);
				}
			}),
			{ seed: 33 },
		);
	});

	it('is bounded', () => {
		const log = createArrivalLog();
		for (let nowMs = 0; nowMs < 10_000; nowMs++) {
			recordDeparture(log);
			recordArrival(log, nowMs, nowMs - 500);
		}
		expect(log.times.length).toBeLessThan(1_100);
	});
});
