import axios from 'axios';

import { createVirtualClock, startSimulator } from '../../../simulator/index.mts';

/** JSON texts of a simulated tenant, the starting points of mutations. */
export interface RealAnswers {
	listing: string[];
	blobs: string[];
	subscriptions: string[];
	notifications: string[];
	sensitiveTypes: string[];
	token: string[];
	/** Refusals of the API and of the token endpoint. */
	errors: string[];
	signInErrors: string[];
	nextPageUri: string;
}

export const NOW = Date.parse('2026-03-10T12:30:00Z');

/** Asks a simulated tenant for everything once; the same at each call. */
export async function fetchRealAnswers(): Promise<RealAnswers> {
	const sim = await startSimulator({
		clock: createVirtualClock(NOW),
		blobs: 24,
		days: 1,
		eventsPerBlob: 4,
		faults: { pageSize: 2 },
	});
	const http = axios.create({ validateStatus: () => true, transformResponse: (data: unknown) => data });
	const { tenantId, clientId, clientSecret } = sim.tenant;
	const signIn = async (secret: string, id = clientId) =>
		await http.post<string>(
			`${sim.url}/${tenantId}/oauth2/v2.0/token`,
			new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: id,
				client_secret: secret,
				scope: `${sim.url}/.default`,
			}),
		);
	try {
		const token = (await signIn(clientSecret)).data;
		const bearer = (JSON.parse(token) as { access_token: string }).access_token;
		const get = async (path: string, authorization = `Bearer ${bearer}`) =>
			await http.get<string>(
				`${sim.url}/api/v1.0/${tenantId}/activity/feed/${path}${path.includes('?') ? '&' : '?'}PublisherIdentifier=${tenantId}`,
				{ headers: { Authorization: authorization } },
			);
		const listing = await get('subscriptions/content?contentType=Audit.Exchange');
		const more = await get('subscriptions/content?contentType=Audit.General');
		const entries = [listing, more].flatMap(({ data }) => JSON.parse(data) as Array<{ contentId: string }>);
		const blobs = await Promise.all(entries.map(async ({ contentId }) => (await get(`audit/${contentId}`)).data));
		return {
			listing: [listing.data, more.data],
			blobs,
			subscriptions: [(await get('subscriptions/list')).data],
			notifications: [(await get('subscriptions/notifications?contentType=Audit.Exchange')).data],
			sensitiveTypes: [(await get('resources/dlpSensitiveTypes')).data],
			token: [token],
			errors: [
				(await get('audit/nothing')).data,
				(await get('subscriptions/content?contentType=Audit.Nothing')).data,
				JSON.stringify({ Message: 'Authorization has been denied for this request.' }),
				JSON.stringify({ error: { code: '429', message: 'Too many requests. Please retry again after 14m 56s' } }),
				JSON.stringify({
					error: {
						code: 'StartSubscription [CorrId=1] failed. Exception: Tenant x does not exist.',
						message: 'Tenant x does not exist.\r\n   at Microsoft.Office.Compliance.Audit.Start(String tenant) in d:\\src\\Start.cs:line 42',
					},
				}),
			],
			signInErrors: [(await signIn('wrong')).data, (await signIn(clientSecret, 'other')).data],
			nextPageUri: String(listing.headers.nextpageuri ?? ''),
		};
	} finally {
		await sim.close();
	}
}
