import type { INodeProperties } from 'n8n-workflow';

import { BASELINE_PER_MINUTE } from '../../feed/learnedQuota';

/** Entries of the Options collection that several operations and the trigger share. */

export const normalizeOption: INodeProperties = {
	displayName: 'Normalize',
	name: 'normalize',
	type: 'boolean',
	default: false,
	description:
		'Whether to keep the whole record but make it easier to work with: ISO times, names of record and user types, name/value lists as objects',
	// The simplified view has only a few fields, and is normalized already.
	displayOptions: { show: { '/simplify': [false] } },
};

export const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 200 },
	default: 0,
	description: 'How many requests may run at the same time. 0 adapts it automatically.',
};

export const maxRequestsPerMinuteOption: INodeProperties = {
	displayName: 'Max Requests per Minute',
	name: 'maxRequestsPerMinute',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: BASELINE_PER_MINUTE,
	description:
		'A limit that is never exceeded; what Microsoft allows below it is found out. Microsoft gives every tenant about 2,000, and large ones more. Lower it if other tools read the same tenant as the same publisher.',
};

export const startMissingSubscriptionsOption: INodeProperties = {
	displayName: 'Start Missing Subscriptions',
	name: 'startMissingSubscriptions',
	type: 'boolean',
	default: false,
	description:
		'Whether to start subscriptions of the chosen content types that are not enabled. First content can take up to 12 hours.',
};
