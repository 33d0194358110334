import { Agent } from 'node:https';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

import axios from 'axios';
import type { AxiosInstance } from 'axios';

import type { Simulator } from '../../simulator/types.mts';
import { HOUR_MS, NOW_MS, startTenant } from './support.mts';

/** HTTPS as on a machine whose names of Microsoft point at the simulated tenant. */
function machineOf({ url, certificateAuthority }: Simulator): AxiosInstance {
	const httpsAgent = new Agent({ ca: certificateAuthority as string });
	httpsAgent.createConnection = (options) => {
		const { host } = options as { host: string };
		const { hostname, port } = new URL(url);
		const target = { host: hostname, port: Number(port), servername: host };
		return connect({ ...(options as ConnectionOptions), ...target });
	};
	return axios.create({ httpsAgent, validateStatus: () => true });
}

interface Collector {
	tokenUrl: string;
	audience: Record<string, string>;
	/** Which of the tenant's values it puts into the address of the feed. */
	addressedBy: 'tenantId' | 'clientId';
}

/** What collectors have in common: nothing but Microsoft's names is known to them. */
async function collect(sim: Simulator, collector: Collector): Promise<string[]> {
	const http = machineOf(sim);
	const { clientId, clientSecret, tenantId } = sim.tenant;
	const token = await http.post<{ access_token: string }>(
		collector.tokenUrl.replace('{tenant}', tenantId),
		new URLSearchParams({
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: clientSecret,
			...collector.audience,
		}),
	);
	const headers = { Authorization: `Bearer ${token.data.access_token}` };
	const root = `https://manage.office.com/api/v1.0/${sim.tenant[collector.addressedBy]}/activity/feed`;
	const ids: string[] = [];
	let next = `${root}/subscriptions/content?contentType=Audit.General`;
	while (next) {
		const page = await http.get<Array<{ contentUri: string }>>(next, { headers });
		for (const { contentUri } of page.data) {
			const blob = await http.get<Array<{ Id: string }>>(contentUri, { headers });
			ids.push(...blob.data.map(({ Id }) => Id));
		}
		next = (page.headers['nextpageuri'] as string | undefined) ?? '';
	}
	return ids.sort();
}

const V1 = 'https://login.microsoftonline.com/{tenant}/oauth2/token';
const V2 = 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token';
const RESOURCE = { resource: 'https://manage.office.com' };
const SCOPE = { scope: 'https://manage.office.com/.default' };

describe('A collector that knows only Microsoft’s own names gets every event, page by page', () => {
	const collectors: Array<[string, Collector]> = [
		['with the v1 token endpoint', { tokenUrl: V1, audience: RESOURCE, addressedBy: 'tenantId' }],
		['with the v2 token endpoint', { tokenUrl: V2, audience: SCOPE, addressedBy: 'tenantId' }],
		[
			'with the old login host',
			{
				tokenUrl: 'https://login.windows.net/{tenant}/oauth2/token?api-version=1.0',
				audience: RESOURCE,
				addressedBy: 'tenantId',
			},
		],
		[
			'with the app’s ID in the place of the tenant’s, as Wazuh does',
			{ tokenUrl: V2, audience: SCOPE, addressedBy: 'clientId' },
		],
	];

	test.each(collectors)('%s', async (_name, collector) => {
		const { sim } = await startTenant({ tls: true, faults: { pageSize: 2 } });
		for (const Id of ['a', 'b', 'c', 'd', 'e']) {
			sim.feed.addBlob({ events: [{ Id }], createdMs: NOW_MS - HOUR_MS });
		}
		expect(await collect(sim, collector)).toEqual(['a', 'b', 'c', 'd', 'e']);
	});
});
