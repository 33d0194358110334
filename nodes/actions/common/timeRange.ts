import { NodeOperationError, type IExecuteFunctions, type IPollFunctions } from 'n8n-workflow';

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, toReadable } from '../../feed/time';
import { toShortText, toText } from '../../feed/toText';
import type { TimeWindow } from '../../feed/types';
import { EDGE_MARGIN_MS, RETENTION_MS, retentionEdge } from '../../feed/windows';
import { readNumber } from './parameters';
import { toUtcMs } from './zonedTime';

const UNIT_MS = new Map([
	['minutes', MINUTE_MS],
	['hours', HOUR_MS],
	['days', DAY_MS],
]);

const SEVEN_DAYS =
	'Microsoft keeps content for 7 days after it became available. Choose at most 7 days.';

/**
 * An amount and a unit of time, in milliseconds.
 *
 * @throws NodeOperationError if it is none, or longer than content is kept
 */
export function readSpan(
	node: IExecuteFunctions | IPollFunctions,
	amount: unknown,
	unit: unknown,
	itemIndex?: number,
): number {
	const unitMs = UNIT_MS.get(toText(unit));
	if (unitMs === undefined) {
		throw new NodeOperationError(node.getNode(), `“${toShortText(unit)}” is not a unit of time`, {
			itemIndex,
			description: 'Use minutes, hours or days.',
		});
	}
	const spanMs = readNumber(node, 'Amount', amount, { min: 1, itemIndex }) * unitMs;
	if (spanMs <= RETENTION_MS) return spanMs;
	throw new NodeOperationError(node.getNode(), 'The time range is longer than 7 days', {
		itemIndex,
		description: SEVEN_DAYS,
	});
}

/** The range to list, and what had to be left out of what was asked for. */
export interface RequestedRange {
	range: TimeWindow;
	note?: string;
}

/**
 * Reads Time Range of an input item.
 *
 * @throws NodeOperationError if a time cannot be read, the range is empty or turned round, longer than 7 days, in the future,
 *   or gone
 */
export function readTimeRange(
	node: IExecuteFunctions,
	itemIndex: number,
	nowMs: number,
): RequestedRange {
	const refuse = (message: string, description: string): never => {
		throw new NodeOperationError(node.getNode(), message, { itemIndex, description });
	};
	const kind = node.getNodeParameter('timeRange', itemIndex, 'last');
	const asked = kind === 'between' ? between(node, itemIndex) : last(node, itemIndex, nowMs);
	if (asked.endMs <= asked.startMs) {
		refuse('The time range ends before it starts', 'End Time must be later than Start Time.');
	}
	if (asked.endMs - asked.startMs > RETENTION_MS + EDGE_MARGIN_MS) {
		refuse('The time range is longer than 7 days', SEVEN_DAYS);
	}
	if (asked.startMs >= nowMs) {
		refuse('The time range lies in the future', 'Choose a Start Time in the past.');
	}
	const edgeMs = retentionEdge(nowMs);
	if (asked.endMs <= edgeMs) {
		refuse(
			'The time range is older than 7 days',
			`Microsoft keeps content for 7 days. The earliest that can be listed now is ${toReadable(edgeMs)}.`,
		);
	}
	const range = { startMs: Math.max(asked.startMs, edgeMs), endMs: Math.min(asked.endMs, nowMs + SECOND_MS) };
	if (asked.startMs >= edgeMs) return { range };
	return {
		range,
		note: `Content from ${toReadable(asked.startMs)} to ${toReadable(edgeMs)} can no longer be listed: Microsoft keeps it for 7 days. The result starts after it.`,
	};
}

function last(node: IExecuteFunctions, itemIndex: number, nowMs: number): TimeWindow {
	const lengthMs = readSpan(
		node,
		node.getNodeParameter('lastAmount', itemIndex, 1),
		node.getNodeParameter('lastUnit', itemIndex, 'days'),
		itemIndex,
	);
	// The API knows whole seconds; both ends on one side of them keep a day one listing, and daily runs without gap or overlap.
	const endMs = Math.floor(nowMs / SECOND_MS) * SECOND_MS;
	return { startMs: endMs - lengthMs, endMs };
}

function between(node: IExecuteFunctions, itemIndex: number): TimeWindow {
	const read = (name: string, label: string): number => {
		const value: unknown = node.getNodeParameter(name, itemIndex, '');
		const ms = toUtcMs(value, node.getTimezone());
		if (ms !== undefined) return ms;
		throw new NodeOperationError(node.getNode(), `${label} is not a time that can be read`, {
			itemIndex,
			description: 'Use a form such as 2026-11-20T08:00:00, or 2026-11-20T08:00:00+01:00 to name the time zone.',
		});
	};
	return { startMs: read('startTime', 'Start Time'), endMs: read('endTime', 'End Time') };
}
