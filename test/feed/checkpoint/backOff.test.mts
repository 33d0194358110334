import { backOffMs, endWaits, recordFailure, resetBackOff } from '../../../nodes/feed/checkpoint/backOff';
import { checkpointOf, failBatch, HOUR, MINUTE, NOW, openBlob, typeIn } from './support.mts';

describe('a back-off', () => {
	it('is one minute, doubled with every failure, up to its limit', () => {
		expect([0, 1, 2, 3, 4, 9].map((failures) => backOffMs(failures, 7 * MINUTE) / MINUTE)).toEqual([1, 1, 2, 4, 7, 7]);
	});

	it('is a number whatever the count', () => {
		expect(backOffMs(5_000, Infinity)).toBe(2 ** 20 * MINUTE);
	});

	it('lasts as long as the server asked, half an hour at most, or longer by its own count', () => {
		const wait = (askedMs: number, failures = 0) => {
			const backOff = { failures, notBeforeMs: 0 };
			recordFailure(backOff, NOW, HOUR, askedMs);
			return (backOff.notBeforeMs - NOW) / MINUTE;
		};
		expect([0, 5, 30, 31, 525_600].map((minutes) => wait(minutes * MINUTE))).toEqual([1, 5, 30, 30, 30]);
		expect(wait(5 * MINUTE, 9)).toBe(60);
	});

	it('that is being kept is not shortened', () => {
		const backOff = { failures: 0, notBeforeMs: NOW + HOUR };
		recordFailure(backOff, NOW, HOUR);
		expect(backOff).toEqual({ failures: 1, notBeforeMs: NOW + HOUR });
	});

	it('is over after a success', () => {
		const backOff = { failures: 3, notBeforeMs: NOW };
		resetBackOff(backOff);
		expect(backOff).toEqual({ failures: 0, notBeforeMs: 0 });
	});
});

describe('ending all waits', () => {
	it('lets everything be tried now, and keeps how often it failed', () => {
		const state = checkpointOf('Audit.Exchange', 'Audit.General');
		const waits = [...state.types.values()].flatMap((type) => [type.listing, type.reading]);
		waits.push(state.destination, openBlob(typeIn(state), 'a').reading, openBlob(typeIn(state), 'b').reading);
		for (const wait of waits) Object.assign(wait, { failures: 2, notBeforeMs: NOW });
		const batches = [failBatch(state, 1), failBatch(state, 2)];
		endWaits(state);
		for (const wait of waits) expect(wait).toEqual({ failures: 2, notBeforeMs: 0 });
		for (const batch of batches) expect(batch).toMatchObject({ failures: 1, notBeforeMs: 0 });
	});
});
