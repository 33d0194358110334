/** Times of the feed. Everything inside the product is milliseconds since 1970, UTC. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const ISO_TIME =
	/^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads a time of the API or of an audit record. Microsoft writes UTC with or without a `Z`
 * (`CreationTime` has none, where `new Date()` would read local time) and with up to seven digits of a second.
 *
 * @returns milliseconds since 1970, or undefined if the text is not such a time.
 */
export function parseUtc(value: unknown): number | undefined {
	const match = typeof value === 'string' ? ISO_TIME.exec(value.trim()) : null;
	if (!match) return undefined;
	const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
	const millis = fraction.padEnd(3, '0').slice(0, 3);
	const time = Date.parse(
		`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${withColon(zone)}`,
	);
	return Number.isNaN(time) ? undefined : time;
}

function withColon(zone: string | undefined): string {
	if (!zone || zone.toUpperCase() === 'Z') return 'Z';
	return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** Milliseconds since 1970 that are a date: https://tc39.es/ecma262/#sec-time-values-and-time-range */
export function isTime(value: unknown): value is number {
	return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

/** True if the text names its own zone, so that nobody's time zone has to be assumed. */
export function hasZone(value: string): boolean {
	return ISO_TIME.exec(value.trim())?.[8] !== undefined;
}

/**
 * The form the API takes: `YYYY-MM-DDTHH:MM:SS`, UTC, no zone, whole seconds (rounded down).
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-available-content
 */
export function toApiTime(ms: number): string {
	return new Date(ms).toISOString().slice(0, 19);
}

/** For people: `2026-11-20 14:05:00 UTC`. */
export function toReadable(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
