import type { IExecuteFunctions, IHttpRequestOptions, INode } from 'n8n-workflow';

import { CREDENTIAL_TYPE } from '../../scripts/simulatedTenant.mts';
import { INPUT_TYPE } from '../../test/engine/harness.mts';
import { standIn } from './standIn.mts';
import type { Contestant, ContestantStage } from './types.mts';
import { listingWindows } from './windows.mts';

const TYPE = 'bench.floor';
const AUTOMATIC_CONCURRENCY = 50;

interface FullResponse {
	body: string;
	headers: Record<string, string | undefined>;
}

/** One request by n8n's helper; the whole body as text. */
type Send = (url: string) => Promise<FullResponse>;

const OPTIONS = {
	method: 'GET',
	headers: { Accept: 'application/json' },
	encoding: 'text',
	json: false,
	returnFullResponse: true,
} as const;

/** Every blob's records, by the fewest requests and nothing but `JSON.parse`. */
async function fetchAll(
	send: Send,
	{ tenant, load, settings }: ContestantStage,
): Promise<unknown[][]> {
	const root = `${tenant.url}/api/v1.0/${tenant.tenantId}/activity/feed`;
	const publisher = `PublisherIdentifier=${tenant.tenantId}`;
	const entries: Array<{ contentUri: string }> = [];
	for (const { contentType, startTime, endTime } of listingWindows(load, Date.now())) {
		const range = `contentType=${contentType}&startTime=${startTime}&endTime=${endTime}`;
		let url: string | undefined = `${root}/subscriptions/content?${range}&${publisher}`;
		while (url) {
			const page: FullResponse = await send(url);
			for (const entry of JSON.parse(page.body)) entries.push(entry);
			const next: string | undefined = page.headers['nextpageuri'];
			url = next && `${next}&${publisher}`;
		}
	}
	const blobs: unknown[][] = [];
	let at = 0;
	const work = async () => {
		for (let entry = entries[at++]; entry; entry = entries[at++]) {
			const { body } = await send(`${entry.contentUri}?${publisher}`);
			blobs.push(JSON.parse(body) as unknown[]);
		}
	};
	const workers = settings.concurrency ?? AUTOMATIC_CONCURRENCY;
	await Promise.all(Array.from({ length: workers }, work));
	return blobs;
}

function contestant(
	name: string,
	label: string,
	sender: (context: IExecuteFunctions, stage: ContestantStage) => Promise<Send>,
): Contestant {
	/** One runs at a time in a process. */
	let current: ContestantStage;
	let blobs: unknown[][] = [];
	const type = standIn(
		'floor',
		async function () {
			blobs = await fetchAll(await sender(this, current), current);
			return [[]];
		},
		{ credential: CREDENTIAL_TYPE },
	);
	return {
		name,
		label,
		nodeTypes: () => ({ [TYPE]: type }),
		async run(stage) {
			const { engine, credentialId } = stage;
			current = stage;
			const base = { typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
			const credentials = { [CREDENTIAL_TYPE]: { id: credentialId, name: 'Tenant' } };
			const nodes: INode[] = [
				{ ...base, id: 'start', name: 'Start', type: INPUT_TYPE },
				{ ...base, id: 'floor', name: 'Floor', type: TYPE, credentials },
			];
			const connections = {
				Start: { main: [[{ node: 'Floor', type: 'main' as const, index: 0 }]] },
			};
			const result = await engine.runWorkflow({ nodes, connections });
			const error = result.of('Floor').error ?? result.error;
			if (error) throw error;
			const fetched = blobs;
			return {
				form: 'records',
				*events() {
					for (const records of fetched) yield* records;
				},
			};
		},
	};
}

/** The requests of our node by the helper our node uses, and `JSON.parse`: what n8n itself costs. */
export const FLOOR = contestant('floor', 'bare helper + JSON.parse', async (context) => {
	const send = async (options: IHttpRequestOptions) =>
		(await context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL_TYPE,
			options,
		)) as FullResponse;
	return async (url) => await send({ ...OPTIONS, url });
});

/** The same with a ready token, by the helper without credentials. */
export const FLOOR_WITH_TOKEN = contestant(
	'floor-with-token',
	'bare helper with a ready token + JSON.parse',
	async ({ helpers }, { tenant }) => {
		const { access_token } = (await helpers.httpRequest({
			method: 'POST',
			url: `${tenant.url}/${tenant.tenantId}/oauth2/v2.0/token`,
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: tenant.clientId,
				client_secret: tenant.clientSecret,
				scope: `${tenant.url}/.default`,
			}),
		})) as { access_token: string };
		const headers = { ...OPTIONS.headers, Authorization: `Bearer ${access_token}` };
		return async (url) => (await helpers.httpRequest({ ...OPTIONS, headers, url })) as FullResponse;
	},
);
