import { hasZone, parseUtc } from '../../feed/time';

/**
 * A time from a parameter: text with or without a zone, a number of milliseconds, a Date or a Luxon value.
 *
 * @param zone IANA name (the workflow's), for text that names none
 * @returns milliseconds since 1970, or undefined
 */
export function toUtcMs(value: unknown, zone: string): number | undefined {
	if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
	if (value instanceof Date) return finite(value.getTime());
	if (typeof value === 'object' && value !== null && 'toMillis' in value) {
		return typeof value.toMillis === 'function' ? finite(Number(value.toMillis())) : undefined;
	}
	if (typeof value !== 'string') return undefined;
	const asUtc = parseUtc(value);
	if (asUtc === undefined || hasZone(value)) return asUtc;
	return fromZone(asUtc, zone);
}

function finite(value: number): number | undefined {
	return Number.isFinite(value) ? value : undefined;
}

/**
 * The instant at which the clocks of a zone show the given time. The zone's offset depends on the instant, so it is looked up
 * twice: the second look is right across a change of daylight saving time.
 */
function fromZone(localAsUtcMs: number, zone: string): number {
	const first = localAsUtcMs - offsetMs(localAsUtcMs, zone);
	return localAsUtcMs - offsetMs(first, zone);
}

function offsetMs(utcMs: number, zone: string): number {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone: zone,
		hourCycle: 'h23',
		year: 'numeric',
		month: 'numeric',
		day: 'numeric',
		hour: 'numeric',
		minute: 'numeric',
		second: 'numeric',
	}).formatToParts(utcMs);
	const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value);
	const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
	return shown - Math.floor(utcMs / 1000) * 1000;
}
