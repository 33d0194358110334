import axios from 'axios';
import type { AxiosResponse } from 'axios';
import { afterEach } from '@jest/globals';
import { createVirtualClock, startSimulator } from '../../simulator/index.mts';
import type {
	ContentType,
	Simulator,
	SimulatorOptions,
	VirtualClock,
} from '../../simulator/index.mts';

/** A moment in the middle of a day, so that no test depends on the date it runs on. */
export const NOW_MS = Date.parse('2026-03-10T12:30:00.000Z');
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export interface Tenant {
	sim: Simulator;
	clock: VirtualClock;
	/** Signs in and returns the answer of the token endpoint. */
	signIn(form?: Record<string, string | undefined>, path?: string): Promise<AxiosResponse>;
	token(): Promise<string>;
	/** A request to `activity/feed/{operation}`, with token and publisher unless said otherwise. */
	api(operation: string, options?: ApiOptions): Promise<AxiosResponse>;
	/** The blob of this contentId. */
	blob(contentId: string, options?: ApiOptions): Promise<AxiosResponse>;
	/** The listing of a content type; the last 24 hours unless times are given. */
	list(contentType?: ContentType, query?: Record<string, string>): Promise<AxiosResponse>;
}

export interface ApiOptions {
	method?: string;
	query?: Record<string, string | undefined>;
	headers?: Record<string, string>;
	data?: unknown;
	token?: string;
	tenantId?: string;
	responseType?: 'text' | 'arraybuffer' | 'json';
	timeout?: number;
	maxRedirects?: number;
}

const running: Simulator[] = [];

afterEach(async () => {
	await Promise.all(running.splice(0).map((sim) => sim.close()));
});

/** `YYYY-MM-DDTHH:MM:SS`, as the API wants it. */
export const apiTime = (ms: number) => new Date(ms).toISOString().slice(0, 19);

/** A quiet simulator on virtual time, without blobs unless asked for, and axios as its client. */
export async function startTenant(options: SimulatorOptions = {}): Promise<Tenant> {
	const clock = createVirtualClock(NOW_MS);
	const sim = await startSimulator({ clock, blobs: 0, ...options });
	running.push(sim);
	const http = axios.create({ validateStatus: () => true, maxRedirects: 0 });

	const tenant: Tenant = {
		sim,
		clock,
		async signIn(form = {}, path = 'oauth2/v2.0/token') {
			const fields = {
				grant_type: 'client_credentials',
				client_id: sim.tenant.clientId,
				client_secret: sim.tenant.clientSecret,
				scope: `${sim.url}/.default`,
				...form,
			};
			const given = Object.entries(fields).filter(
				(field): field is [string, string] => field[1] !== undefined,
			);
			const url = path.startsWith('http') ? path : `${sim.url}/${sim.tenant.tenantId}/${path}`;
			return await http.post(url, new URLSearchParams(given));
		},
		async token() {
			return (await tenant.signIn()).data.access_token as string;
		},
		async api(operation, { method = 'GET', query = {}, token, headers, tenantId, ...rest } = {}) {
			const all = { PublisherIdentifier: sim.tenant.tenantId, ...query };
			const text = Object.entries(all)
				.filter(([, value]) => value !== undefined)
				.map(([name, value]) => `${name}=${value}`)
				.join('&');
			return await http.request({
				method,
				url: `${sim.url}/api/v1.0/${tenantId ?? sim.tenant.tenantId}/activity/feed/${operation}?${text}`,
				headers: { Authorization: `Bearer ${token ?? (await tenant.token())}`, ...headers },
				...rest,
			});
		},
		blob: async (contentId, options) => await tenant.api(`audit/${contentId}`, options),
		list: async (contentType = 'Audit.General', query = {}) =>
			await tenant.api('subscriptions/content', { query: { contentType, ...query } }),
	};
	return tenant;
}

/** The code axios gives a failed request, or what it was answered with. */
export async function failureOf(request: Promise<unknown>): Promise<string> {
	return await request.then(
		() => 'answered',
		(error: { code?: string; message: string }) => error.code ?? error.message,
	);
}
