import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { operationProperties, RESOURCES } from '../actions/registry';
import { runItems } from '../actions/runItems';

export class Office365Management implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Office 365 Management',
		name: 'office365Management',
		icon: {
			light: 'file:../../icons/office365Management.svg',
			dark: 'file:../../icons/office365Management.dark.svg',
		},
		group: ['input'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Get audit events from the Office 365 Management Activity API (Microsoft 365 audit log)',
		defaults: { name: 'Office 365 Management' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'office365ManagementApi', required: true }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: RESOURCES.map(({ name, value, description }) => ({ name, value, description })),
				default: 'event',
			},
			...operationProperties(),
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this)];
	}
}
