import type { IDataObject } from 'n8n-workflow';

import { isRecord } from '../../feed/parseBlob';
import { returnAllAndLimit } from '../common/descriptions';
import { readLimit } from '../common/listEntries';
import type { Operation } from '../types';

/**
 * `GET subscriptions/list`: Microsoft's entries as they are.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-current-subscriptions
 */
export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'List the subscriptions and their state',
	action: 'Get many subscriptions',
	properties: returnAllAndLimit,
	async execute(context) {
		const limit = readLimit(context);
		const entries = await (await context.client()).listSubscriptions();
		return entries
			.filter(isRecord)
			.slice(0, limit)
			.map((entry) => ({ json: entry as IDataObject, pairedItem: { item: context.itemIndex } }));
	},
};
