import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

/** A node type that exists only here. `parameter` is the name of its one text parameter. */
export function standIn(
	name: string,
	execute: (this: IExecuteFunctions) => Promise<INodeExecutionData[][]>,
	{ credential, parameter }: { credential?: string; parameter?: string } = {},
): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version: 1,
			description: name,
			defaults: { name },
			inputs: ['main'],
			outputs: ['main'],
			properties: parameter
				? [{ displayName: parameter, name: parameter, type: 'string', default: '' }]
				: [],
			...(credential && { credentials: [{ name: credential, required: true }] }),
		},
		execute,
	};
}
