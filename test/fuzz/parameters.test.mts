import { NodeOperationError, type IExecuteFunctions, type IPollFunctions } from 'n8n-workflow';
import fc from 'fast-check';

import { readContentTypes, readFilters, readNumber, toList } from '../../nodes/actions/common/parameters';
import { readTimeRange } from '../../nodes/actions/common/timeRange';
import { toUtcMs } from '../../nodes/actions/common/zonedTime';
import { readParameters as readGetAll } from '../../nodes/actions/event/parameters';
import type { OperationContext } from '../../nodes/actions/types';
import { InvalidFilter } from '../../nodes/feed/filters';
import { compileIpPattern, parseIp, withoutPort } from '../../nodes/feed/ipAddress';
import { DAY_MS, HOUR_MS, isTime } from '../../nodes/feed/time';
import { CONTENT_TYPES } from '../../nodes/feed/types';
import { readParameters as readTrigger } from '../../nodes/trigger/parameters';
import { fakeNode, NODE } from '../actions/fakeNode.mts';
import { fuzz } from './support/campaign.mts';
import { faultOf } from './support/clear.mts';
import { number, parameter, text } from './support/hostile.mts';

const NOW = Date.parse('2026-03-10T12:30:00Z');

/** The value, or nothing where the user is told what to mend. */
function orTold<T>(read: () => T): T | undefined {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof NodeOperationError || error instanceof InvalidFilter)) throw error;
		// What the user wrote is quoted as it is.
		expect(faultOf(error.message.replace(/“[^”]*”/g, '“”'))).toBeUndefined();
		return undefined;
	}
}

/** A value that fits, one that looks like it, or anything. */
const around = (...fitting: unknown[]) => fc.oneof(fc.constantFrom(...fitting), fc.constantFrom(...fitting).map((value) => String(value)), parameter);

const timeParameters = {
	timeRange: around('last', 'between'),
	lastAmount: around(1, 7, 0, 8, 1e15),
	lastUnit: around('minutes', 'hours', 'days'),
	startTime: around('2026-03-09T00:00:00', '2026-03-09T00:00:00+14:00', NOW - DAY_MS, new Date(NOW - HOUR_MS)),
	endTime: around('2026-03-10', '2026-03-10T12:00:00Z', NOW),
};

const filters = fc.oneof(
	fc.record(
		{ recordTypes: parameter, workloads: parameter, operations: parameter, users: parameter, clientIps: parameter, resultStatuses: parameter },
		{ requiredKeys: [] },
	),
	parameter,
);

describe('a parameter, whatever an expression made of it,', () => {
	fuzz('is a list of texts', 2_000, () => parameter, (value) => {
		const list = toList(value);
		expect(list.every((each) => typeof each === 'string' && each !== '' && each.trim() === each)).toBe(true);
		expect(toList(list)).toEqual(list);
	});

	fuzz('is content types, or is refused', 1_500, () => around(...CONTENT_TYPES, [...CONTENT_TYPES], 'audit.exchange, DLP.All'), (value) => {
		const types = orTold(() => readContentTypes(fakeNode(), value, 0));
		if (types) expect([types.length > 0, types.every((type) => CONTENT_TYPES.includes(type))]).toEqual([true, true]);
	});

	fuzz('is a whole number within its bounds, or is refused', 1_500, () => around(1, 50, '7', ' 8 ', '0x10', '1e3'), (value) => {
		const read = orTold(() => readNumber(fakeNode(), 'Limit', value, { min: 1, max: 1_000, itemIndex: 0 }));
		if (read !== undefined) expect(Number.isInteger(read) && read >= 1 && read <= 1_000).toBe(true);
	});

	fuzz('is a filter that answers, or is refused', 1_500, () => fc.tuple(filters, fc.dictionary(fc.constantFrom('UserId', 'Workload', 'ClientIP', 'RecordType'), parameter)), ([value, event]) => {
		const matches = orTold(() => readFilters(value));
		if (matches) expect(typeof matches(event)).toBe('boolean');
	});

	fuzz('is a range of at most seven days that can be listed, or is refused', 2_000, () => fc.record(timeParameters, { requiredKeys: [] }), (given) => {
		const read = orTold(() => readTimeRange(fakeNode(given, 'Europe/Athens'), 0, NOW));
		if (!read) return;
		const { startMs, endMs } = read.range;
		expect([isTime(startMs), isTime(endMs), startMs < endMs, startMs >= NOW - 7 * DAY_MS, endMs <= NOW + 1_000]).toEqual(Array(5).fill(true));
	});

	fuzz('is a time in every zone, or none', 1_500, () => fc.tuple(fc.oneof(parameter, text, number, fc.date({ noInvalidDate: true }).map((date) => date.toISOString().slice(0, 19))), fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia')), ([value, zone]) => {
		const ms = toUtcMs(value, zone);
		expect(ms === undefined || Number.isFinite(ms)).toBe(true);
	});
});

