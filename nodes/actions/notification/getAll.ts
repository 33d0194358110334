import { toText } from '../../feed/toText';
import { contentType, returnAllAndLimit, timeRange } from '../common/descriptions';
import { listEntries } from '../common/listEntries';
import { readContentTypes } from '../common/parameters';
import type { Operation } from '../types';

/**
 * `GET subscriptions/notifications`: Microsoft's entries as they are, over the same windows and pages as content.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-notifications
 */
export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'List the notifications that Microsoft tried to send to the webhook of a subscription',
	action: 'Get many notifications',
	properties: [contentType, ...timeRange, ...returnAllAndLimit],
	async execute(context) {
		const { node, itemIndex } = context;
		const wanted = node.getNodeParameter('contentType', itemIndex, contentType.default);
		const client = await context.client();
		return await listEntries(context, {
			contentTypes: readContentTypes(node, wanted, itemIndex),
			source: client.notifications,
			// One blob may be notified several times; only an identical entry is a repeat.
			identity: toText,
		});
	},
};
