import type {
	IExecuteFunctions,
	IHttpRequestMethods,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IVersionedNodeType,
} from 'n8n-workflow';

import type { Core } from './core.mts';

/** Node types that stand in for n8n-nodes-base, which is not among our packages. */
export const INPUT_TYPE = 'n8n-nodes-base.manualTrigger';
export const NO_OP_TYPE = 'n8n-nodes-base.noOp';
export const HTTP_REQUEST_TYPE = 'n8n-nodes-base.httpRequest';

function describe(name: string, more: Partial<INodeTypeDescription> = {}): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: name,
		defaults: { name },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...more,
	};
}

async function passOn(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return [this.getInputData()];
}

const text = (name: string) => ({ displayName: name, name, type: 'string', default: '' }) as const;

/** Sends what n8n's HTTP Request node sends with a predefined credential: `uri`, by the legacy helper. */
const httpRequest: INodeType = {
	description: describe('httpRequest', {
		properties: [text('url'), text('method'), text('credentialType')],
	}),
	async execute() {
		const response: unknown = await this.helpers.requestWithAuthentication.call(
			this,
			this.getNodeParameter('credentialType', 0) as string,
			{
				uri: this.getNodeParameter('url', 0) as string,
				method: (this.getNodeParameter('method', 0) || 'GET') as IHttpRequestMethods,
				json: true,
				followRedirect: true,
				followAllRedirects: true,
			},
		);
		return [[{ json: { response: response as never } }]];
	},
};

const STAND_INS: Record<string, INodeType> = {
	[INPUT_TYPE]: { description: describe('manualTrigger', { inputs: [] }), execute: passOn },
	[NO_OP_TYPE]: { description: describe('noOp'), execute: passOn },
	[HTTP_REQUEST_TYPE]: httpRequest,
};

/** Our package's nodes under the names n8n gives them, the stand-ins, and whatever a test adds. */
export function createNodeTypes(
	{ workflow: n8n }: Core,
	packageName: string,
	loadedTypes: Record<string, { type: INodeType | IVersionedNodeType }>,
	extra: Record<string, INodeType>,
): INodeTypes {
	const all: Record<string, INodeType | IVersionedNodeType> = { ...STAND_INS, ...extra };
	for (const [name, { type }] of Object.entries(loadedTypes)) all[`${packageName}.${name}`] = type;

	function getByName(name: string): INodeType | IVersionedNodeType {
		const found = all[name];
		if (!found) throw new Error(`There is no node type ${name}`);
		return found;
	}

	return {
		getByName,
		getByNameAndVersion: (name, version) =>
			n8n.NodeHelpers.getVersionedNodeType(getByName(name), version),
		getKnownTypes: () => ({}),
	};
}
