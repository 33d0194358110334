import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { INode, INodeParameters, INodeType } from 'n8n-workflow';

import { cacheFolder } from '../../scripts/n8n/cacheFolder.mts';
import { N8N_2 } from '../../scripts/n8n/versions.mts';
import { HTTP_REQUEST_TYPE, INPUT_TYPE, type WorkflowJson } from '../../test/engine/harness.mts';
import { standIn } from './standIn.mts';
import type { Contestant, ContestantStage } from './types.mts';
import { listingWindows } from './windows.mts';
import type { ListingWindow } from './windows.mts';

const WINDOWS_TYPE = 'bench.windows';
const FETCH = 'Fetch Content';

/** The version that the editor puts on the canvas in n8n 2.40.7. */
const TYPE_VERSION = 4.5;

interface VersionedType {
	getNodeType(version: number): INodeType;
}

/** The HTTP Request node itself, from the n8n that `npm run bench` installs. */
function loadHttpRequest(): INodeType {
	const modules = join(cacheFolder(), `n8n-${N8N_2.version}`, 'node_modules', 'n8n-nodes-base');
	const load = createRequire(join(modules, 'package.json'));
	const { HttpRequest } = load('./dist/nodes/HttpRequest/HttpRequest.node.js') as {
		HttpRequest: new () => VersionedType;
	};
	return new HttpRequest().getNodeType(TYPE_VERSION);
}

function httpNode(name: string, parameters: INodeParameters): INode {
	return { id: name, name, type: HTTP_REQUEST_TYPE, typeVersion: TYPE_VERSION, position: [0, 0], parameters };
}

const plainNode = (name: string, type: string, parameters: INodeParameters = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

/** Hands out one item per window, as a Code node would. */
const windowsType = standIn(
	'windows',
	async function () {
		const windows = JSON.parse(this.getNodeParameter('windows', 0) as string) as ListingWindow[];
		return [windows.map((json) => ({ json: { ...json } }))];
	},
	{ parameter: 'windows' },
);

const keyValues = (values: Record<string, string>) => ({
	parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
});

const BEARER = keyValues({
	Authorization: "=Bearer {{ $('Get Token').first().json.access_token }}",
});

const NEXT_PAGE = '$response.headers?.nextpageuri';

/** Token, listing with every page, and each blob: what people build from Microsoft's documentation. */
function workflow({ tenant, load, settings }: ContestantStage): WorkflowJson {
	const { url, tenantId, clientId, clientSecret } = tenant;
	const { batch } = settings;
	const nodes = [
		plainNode('Start', INPUT_TYPE),
		httpNode('Get Token', {
			method: 'POST',
			url: `${url}/${tenantId}/oauth2/v2.0/token`,
			sendBody: true,
			contentType: 'form-urlencoded',
			bodyParameters: keyValues({
				grant_type: 'client_credentials',
				client_id: clientId,
				client_secret: clientSecret,
				scope: `${url}/.default`,
			}),
			options: {},
		}),
		plainNode('Windows', WINDOWS_TYPE, {
			windows: JSON.stringify(listingWindows(load, Date.now())),
		}),
		httpNode('List Content', {
			method: 'GET',
			url: `${url}/api/v1.0/${tenantId}/activity/feed/subscriptions/content`,
			sendQuery: true,
			queryParameters: keyValues({
				contentType: '={{ $json.contentType }}',
				startTime: '={{ $json.startTime }}',
				endTime: '={{ $json.endTime }}',
				PublisherIdentifier: tenantId,
			}),
			sendHeaders: true,
			headerParameters: BEARER,
			options: {
				pagination: {
					pagination: {
						paginationMode: 'responseContainsNextURL',
						nextURL: `={{ ${NEXT_PAGE} || undefined }}`,
						paginationCompleteWhen: 'other',
						completeExpression: `={{ !${NEXT_PAGE} }}`,
						limitPagesFetched: false,
						requestInterval: 0,
					},
				},
			},
		}),
		httpNode(FETCH, {
			method: 'GET',
			url: '={{ $json.contentUri }}',
			sendQuery: true,
			queryParameters: keyValues({ PublisherIdentifier: tenantId }),
			sendHeaders: true,
			headerParameters: BEARER,
			options: batch
				? { batching: { batch: { batchSize: batch.size, batchInterval: batch.intervalMs } } }
				: {},
		}),
	];
	const next = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	const connections = Object.fromEntries(
		nodes.slice(1).map(({ name }, at) => [nodes[at]?.name ?? '', next(name)]),
	);
	return { nodes, connections };
}

/**
 * A chain of HTTP Request nodes. Its items are the bare records: to name the blob each came from, as our node does, it
 * would need further nodes, which are left out in its favour.
 */
export const HTTP_REQUEST: Contestant = {
	name: 'http-request',
	label: 'HTTP Request nodes',
	nodeTypes: () => ({ [HTTP_REQUEST_TYPE]: loadHttpRequest(), [WINDOWS_TYPE]: windowsType }),
	async run(stage) {
		const result = await stage.engine.runWorkflow(workflow(stage));
		const { items, error } = result.of(FETCH);
		if (error ?? result.error) throw error ?? result.error;
		return {
			form: 'records',
			*events() {
				for (const { json } of items) yield json;
			},
		};
	},
};
