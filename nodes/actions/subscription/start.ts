import type { IDataObject } from 'n8n-workflow';

import { startMissing } from '../../feed/subscriptions';
import { contentType } from '../common/descriptions';
import { readContentTypes } from '../common/parameters';
import type { Operation } from '../types';

/**
 * `POST subscriptions/start`, but only if the subscription is not enabled: Microsoft limits starts to one in 15 minutes, and a
 * start takes away an existing webhook.
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#start-a-subscription
 */
export const start: Operation = {
	name: 'Start',
	value: 'start',
	description: 'Start a subscription, so that Microsoft collects its content',
	action: 'Start a subscription',
	properties: [contentType],
	async execute(context) {
		const { node, itemIndex, runtime } = context;
		const wanted = node.getNodeParameter('contentType', itemIndex, contentType.default);
		const types = readContentTypes(node, wanted, itemIndex);
		const results = await startMissing(await context.client(), types, runtime.now());
		return results.map(({ entry, alreadyEnabled, failure }) => {
			if (failure) throw failure;
			return { json: { ...(entry as IDataObject), alreadyEnabled }, pairedItem: { item: itemIndex } };
		});
	},
};
