import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { refusalSentence } from '../n8nVersion.mts';
import { createEngine, HTTP_REQUEST_TYPE, NO_OP_TYPE, type Engine } from './harness.mts';

/** A service that hands out tokens harness-token-1, -2, … and takes only the newest one. */
interface Service {
	url: string;
	tokensIssued: number;
	requests: string[];
	answer(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
	close(): void;
}

async function startService(): Promise<Service> {
	let custom: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
	const server: Server = createServer((request, response) => {
		service.requests.push(`${request.url} ${request.headers.authorization ?? ''}`.trim());
		response.setHeader('content-type', 'application/json');
		if (request.url === '/token') {
			service.tokensIssued += 1;
			response.end(JSON.stringify({ token: `harness-token-${service.tokensIssued}` }));
		} else if (custom) {
			custom(request, response);
		} else {
			const valid = request.headers.authorization === `Bearer harness-token-${service.tokensIssued}`;
			response.statusCode = valid ? 200 : 401;
			response.end(JSON.stringify({ valid }));
		}
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const service: Service = {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		tokensIssued: 0,
		requests: [],
		answer: (handler) => (custom = handler),
		close: () => void server.close(),
	};
	return service;
}

describe('The harness runs nodes as n8n does', () => {
	const packageDir = join(import.meta.dirname, 'fixture');
	let engine: Engine;
	let service: Service;

	beforeEach(async () => {
		engine = await createEngine({ packageDir });
		service = await startService();
	});

	afterEach(async () => {
		await engine.close();
		service.close();
	});

	const credential = (more = {}) =>
		engine.setCredential({ url: service.url, clientSecret: 'hush-hush', ...more });

	describe('credentials', () => {
		test('a token is fetched when none is stored, used and stored with everything that came with it', async () => {
			const credentialId = credential();
			const { items, error } = await engine.runAction({ parameters: {}, credentialId });
			expect(error).toBeUndefined();
			expect(items).toEqual([{ json: { valid: true }, pairedItem: 0 }]);
			expect(service.requests).toEqual(['/token', '/data Bearer harness-token-1']);
			expect(engine.readCredential(credentialId)).toEqual({
				url: service.url,
				clientSecret: 'hush-hush',
				accessToken: 'harness-token-1',
				issuedFor: service.url,
			});
		});

		test('a stored token is used without asking for another', async () => {
			const credentialId = credential();
			await engine.runAction({ parameters: {}, credentialId });
			await engine.runAction({ parameters: {}, credentialId });
			expect(service.tokensIssued).toBe(1);
		});

		test('a 401 fetches a new token once, and the request is repeated once', async () => {
			const credentialId = credential({ accessToken: 'stale' });
			const { items } = await engine.runAction({ parameters: {}, credentialId });
			expect(items[0]?.json).toEqual({ valid: true });
			expect(service.requests).toEqual(['/data Bearer stale', '/token', '/data Bearer harness-token-1']);
			expect(engine.readCredential(credentialId).accessToken).toBe('harness-token-1');
		});

		test('a second 401 is the end of it', async () => {
			service.answer((_request, response) => response.writeHead(401).end('{}'));
			const { error } = await engine.runAction({ parameters: {}, credentialId: credential() });
			expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401' });
			expect(service.requests).toEqual(['/token', '/data Bearer harness-token-1', '/token', '/data Bearer harness-token-2']);
		});

		test('an edit keeps the stored token, as n8n does', async () => {
			const credentialId = credential();
			await engine.runAction({ parameters: {}, credentialId });
			engine.setCredential(
				{ ...engine.readCredential(credentialId), clientSecret: 'wrong' },
				credentialId,
			);
			expect(await engine.testCredential(credentialId)).toEqual({
				status: 'OK',
				message: 'Connection successful!',
			});
			expect(service.tokensIssued).toBe(1);
		});

		test('the credential test shows the text of the rule for its status, else the status text', async () => {
			let status = 403;
			service.answer((_request, response) => response.writeHead(status).end('{}'));
			const credentialId = credential();
			expect(await engine.testCredential(credentialId)).toEqual({
				status: 'Error',
				message: expect.stringMatching(refusalSentence(/^Grant the permission first$/)),
			});
			status = 500;
			expect(await engine.testCredential(credentialId)).toEqual({
				status: 'Error',
				message: expect.stringMatching(
					refusalSentence(/^Internal Server Error$/, /not able to process/),
				),
			});
		});

		test('the HTTP Request node can use the credential', async () => {
			const credentialId = credential();
			const result = await engine.runWorkflow({
				nodes: [
					{
						id: 'http',
						name: 'HTTP',
						type: HTTP_REQUEST_TYPE,
						typeVersion: 1,
						position: [0, 0],
						parameters: { url: `${service.url}/data`, credentialType: 'fixtureApi' },
						credentials: { fixtureApi: { id: credentialId, name: 'Fixture' } },
					},
				],
				connections: {},
			});
			expect(result.of('HTTP').items[0]?.json).toEqual({ response: { valid: true } });
		});
	});

	describe('runs', () => {
		test('expressions see the item, paired items reach downstream, the time zone is the workflow’s', async () => {
			const { items, downstreamItems } = await engine.runAction({
				parameters: { do: 'echo', text: '={{ $json.n + 1 }}' },
				input: [{ json: { n: 1 } }, { json: { n: 41 } }],
				settings: { timezone: 'Asia/Kolkata' },
				downstream: {
					type: 'n8n-nodes-engine-fixture.fixture',
					parameters: { do: 'echo', text: '={{ $("Input").item.json.n }}' },
				},
			});
			const timezone = 'Asia/Kolkata';
			expect(items.map(({ json }) => json)).toEqual([
				{ text: 2, timezone },
				{ text: 42, timezone },
			]);
			expect(downstreamItems.map(({ json }) => json.text)).toEqual([1, 41]);
		});

		test('hints are told', async () => {
			const { hints } = await engine.runAction({ parameters: { do: 'hint', text: 'Look here' } });
			expect(hints).toEqual([{ message: 'Look here', location: 'outputPane' }]);
		});

		test('a failing node ends the run, or goes on, or goes on at its error output', async () => {
			const parameters = { do: 'fail', text: 'No luck' };
			const downstream = { type: NO_OP_TYPE, parameters: {} };
			const stopped = await engine.runAction({ parameters, downstream });
			expect(stopped).toMatchObject({
				items: [],
				downstreamItems: [],
				error: { message: 'No luck' },
			});
			expect(stopped.run.status).toBe('error');
			const regular = await engine.runAction({ parameters, downstream, continueOnFail: true });
			expect(regular.downstreamItems[0]?.json).toEqual({ error: 'No luck' });
			const errorOutput = await engine.runAction({ parameters, continueOnFail: 'errorOutput' });
			expect(errorOutput).toMatchObject({
				items: [],
				errorItems: [{ json: { error: 'No luck' } }],
				run: { status: 'success' },
			});
		});

		test('a run can be stopped while a node works', async () => {
			const { run, downstreamItems } = await engine.runAction({
				parameters: { do: 'wait' },
				downstream: { type: NO_OP_TYPE, parameters: {} },
				cancelAfter: 20,
			});
			expect(run.status).toBe('canceled');
			expect(downstreamItems).toEqual([]);
		});

		test.each(['default', 'filesystem'] as const)(
			'files are read back in %s mode',
			async (mode) => {
				const own = await createEngine({ packageDir, binaryDataMode: mode });
				const { items } = await own.runAction({ parameters: { do: 'file', text: 'grüße' } });
				expect((await own.readBinary(items[0]!)).toString()).toBe('grüße');
				expect(items[0]?.binary?.data?.id === undefined).toBe(mode === 'default');
				await own.close();
			},
		);

		test('debug lines are captured, and a secret or token in them or in a result is found', async () => {
			const credentialId = credential();
			const quiet = await engine.runAction({ parameters: { text: 'care' }, credentialId });
			expect(quiet.logs).toContainEqual(
				expect.objectContaining({ level: 'debug', message: 'Fetched', with: 'care' }),
			);
			expect(engine.findLeaks({ run: { error: new Error('hush') } })).toEqual([]);
			expect(engine.findLeaks({ run: { error: new Error('it is hush-hush') } })).toEqual([
				'.run.error.stack',
				'.run.error.message',
			]);
			expect(engine.findLeaks({ header: 'Bearer eyJhbGciOi.eyJhdWQiOi.c2ln' })).toEqual([
				'.header',
			]);
			await engine.runAction({ parameters: { text: 'hush-hush' }, credentialId });
			expect(engine.findLeaks({})).not.toEqual([]);
		});
	});

	describe('polling', () => {
		test('returned items are a hand-over, and the static data is stored with it', async () => {
			const poll = engine.createPoll({ parameters: {}, activation: 'init' });
			await poll.activate();
			await poll.tick();
			expect(poll.emissions.map(({ items }) => items[0]?.json)).toEqual([
				{ count: 1, mode: 'init' },
				{ count: 2, mode: 'init' },
			]);
			expect(poll.stored()).toEqual({ 'node:Trigger': { count: 2 } });
		});

		test('changes without a hand-over stay in memory and are lost by a restart', async () => {
			const poll = engine.createPoll({ parameters: { do: 'quiet' } });
			await poll.tick();
			expect(poll.staticData()).toEqual({ count: 1 });
			expect(poll.stored()).toEqual({});
			expect(poll.restart().staticData()).toEqual({});
		});

		test('a hand-over stores what was true when it was made; the promise tells how the run ended', async () => {
			const poll = engine.createPoll({
				parameters: { do: 'handOver' },
				onEmit: ({ items, finish }) => finish(items[0]?.json.attempt === 2 ? 'error' : 'success'),
			});
			for (let tick = 0; tick < 3; tick++) await poll.tick();
			expect(poll.emissions.map(({ items }) => items[0]?.json.attempt)).toEqual([1, 2, 2]);
			expect(poll.emissions.every(({ awaited }) => awaited)).toBe(true);
			expect(poll.staticData()).toEqual({ count: 1 });
			expect(poll.stored()).toEqual({ 'node:Trigger': { count: 1 } });
		});

		test('a failure is thrown on activation and becomes a failed execution on a tick', async () => {
			const poll = engine.createPoll({ parameters: { do: 'fail' } });
			await expect(poll.activate()).rejects.toThrow('told to fail');
			await poll.tick();
			expect(poll.errors.map(({ message }) => message)).toEqual(['The fixture was told to fail']);
		});

		test('fetching a test event reads what is stored and stores nothing', async () => {
			const poll = engine.createPoll({
				parameters: {},
				staticData: { 'node:Trigger': { count: 7 } },
			});
			expect((await poll.fetchTestEvent())?.[0]?.json).toEqual({ count: 8, mode: 'manual' });
			expect(poll.emissions).toEqual([]);
			expect(poll.stored()).toEqual({ 'node:Trigger': { count: 7 } });
		});
	});
});
