import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import type { AxiosStatic, InternalAxiosRequestConfig } from 'axios';

import { createScriptedFaults } from '../../../simulator/scriptedFaults.mts';
import type { FailNext } from '../../../simulator/scriptedFaults.mts';
import { openBlackHole, type BlackHole } from './blackHole.mts';
import type { FastClock } from './fastClock.mts';

/** What goes wrong before a server is reached. */
export type NetworkFault = 'nameNotFound' | 'nameServiceDown' | 'refused' | 'connectTimeout';

export const NETWORK_FAULTS: readonly NetworkFault[] = [
	'nameNotFound',
	'nameServiceDown',
	'refused',
	'connectTimeout',
];

/** The client's side of the wire, as n8n's HTTP helper sees it. */
export interface Network {
	failNext: FailNext<NetworkFault>;
	/**
	 * From now on no request waits longer than these real milliseconds; the virtual clock moves by its full time-out. On a
	 * busy machine an honest answer can take longer: so only for the addresses that are meant, if that is known.
	 */
	shortenTimeouts(realMs: number, isMeant?: (url: string) => boolean): void;
	close(): Promise<void>;
}

const LOOKUP_CODES: { [Fault in NetworkFault]?: string } = {
	nameNotFound: 'ENOTFOUND',
	nameServiceDown: 'EAI_AGAIN',
};

interface Deadline {
	atMs: number;
}

/** Gets between n8n's helper and the network, in the axios that n8n uses; no name is ever looked up. */
export async function createNetwork(axios: AxiosStatic, clock: FastClock): Promise<Network> {
	const script = createScriptedFaults<NetworkFault>();
	const closedPort = await findClosedPort();
	let hole: BlackHole | undefined;
	let shortened = (_url: string) => Infinity;
	const deadlines = new WeakMap<object, Deadline>();

	async function detour(config: InternalAxiosRequestConfig): Promise<void> {
		const fault = script.take((config.method ?? 'GET').toUpperCase(), config.url ?? '');
		if (!fault) return;
		const url = new URL(config.url ?? '');
		const code = LOOKUP_CODES[fault];
		if (code) {
			url.hostname = 'no-such-host.invalid';
			const failure = Object.assign(new Error(`getaddrinfo ${code} ${url.hostname}`), { code });
			config.lookup = ((_host: string, _options: object, done: (error: Error) => void) =>
				done(failure)) as InternalAxiosRequestConfig['lookup'];
		} else {
			if (fault === 'connectTimeout') hole ??= await openBlackHole();
			url.port = String(fault === 'connectTimeout' ? hole?.port : closedPort);
		}
		config.url = url.href;
	}

	const request = axios.interceptors.request.use(async (config) => {
		const shortMs = shortened(config.url ?? '');
		await detour(config);
		const timeout = config.timeout || Infinity;
		if (timeout > shortMs) {
			deadlines.set(config, { atMs: clock.now() + timeout });
			config.timeout = shortMs;
		}
		return config;
	});
	const response = axios.interceptors.response.use(undefined, (error: unknown) => {
		const { code, config } = error as { code?: string; config?: object };
		const deadline = config && deadlines.get(config);
		if (deadline && (code === 'ECONNABORTED' || code === 'ETIMEDOUT')) {
			clock.advance(Math.max(0, deadline.atMs - clock.now()));
		}
		return Promise.reject(error as Error);
	});
	return {
		failNext: script.failNext,
		shortenTimeouts(realMs, isMeant = () => true) {
			shortened = (url) => (isMeant(url) ? realMs : Infinity);
		},
		async close() {
			axios.interceptors.request.eject(request);
			axios.interceptors.response.eject(response);
			await hole?.close();
		},
	};
}

async function findClosedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
