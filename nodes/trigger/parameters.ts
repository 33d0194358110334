import type { IPollFunctions } from 'n8n-workflow';

import { maxRequestsPerMinuteOption } from '../actions/common/optionDescriptions';
import { readContentTypes, readFilters, readNumber, readOptions } from '../actions/common/parameters';
import { readSpan } from '../actions/common/timeRange';
import { MINUTE_MS } from '../feed/time';
import type { AuditEvent, ContentType } from '../feed/types';
import { retentionEdge } from '../feed/windows';
import type { CollectorOptions } from './collector/types';
import { MAX_OVERLAP_MINUTES, MIN_OVERLAP_MINUTES, OPTION_DEFAULTS } from './description';

export type TriggerOutput = 'events' | 'content' | 'reference';

/** All parameters of the trigger, read and checked. */
export interface TriggerParameters extends Omit<CollectorOptions, 'deadlineMs' | 'lookAhead'> {
	contentTypes: ContentType[];
	/** Where a trigger that is activated now begins. */
	startMs: number;
	matches?: (event: AuditEvent) => boolean;
	output: TriggerOutput;
	simplify: boolean;
	normalize: boolean;
	startMissingSubscriptions: boolean;
	/** 0: automatic. */
	concurrency: number;
	maxRequestsPerMinute: number;
}

/** @throws NodeOperationError, InvalidFilter */
export function readParameters(node: IPollFunctions, nowMs: number): TriggerParameters {
	const options = readOptions(node.getNodeParameter('options', {}));
	const number = (name: string, label: string, fallback: number, min: number, max?: number) =>
		readNumber(node, label, options[name] ?? fallback, { min, max });
	const defaults = OPTION_DEFAULTS;
	const output = node.getNodeParameter('output', 'events');
	return {
		contentTypes: readContentTypes(node, node.getNodeParameter('contentTypes')),
		startMs: readStart(node, nowMs),
		matches: readFilters(node.getNodeParameter('filters', {})),
		output: output === 'content' || output === 'reference' ? output : 'events',
		simplify: node.getNodeParameter('simplify', false) === true,
		delivery: node.getNodeParameter('delivery', '') === 'atMostOnce' ? 'atMostOnce' : 'atLeastOnce',
		normalize: options.normalize === true,
		startMissingSubscriptions: options.startMissingSubscriptions !== false,
		maxEventsPerExecution: number(
			'maxEventsPerExecution',
			'Max Events per Execution',
			defaults.maxEventsPerExecution,
			1,
		),
		parallelExecutions: number('parallelExecutions', 'Parallel Executions', defaults.parallelExecutions, 1),
		overlapMs:
			MINUTE_MS *
			number(
				'overlapMinutes',
				'Overlap (Minutes)',
				defaults.overlapMinutes,
				MIN_OVERLAP_MINUTES,
				MAX_OVERLAP_MINUTES,
			),
		deliveryTimeoutMs:
			MINUTE_MS *
			number(
				'deliveryTimeoutMinutes',
				'Delivery Timeout (Minutes)',
				defaults.deliveryTimeoutMinutes,
				1,
			),
		maxDeliveryAttempts: number(
			'maxDeliveryAttempts',
			'Max Delivery Attempts',
			defaults.maxDeliveryAttempts,
			0,
		),
		concurrency: number('concurrency', 'Concurrency', 0, 0),
		maxRequestsPerMinute: number(
			'maxRequestsPerMinute',
			'Max Requests per Minute',
			Number(maxRequestsPerMinuteOption.default),
			1,
		),
	};
}

function readStart(node: IPollFunctions, nowMs: number): number {
	if (node.getNodeParameter('startFrom', 'now') !== 'last') return nowMs;
	const amount = node.getNodeParameter('lastAmount', 1);
	const spanMs = readSpan(node, amount, node.getNodeParameter('lastUnit', 'days'));
	return Math.max(nowMs - spanMs, retentionEdge(nowMs));
}