describe('all parameters at once', () => {
	fuzz(
		'of Audit Event > Get Many are read, or one is refused',
		1_500,
		() =>
			fc.record(
				{
					...timeParameters,
					contentTypes: around('Audit.Exchange'),
					returnAll: around(true, false),
					limit: around(1, 50),
					filters,
					output: around('events', 'file'),
					simplify: around(true),
					options: fc.oneof(parameter, fc.record({ concurrency: around(0, 5), maxRequestsPerMinute: around(1), maxFileSizeMb: around(1), unreadableContent: around('fail') }, { requiredKeys: [] })),
				},
				{ requiredKeys: [] },
			),
		(given) => {
			const node: IExecuteFunctions = fakeNode(given);
			const context = { node, itemIndex: 0, runtime: { now: () => NOW } } as OperationContext;
			const read = orTold(() => readGetAll(context));
			if (!read) return;
			expect(read.limit >= 1 && read.concurrency >= 0 && read.maxRequestsPerMinute >= 1 && read.maxFileSizeBytes >= 1).toBe(true);
		},
	);

	fuzz(
		'of the trigger are read, or one is refused',
		1_500,
		() =>
			fc.record(
				{
					contentTypes: around('Audit.Exchange'),
					filters,
					startFrom: around('now', 'last'),
					lastAmount: around(1, 7),
					lastUnit: around('days'),
					output: around('reference'),
					delivery: around('atMostOnce'),
					options: fc.oneof(
						parameter,
						fc.record(
							{ maxEventsPerExecution: around(1), parallelExecutions: around(2), overlapMinutes: around(15, 120), deliveryTimeoutMinutes: around(1), maxDeliveryAttempts: around(0) },
							{ requiredKeys: [] },
						),
					),
				},
				{ requiredKeys: [] },
			),
		(given) => {
			const node = {
				getNode: () => NODE,
				getNodeParameter: (name: string, fallback?: unknown) => (name in given ? given[name as keyof typeof given] : fallback),
			} as unknown as IPollFunctions;
			const read = orTold(() => readTrigger(node, NOW));
			if (!read) return;
			expect([isTime(read.startMs), read.startMs <= NOW, read.startMs >= NOW - 7 * DAY_MS]).toEqual([true, true, true]);
			expect(read.maxEventsPerExecution >= 1 && read.parallelExecutions >= 1 && read.overlapMs >= 15 * 60_000).toBe(true);
		},
	);
});

describe('an IP address', () => {
	const addresses = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), text, fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.[]/%') }));

	fuzz('is one number of its kind, or none, with a port or without', 3_000, () => addresses, (address) => {
		const ip = parseIp(address);
		expect(typeof withoutPort(address)).toBe('string');
		if (!ip) return;
		expect(ip.value >= 0n && ip.value < 1n << BigInt(ip.bits)).toBe(true);
		const plain = withoutPort(address).replace(/%.*$/, '');
		expect(parseIp(plain.includes(':') ? `[${plain}]:443` : `${plain}:443`)).toEqual(ip);
		expect(compileIpPattern(plain)?.(ip)).toBe(true);
	});

	fuzz('lies in every range that is cut from it', 1_500, () => fc.tuple(addresses, fc.nat(130), addresses), ([address, prefix, other]) => {
		const matches = compileIpPattern(`${address}/${prefix}`);
		const ip = parseIp(address);
		if (matches && ip) expect(matches(ip)).toBe(true);
		const another = parseIp(other);
		if (matches && another) expect(typeof matches(another)).toBe('boolean');
	});
});
