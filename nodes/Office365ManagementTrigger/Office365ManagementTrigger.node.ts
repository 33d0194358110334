import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { properties } from '../trigger/description';
import { poll } from '../trigger/poll';
import { triggerPanel } from '../trigger/triggerPanel';

export class Office365ManagementTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Office 365 Management Trigger',
		name: 'office365ManagementTrigger',
		icon: {
			light: 'file:../../icons/office365Management.svg',
			dark: 'file:../../icons/office365Management.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle:
			'={{ $parameter["contentTypes"].length === 1 ? $parameter["contentTypes"][0] : $parameter["contentTypes"].length + " content types" }}',
		description: 
			'Microsoft 365 audit log: start the workflow with new events, or get those of the last 7 days',
		defaults: { name: 'Office 365 Management Trigger' },
		activationMessage:
			'New events of the audit log now start executions, at the poll times. Microsoft makes events available minutes to a day after they happened, so the first ones can take a while.',
		triggerPanel,
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'office365ManagementApi', required: true }],
		properties,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll(this);
	}
}
