import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RECORD_TYPE_NAMES } from '../../feed/recordTypes';
import { CONTENT_TYPES, type ContentType } from '../../feed/types';
import { WORKLOADS } from '../../feed/workloads';

/** Parameters that several operations and the trigger share; their names are part of users' workflows. */

/** What is in each content type, for people who have not met Microsoft's names. */
const INSIDE: Record<ContentType, string> = {
	'Audit.AzureActiveDirectory': 'Microsoft Entra ID: sign-ins, users, groups, roles, apps',
	'Audit.Exchange': 'Mailboxes: access, rules, permissions, admin changes',
	'Audit.General': 'Everything else: Teams, Power Platform, Defender, Purview and more',
	'Audit.SharePoint': 'SharePoint and OneDrive: files, sharing, sites',
	'DLP.All': 'Data loss prevention. Needs the permission ActivityFeed.ReadDlp; events hold the matched text in clear.',
};

const contentTypeOptions: INodePropertyOptions[] = [...CONTENT_TYPES].sort().map((value) => ({
	name: value,
	value,
	description: INSIDE[value],
}));

export const contentTypes: INodeProperties = {
	displayName: 'Content Types',
	name: 'contentTypes',
	type: 'multiOptions',
	options: contentTypeOptions,
	default: ['Audit.AzureActiveDirectory', 'Audit.Exchange', 'Audit.SharePoint', 'Audit.General'],
	required: true,
	description: 'The kinds of content to read. Each needs an enabled subscription.',
};

export const contentType: INodeProperties = {
	displayName: 'Content Type',
	name: 'contentType',
	type: 'options',
	options: contentTypeOptions,
	default: 'Audit.General',
	required: true,
	description: 'The kind of content',
};

/** The unit of a range that ends now. */
export const lastAmountAndUnit = (show: Record<string, string[]>): INodeProperties[] => [
	{
		displayName: 'Amount',
		name: 'lastAmount',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 1,
		description: 'How many of the unit below to look back, up to 7 days',
		displayOptions: { show },
	},
	{
		displayName: 'Unit',
		name: 'lastUnit',
		type: 'options',
		options: [
			{ name: 'Days', value: 'days' },
			{ name: 'Hours', value: 'hours' },
			{ name: 'Minutes', value: 'minutes' },
		],
		default: 'days',
		description: 'The unit of Amount',
		displayOptions: { show },
	},
];

const AVAILABLE =
	'By when Microsoft made the content available, not by when the event happened: an event can come minutes to a day later. Content stays available for 7 days.';

export const timeRange: INodeProperties[] = [
	{
		displayName: 'Time Range',
		name: 'timeRange',
		type: 'options',
		options: [
			{ name: 'Between', value: 'between', description: 'Made available between two points in time' },
			{ name: 'Last', value: 'last', description: 'Made available within the last minutes, hours or days' },
		],
		default: 'last',
		description: AVAILABLE,
		hint: 'By when events became available, which is minutes to a day after they happened',
	},
	...lastAmountAndUnit({ timeRange: ['last'] }),
	{
		displayName: 'Start Time',
		name: 'startTime',
		type: 'dateTime',
		default: '',
		required: true,
		description:
			'First moment of availability to include. Without a time zone it is read in the time zone of the workflow.',
		displayOptions: { show: { timeRange: ['between'] } },
	},
	{
		displayName: 'End Time',
		name: 'endTime',
		type: 'dateTime',
		default: '',
		required: true,
		description:
			'Moment of availability before which to stop (not included). Without a time zone it is read in the time zone of the workflow.',
		displayOptions: { show: { timeRange: ['between'] } },
	},
];

export const returnAllAndLimit: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

export const filters: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description: 'Within one filter any value may match; an event must match all filters',
	options: [
		{
			displayName: 'Client IPs',
			name: 'clientIps',
			type: 'string',
			default: '',
			placeholder: 'e.g. 203.0.113.7, 10.0.0.0/8, 2001:db8::/32',
			description: 'Comma-separated addresses or CIDR ranges, compared without port',
		},
		{
			displayName: 'Operations',
			name: 'operations',
			type: 'string',
			default: '',
			placeholder: 'e.g. UserLoggedIn, New-*',
			description: 'Comma-separated operation names; * stands for any text',
		},
		{
			displayName: 'Record Types',
			name: 'recordTypes',
			type: 'multiOptions',
			options: [...RECORD_TYPE_NAMES]
				.map(([value, name]) => ({ name: `${name} (${value})`, value }))
				.sort((a, b) => a.name.localeCompare(b.name, 'en')),
			default: [],
			description: 'Types of audit records. By expression, numbers that are not in the list work too.',
		},
		{
			displayName: 'Result Statuses',
			name: 'resultStatuses',
			type: 'string',
			default: '',
			placeholder: 'e.g. Failed, Failure, False',
			description: 'Comma-separated values of ResultStatus. Workloads spell it differently: Success, Succeeded, True and more.',
		},
		{
			displayName: 'Users',
			name: 'users',
			type: 'string',
			default: '',
			placeholder: 'e.g. admin@contoso.com, *@fabrikam.com',
			description: 'Comma-separated user IDs (UserId); * stands for any text',
		},
		{
			displayName: 'Workloads',
			name: 'workloads',
			type: 'multiOptions',
			options: WORKLOADS.map((name) => ({ name, value: name })),
			default: [],
			description: 'Services that the events come from. By expression, names that are not in the list work too.',
		},
	],
};

export const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
