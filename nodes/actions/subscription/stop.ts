import type { INodeExecutionData } from 'n8n-workflow';

import { contentType } from '../common/descriptions';
import { readContentTypes } from '../common/parameters';
import type { Operation } from '../types';

/**
 * `POST subscriptions/stop`. Microsoft collects nothing for a stopped subscription.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#stop-a-subscription
 */
export const stop: Operation = {
	name: 'Stop',
	value: 'stop',
	description: 'Stop a subscription; events until the next start are lost',
	action: 'Stop a subscription',
	properties: [
		contentType,
		{
			displayName: 'What happens until the next start is not collected and cannot be fetched later.',
			name: 'stopNotice',
			type: 'notice',
			default: '',
		},
	],
	async execute(context) {
		const { node, itemIndex } = context;
		const wanted = node.getNodeParameter('contentType', itemIndex, contentType.default);
		const client = await context.client();
		const items: INodeExecutionData[] = [];
		for (const type of readContentTypes(node, wanted, itemIndex)) {
			await client.stopSubscription(type);
			items.push({ json: { contentType: type, stopped: true }, pairedItem: { item: itemIndex } });
		}
		return items;
	},
};
