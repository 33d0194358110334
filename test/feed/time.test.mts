import fc from 'fast-check';

import { hasZone, parseUtc, toApiTime, toReadable } from '../../nodes/feed/time';

const AT = Date.UTC(2026, 1, 7, 16, 43, 53);

describe('a time of the feed', () => {
	it.each([
		['without a zone, as CreationTime', '2026-02-07T16:43:53', AT],
		['with Z, as contentCreated', '2026-02-07T16:43:53.000Z', AT],
		['with a small z', '2026-02-07T16:43:53z', AT],
		['with seven digits of a second', '2026-02-07T16:43:53.1239999Z', AT + 123],
		['with seven digits and no zone', '2026-02-07T16:43:53.1230000', AT + 123],
		['with one digit of a second', '2026-02-07T16:43:53.5Z', AT + 500],
		['with a blank instead of T', '2026-02-07 16:43:53', AT],
		['with an offset', '2026-02-07T18:43:53+02:00', AT],
		['with an offset without a colon', '2026-02-07T11:13:53-0530', AT],
		['without seconds', '2026-02-07T16:43', AT - 53_000],
		['without a time of day', '2026-02-07', Date.UTC(2026, 1, 7)],
		['with blanks around it', ' 2026-02-07T16:43:53Z\n', AT],
	])('is UTC %s', (_, text, ms) => {
		expect(parseUtc(text)).toBe(ms);
	});

	it.each([
		'',
		'null',
		'yesterday',
		'2026',
		'2026-02',
		'2026-13-01T00:00:00Z',
		'2026-02-07T25:00:00Z',
		'2026-02-07T16:60:00Z',
		'2026-02-07T16:43:53+99:00',
		'2026-02-07T16:43:53 Europe/Berlin',
		'02/07/2026 16:43:53',
		'12026-02-07T16:43:53Z',
		undefined,
		null,
		AT,
		new Date(AT),
		{},
	])('that cannot be read (%p) is undefined, never a guess', (value) => {
		expect(parseUtc(value)).toBeUndefined();
	});

	it('is read the same with and without its Z, for any instant', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
				const text = new Date(ms).toISOString();
				expect(parseUtc(text)).toBe(ms);
				expect(parseUtc(text.slice(0, -1))).toBe(ms);
			}),
			{ seed: 1 },
		);
	});

	it('names its zone or does not', () => {
		expect(
			['2026-02-07T16:43:53Z', '2026-02-07T16:43:53+0100', '2026-02-07 16:43 -01:00'].map(hasZone),
		).toEqual([true, true, true]);
		expect(['2026-02-07T16:43:53', '2026-02-07', 'Z'].map(hasZone)).toEqual([false, false, false]);
	});
});

describe('the time of a request', () => {
	it('is YYYY-MM-DDTHH:MM:SS without zone, whole seconds, rounded down', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 4_102_444_800_000 }), (ms) => {
				const text = toApiTime(ms);
				expect(text).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/);
				expect(parseUtc(text)).toBe(Math.floor(ms / 1_000) * 1_000);
			}),
			{ seed: 2 },
		);
	});

	it('is told to people with its zone', () => {
		expect(toReadable(AT + 999)).toBe('2026-02-07 16:43:53 UTC');
	});
});
