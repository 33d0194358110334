import type { INodeProperties } from 'n8n-workflow';

import type { AuditEvent, ContentType } from '../../feed/types';
import type { OperationContext } from '../types';
import {
	contentTypes,
	filters,
	returnAllAndLimit,
	simplify,
	timeRange,
} from '../common/descriptions';
import {
	concurrencyOption,
	maxRequestsPerMinuteOption,
	normalizeOption,
	startMissingSubscriptionsOption,
} from '../common/optionDescriptions';
import { readContentTypes, readFilters, readNumber, readOptions } from '../common/parameters';
import type { UnreadableContent } from '../common/report';
import { readTimeRange, type RequestedRange } from '../common/timeRange';

export type EventOutput = 'events' | 'content' | 'file';

/** All parameters of Audit Event > Get Many, read and checked. */
export interface GetAllParameters extends RequestedRange {
	contentTypes: ContentType[];
	limit: number;
	matches?: (event: AuditEvent) => boolean;
	output: EventOutput;
	simplify: boolean;
	normalize: boolean;
	deduplicate: boolean;
	unreadableContent: UnreadableContent;
	startMissingSubscriptions: boolean;
	concurrency: number;
	maxRequestsPerMinute: number;
	compress: boolean;
	maxFileSizeBytes: number;
}

const FILES_ONLY = { show: { '/output': ['file'] } };

/** Storage modes that buffer a whole file hold at most 512 MiB (N8N_BINARY_DATA_DATABASE_MAX_FILE_SIZE). */
const DEFAULT_FILE_SIZE_MB = 256;
const MEGABYTE = 1024 * 1024;

export const properties: INodeProperties[] = [
	contentTypes,
	...timeRange,
	...returnAllAndLimit,
	filters,
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Content', value: 'content', description: 'One item per content blob, with its events inside' },
			{ name: 'Events', value: 'events', description: 'One item per audit event' },
			{ name: 'File', value: 'file', description: 'Files of newline-delimited JSON with the original bytes of each event, for any amount of data' },
		],
		default: 'events',
		description: 'What comes out of the node',
	},
	{ ...simplify, displayOptions: { hide: { output: ['file'] } } },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Compress',
				name: 'compress',
				type: 'boolean',
				default: false,
				description: 'Whether to compress the files with gzip',
				displayOptions: FILES_ONLY,
			},
			concurrencyOption,
			{
				displayName: 'Deduplicate',
				name: 'deduplicate',
				type: 'boolean',
				default: true,
				description:
					'Whether to return an event only once when Microsoft delivers it repeatedly. Events without an ID are always returned.',
			},
			{
				displayName: 'Max File Size (MB)',
				name: 'maxFileSizeMb',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: DEFAULT_FILE_SIZE_MB,
				description: 'Begin another file when one reaches this size before compression',
				displayOptions: FILES_ONLY,
			},
			maxRequestsPerMinuteOption,
			{
				...normalizeOption,
				displayOptions: { ...normalizeOption.displayOptions, hide: { '/output': ['file'] } },
			},
			startMissingSubscriptionsOption,
			{
				displayName: 'Unreadable Content',
				name: 'unreadableContent',
				type: 'options',
				options: [
					{ name: 'Fail', value: 'fail', description: 'Stop at the first content that cannot be read' },
					{ name: 'Ignore', value: 'ignore', description: 'Leave it out without a word' },
					{ name: 'Report', value: 'report', description: 'Return everything else, and one last item for each that is missing' },
				],
				default: 'report',
				description: 'What to do when content has expired or cannot be read after several attempts',
			},
		],
	},
];

/** @throws NodeOperationError, InvalidFilter */
export function readParameters(context: OperationContext): GetAllParameters {
	const { node, itemIndex } = context;
	const get = (name: string, fallback: unknown): unknown =>
		node.getNodeParameter(name, itemIndex, fallback as string);
	const options = readOptions(get('options', {}));
	const number = (name: string, value: unknown, min: number) =>
		readNumber(node, name, value, { min, itemIndex });
	return {
		...readTimeRange(node, itemIndex, context.runtime.now()),
		contentTypes: readContentTypes(node, get('contentTypes', contentTypes.default), itemIndex),
		limit: get('returnAll', false) === true ? Infinity : number('Limit', get('limit', 50), 1),
		matches: readFilters(get('filters', {})),
		output: oneOf(get('output', 'events'), ['events', 'content', 'file'], 'events'),
		simplify: get('simplify', true) === true,
		normalize: options.normalize === true,
		deduplicate: options.deduplicate !== false,
		unreadableContent: oneOf(options.unreadableContent, ['report', 'fail', 'ignore'], 'report'),
		startMissingSubscriptions: options.startMissingSubscriptions === true,
		concurrency: number('Concurrency', options.concurrency ?? 0, 0),
		maxRequestsPerMinute: number(
			'Max Requests per Minute',
			options.maxRequestsPerMinute ?? maxRequestsPerMinuteOption.default,
			1,
		),
		compress: options.compress === true,
		maxFileSizeBytes:
			number('Max File Size (MB)', options.maxFileSizeMb ?? DEFAULT_FILE_SIZE_MB, 1) * MEGABYTE,
	};
}

function oneOf<T extends string>(value: unknown, known: readonly T[], fallback: T): T {
	return known.find((candidate) => candidate === value) ?? fallback;
}
