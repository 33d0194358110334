import type { IExecuteFunctions, INode } from 'n8n-workflow';

export const NODE: INode = {
	id: '1',
	name: 'Office 365 Management',
	type: 'office365Management',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What the functions under test ask n8n for: parameters, the zone, and the node for errors. */
export function fakeNode(
	parameters: Record<string, unknown> = {},
	zone = 'UTC',
): IExecuteFunctions {
	return {
		getNode: () => NODE,
		getTimezone: () => zone,
		getNodeParameter: (name: string, _index: number, fallback?: unknown) =>
			name in parameters ? parameters[name] : fallback,
	} as unknown as IExecuteFunctions;
}
