import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';

import { properties } from '../trigger/description';
import { poll } from '../trigger/poll';

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
		subtitle: '={{ $parameter["contentTypes"].join(", ") }}',
		description: 'Starts the workflow with new events of the Microsoft 365 audit log, without losing any',
		defaults: { name: 'Office 365 Management Trigger' },
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
