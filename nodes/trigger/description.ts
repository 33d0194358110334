import type { INodeProperties } from 'n8n-workflow';

import { contentTypes, filters, lastAmountAndUnit, simplify } from '../actions/common/descriptions';
import {
	concurrencyOption,
	maxRequestsPerMinuteOption,
	normalizeOption,
	startMissingSubscriptionsOption,
} from '../actions/common/optionDescriptions';

/** Defaults of the options; the editor's, below, have to be literals for n8n's linter. */
export const OPTION_DEFAULTS = {
	maxEventsPerExecution: 1_000,
	parallelExecutions: 1,
	overlapMinutes: 120,
	deliveryTimeoutMinutes: 360,
	maxDeliveryAttempts: 0,
} as const;

/** Blobs that are listed late would be missed with less. */
export const MIN_OVERLAP_MINUTES = 15;

/** One day: what is remembered within the overlap has to fit the workflow's static data. */
export const MAX_OVERLAP_MINUTES = 1_440;

/** Parameters of the trigger; their names are part of users' workflows. */
export const properties: INodeProperties[] = [
	contentTypes,
	{
		displayName: 'Start From',
		name: 'startFrom',
		type: 'options',
		options: [
			{ name: 'Last', value: 'last', description: 'Begin with what became available before activation' },
			{ name: 'Now', value: 'now', description: 'Only what becomes available after activation' },
		],
		default: 'now',
		description:
			'Where to begin when the workflow is activated for the first time. Later the trigger goes on where it stopped.',
	},
	...lastAmountAndUnit({ startFrom: ['last'] }),
	{ ...filters, displayOptions: { hide: { output: ['reference'] } } },
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Content', value: 'content', description: 'One item per content blob, with its events inside' },
			{ name: 'Events', value: 'events', description: 'One item per audit event' },
			{
				name: 'Reference',
				value: 'reference',
				description: 'One item per content blob without its events, to be downloaded by Content > Get. For big tenants; filters do not apply.',
			},
		],
		default: 'events',
		description: 'What comes out of the node',
	},
	{ ...simplify, default: false, displayOptions: { hide: { output: ['reference'] } } },
	{
		displayName: 'Delivery',
		name: 'delivery',
		type: 'options',
		options: [
			{
				name: 'At Least Once',
				value: 'atLeastOnce',
				description: 'Events count as delivered when the workflow run has succeeded; otherwise they come again',
			},
			{
				name: 'At Most Once',
				value: 'atMostOnce',
				description: 'Events count as delivered when the workflow run starts; they are lost if it fails',
			},
		],
		default: 'atLeastOnce',
		description: 'When events count as delivered',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			concurrencyOption,
			{
				displayName: 'Delivery Timeout (Minutes)',
				name: 'deliveryTimeoutMinutes',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 360,
				description: 'A run that takes longer counts as not delivered, and its events come again',
			},
			{
				displayName: 'Max Delivery Attempts',
				name: 'maxDeliveryAttempts',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 0,
				description:
					'After this many runs that did not succeed, events are given up and a failed execution names their content IDs. 0 tries until it succeeds.',
			},
			{
				displayName: 'Max Events per Execution',
				name: 'maxEventsPerExecution',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 1_000,
				description: 'How many events (with the output Reference: content blobs) one run gets at most',
			},
			maxRequestsPerMinuteOption,
			{
				...normalizeOption,
				displayOptions: { ...normalizeOption.displayOptions, hide: { '/output': ['reference'] } },
			},
			{
				displayName: 'Overlap (Minutes)',
				name: 'overlapMinutes',
				type: 'number',
				typeOptions: { minValue: MIN_OVERLAP_MINUTES, maxValue: MAX_OVERLAP_MINUTES },
				default: 120,
				description:
					'How late content may be listed after it was created. That much is listed again and again; what was delivered is left out.',
			},
			{
				displayName: 'Parallel Executions',
				name: 'parallelExecutions',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 50 },
				default: 1,
				description: 'How many runs may be under way at the same time. With more than 1 the order of events is not kept.',
			},
			{ ...startMissingSubscriptionsOption, default: true },
		],
	},
];
