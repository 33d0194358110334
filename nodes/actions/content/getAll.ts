import { toText } from '../../feed/toText';
import type { Operation } from '../types';
import { contentTypes, returnAllAndLimit, timeRange } from '../common/descriptions';
import { listEntries } from '../common/listEntries';
import { readContentTypes } from '../common/parameters';

/**
 * `GET subscriptions/content`: Microsoft's entries as they are, without downloading the blobs.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#list-available-content
 */
export const getAll: Operation = {
	name: 'Get Many',
	value: 'getAll',
	description: 'List the content blobs that became available in a time range',
	action: 'Get many content blobs',
	properties: [contentTypes, ...timeRange, ...returnAllAndLimit],
	async execute(context) {
		const { node, itemIndex } = context;
		const wanted = node.getNodeParameter('contentTypes', itemIndex, contentTypes.default);
		const client = await context.client();
		return await listEntries(context, {
			contentTypes: readContentTypes(node, wanted, itemIndex),
			source: client.content,
			identity: (entry) => (typeof entry.contentId === 'string' ? entry.contentId : toText(entry)),
		});
	},
};
