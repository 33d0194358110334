import fc from 'fast-check';

import { toUtcMs } from '../../nodes/actions/common/zonedTime';

const ZONES = [
	'UTC',
	'Europe/Berlin',
	'America/New_York',
	'Asia/Kolkata',
	'Australia/Lord_Howe',
	'Pacific/Apia',
	'America/St_Johns',
	'Pacific/Kiritimati',
	'Asia/Kathmandu',
	'America/Sao_Paulo',
	'Africa/Casablanca',
];

/** What the clocks of the zone show at the instant, by Intl alone. */
function shown(ms: number, zone: string): string {
	const parts = new Intl.DateTimeFormat('sv-SE', {
		timeZone: zone,
		dateStyle: 'short',
		timeStyle: 'medium',
	}).format(ms);
	return parts.replace(' ', 'T');
}

describe('a time without a zone', () => {
	it('is the instant at which the clocks of the workflow’s zone show it, in any zone and on any day', () => {
		fc.assert(
			fc.property(
				fc.constantFrom(...ZONES),
				fc.integer({ min: Date.UTC(2012, 0), max: Date.UTC(2037, 0) }),
				(zone, anyMs) => {
					const ms = Math.floor(anyMs / 1_000) * 1_000;
					const text = shown(ms, zone);
					const read = toUtcMs(text, zone)!;
					expect(shown(read, zone)).toBe(text);
					// Clocks show the same time twice when they are set back: both instants are right.
					expect(Math.abs(read - ms)).toBeLessThanOrEqual(3_600_000);
				},
			),
			{ seed: 24, numRuns: 1_000 },
		);
	});

	it('is right in every quarter of an hour around each change of daylight saving time', () => {
		for (const [zone, changes] of [
			['Europe/Berlin', [Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)]],
			['America/New_York', [Date.UTC(2026, 2, 8, 7), Date.UTC(2026, 10, 1, 6)]],
			['Australia/Lord_Howe', [Date.UTC(2026, 3, 4, 15), Date.UTC(2026, 9, 3, 15, 30)]],
		] as const) {
			for (const changeMs of changes) {
				for (let ms = changeMs - 30 * 3_600_000; ms <= changeMs + 30 * 3_600_000; ms += 900_000) {
					const text = shown(ms, zone);
					expect([zone, shown(toUtcMs(text, zone)!, zone)]).toEqual([zone, text]);
				}
			}
		}
	});

	it('that the clocks skip is taken within the hour of the change, not refused', () => {
		const changeMs = Date.UTC(2026, 2, 29, 1);
		const read = toUtcMs('2026-03-29T02:30:00', 'Europe/Berlin')!;
		expect(Math.abs(read - changeMs)).toBeLessThanOrEqual(3_600_000);
	});

	it('may be a day alone, or lack its seconds', () => {
		expect(toUtcMs('2026-07-01', 'Europe/Berlin')).toBe(Date.UTC(2026, 5, 30, 22));
		expect(toUtcMs('2026-01-01 00:30', 'Asia/Kolkata')).toBe(Date.UTC(2025, 11, 31, 19));
	});
});

describe('a time with a zone of its own', () => {
	it.each(['2026-07-01T10:00:00Z', '2026-07-01T12:00:00+02:00', '2026-07-01T05:00:00.000-0500'])(
		'%s does not depend on the workflow’s zone',
		(text) => {
			for (const zone of ZONES) expect(toUtcMs(text, zone)).toBe(Date.UTC(2026, 6, 1, 10));
		},
	);

	it('may be a Date, a Luxon value or milliseconds', () => {
		const ms = Date.UTC(2026, 6, 1, 10);
		for (const value of [ms, new Date(ms), { toMillis: () => ms }])
			expect(toUtcMs(value, 'Asia/Tokyo')).toBe(ms);
	});
});

it.each([
	'',
	'tomorrow',
	undefined,
	null,
	NaN,
	Infinity,
	new Date(NaN),
	{ toMillis: () => NaN },
	{ toMillis: 7 },
	{},
	[],
	true,
])('%p is no time', (value) => {
	expect(toUtcMs(value, 'Europe/Berlin')).toBeUndefined();
});
