import fc from 'fast-check';

import { parseRetryAfter } from '../../nodes/transport/retryAfter';
import { cpuTimeMs } from '../cpuTime.mts';

const NOW = Date.UTC(2026, 2, 10, 12);

describe('Retry-After', () => {
	it.each([
		['seconds', '120', 120_000],
		['zero', '0', 0],
		['a fraction', '1.5', 1_500],
		['seconds with blanks around them', ' 7 ', 7_000],
		['a year (the caller caps it)', '31536000', 31_536_000_000],
		['a date', 'Tue, 10 Mar 2026 12:00:30 GMT', 30_000],
		['a date in the past, which is now', 'Tue, 10 Mar 2026 11:00:00 GMT', 0],
	])('as %s', (_, header, ms) => {
		expect(parseRetryAfter(header, '', NOW)).toBe(ms);
	});

	it.each([
		undefined,
		'',
		' ',
		'-5',
		'-1.5',
		'soon',
		'NaN',
		'Infinity',
		'1e9',
		'0x10',
		'5 minutes',
		'2026-03-10T12:00:30Z',
		'Tue, nonsense',
		'120, 120',
	])('that is %p says nothing', (header) => {
		expect(parseRetryAfter(header, 'no wait here', NOW)).toBeUndefined();
	});

	it('is never negative or NaN, whatever header and text say', () => {
		fc.assert(
			fc.property(
				fc.option(
					fc.oneof(
						fc.string(),
						fc.integer().map(String),
						fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
					),
					{ nil: undefined },
				),
				fc.oneof(
					fc.string(),
					fc.tuple(fc.nat(), fc.string()).map(([amount, unit]) => `retry after ${amount} ${unit}`),
				),
				(header, text) => {
					const ms = parseRetryAfter(header, text, NOW);
					if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0);
				},
			),
			{ seed: 20, numRuns: 500 },
		);
	});
});

describe('a wait that is said in the text only', () => {
	it.each([
		['Too many frequent subscription start requests. Please retry again after 14m 56s', 896_000],
		['Please retry again after 14m 56s.', 896_000],
		['Please retry after 30 seconds.', 30_000],
		['retry in 2 minutes and 5 secs', 125_000],
		['Retry after 1h, 30min', 5_400_000],
		['retry after 500ms', 500],
		['Retry again in 1.5 hours', 5_400_000],
	])('%s', (text, ms) => {
		expect(parseRetryAfter(undefined, text, NOW)).toBe(ms);
		expect(parseRetryAfter('garbage', text, NOW)).toBe(ms);
	});

	it.each([
		'Please retry after some time',
		'retry after 5 apples',
		'retry after -5s',
		'after 14m 56s',
		'Too many requests',
	])('is not read out of “%s”', (text) => {
		expect(parseRetryAfter(undefined, text, NOW)).toBeUndefined();
	});

	it('gives way to a readable header', () => {
		expect(parseRetryAfter('3', 'retry after 14m', NOW)).toBe(3_000);
	});

	it('is looked for in linear time', () => {
		const startedMs = cpuTimeMs();
		for (const piece of ['1a', '1 a ', 'retry after ', '1m and ', '1.'])
			parseRetryAfter(undefined, `retry after ${piece.repeat(20_000)}`, NOW);
		expect(cpuTimeMs() - startedMs).toBeLessThan(1_000);
	});

	it.each([
		['9'.repeat(400), ''],
		[undefined, `retry after ${'9'.repeat(400)} seconds`],
	])('is not read out of more digits than a number holds', (header, text) => {
		expect(parseRetryAfter(header, text, NOW)).toBeUndefined();
	});
});

describe('the units of a wait', () => {
	it.each<[string[], number]>([
		[['h', 'hr', 'hrs', 'hour', 'hours'], 3_600_000],
		[['m', 'min', 'mins', 'minute', 'minutes'], 60_000],
		[['s', 'sec', 'secs', 'second', 'seconds'], 1_000],
		[['ms'], 1],
	])('%j', (units, factor) => {
		for (const unit of units) {
			expect(parseRetryAfter(undefined, `retry again after 5 ${unit}`, NOW)).toBe(5 * factor);
			expect(parseRetryAfter(undefined, `Retry in  2.25${unit.toUpperCase()} please`, NOW)).toBe(2.25 * factor);
		}
	});

	it.each(['xh', 'hx', 'xm', 'mx', 'xs', 'sx', 'months', 'msx', 'days'])('are not %s', (unit) => {
		expect(parseRetryAfter(undefined, `retry after 5 ${unit}`, NOW)).toBeUndefined();
	});

	it('add up, with “and” and commas between them', () => {
		expect(parseRetryAfter(undefined, 'retry after 1h, 2m and  3s', NOW)).toBe(3_723_000);
	});
});

describe('the header', () => {
	it('may be seconds with a fraction', () => {
		expect(parseRetryAfter('1.25', '', NOW)).toBe(1_250);
	});

	it('may be a date with or without a comma, and nothing that only contains one', () => {
		const date = new Date(NOW + 30_000).toUTCString();
		expect(parseRetryAfter(date, '', NOW)).toBe(30_000);
		expect(parseRetryAfter(date.replace(',', ''), '', NOW)).toBe(30_000);
		expect(parseRetryAfter(`7 ${date}`, '', NOW)).toBeUndefined();
	});
});
