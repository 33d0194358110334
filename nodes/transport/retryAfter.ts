import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../feed/time';

/**
 * How long an answer asks us to wait: the header `Retry-After` in seconds or as a date, or else the wait that Microsoft
 * hides in the text ("Please retry again after 14m 56s").
 *
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @returns milliseconds >= 0 as asked (the caller caps them), or undefined if nothing readable was said
 */
export function parseRetryAfter(
	header: string | undefined,
	text: string,
	nowMs: number,
): number | undefined {
	const waitMs = fromHeader(header?.trim(), nowMs) ?? fromText(text);
	// More digits than a number can hold say nothing.
	return Number.isFinite(waitMs) ? waitMs : undefined;
}

function fromHeader(header: string | undefined, nowMs: number): number | undefined {
	if (!header) return undefined;
	if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * SECOND_MS;
	// Only the date form of HTTP: Date.parse alone would read "-5" as a year.
	if (!/^[a-z]{3},? /i.test(header)) return undefined;
	const date = Date.parse(header);
	return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

const WAIT_IN_TEXT = /retry(?: again)? (?:after|in)\s+((?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*(?:and\s+)?)+)/i;

function fromText(text: string): number | undefined {
	const match = WAIT_IN_TEXT.exec(text);
	if (!match) return undefined;
	let total = 0;
	let found = false;
	for (const [, amount, unit] of match[1]!.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
		const factor = unitMs(unit!.toLowerCase());
		if (factor === undefined) break;
		total += Number(amount) * factor;
		found = true;
	}
	return found ? total : undefined;
}

function unitMs(unit: string): number | undefined {
	if (/^h(ours?|rs?)?$/.test(unit)) return HOUR_MS;
	if (/^m(in(ute)?s?)?$/.test(unit)) return MINUTE_MS;
	if (/^s(ec(ond)?s?)?$/.test(unit)) return SECOND_MS;
	return unit === 'ms' ? 1 : undefined;
}
