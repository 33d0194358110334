import { createServer, get, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startFastClock, type FastClock, type MutableRuntime } from './support/fastClock.mts';

describe('The fast clock', () => {
	const START = Date.UTC(2026, 0, 1);
	const HOUR = 3_600_000;
	const original: MutableRuntime = {
		now: () => 1,
		sleep: async () => undefined,
		random: () => 0.1,
	};
	let runtime: MutableRuntime;
	let clock: FastClock;
	let server: Server;
	let url: string;
	let respond: (response: ServerResponse) => void;

	beforeEach(async () => {
		runtime = { ...original };
		clock = startFastClock(runtime, { startMs: START, stallMs: 100 });
		server = createServer((_request, response) => respond(response));
		await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});

	afterEach(() => {
		clock.restore();
		server.closeAllConnections();
		server.close();
	});

	const request = () =>
		new Promise<string>((resolve, reject) => {
			const sent = get(url, (response) => {
				response
					.resume()
					.on('end', () => resolve('answered'))
					.on('error', reject);
			}).on('error', reject);
			void hangUp.then(() => sent.destroy());
		});
	let hangUp: Promise<void> = new Promise(() => undefined);

	test('sleepers wake in the order of their times, and the time is then what they waited for', async () => {
		const woken: Array<[string, number]> = [];
		const sleep = async (name: string, ms: number) => {
			await runtime.sleep(ms);
			woken.push([name, runtime.now() - START]);
		};
		await Promise.all([sleep('long', 2 * HOUR), sleep('short', HOUR), sleep('twin', HOUR)]);
		expect(woken).toEqual([
			['short', HOUR],
			['twin', HOUR],
			['long', 2 * HOUR],
		]);
		expect(clock.sleeps).toEqual([2 * HOUR, HOUR, HOUR]);
	});

	test('an open request is waited for, however long the virtual timeout beside it', async () => {
		respond = (response) => void setTimeout(() => response.end('late'), 40);
		const timeout = runtime.sleep(1).then(() => 'timed out');
		expect(await Promise.race([request(), timeout])).toBe('answered');
	});

	test('a request that hangs loses against the timeout', async () => {
		respond = (response) => void response.write('begun, never ended');
		let hang = () => undefined as void;
		hangUp = new Promise((resolve) => (hang = resolve));
		const pending = request().catch(() => 'hung up');
		const timeout = runtime.sleep(HOUR).then(() => 'timed out');
		expect(await Promise.race([pending, timeout])).toBe('timed out');
		hang();
		await pending;
	});

	test('while it is frozen nobody wakes', async () => {
		clock.freeze();
		const sleeper = runtime.sleep(1).then(() => 'woken');
		const later = new Promise((resolve) => setTimeout(() => resolve('asleep'), 50));
		expect(await Promise.race([sleeper, later])).toBe('asleep');
	});

	test('after restore everything is as it was', () => {
		clock.restore();
		expect(runtime).toEqual(original);
	});
});
