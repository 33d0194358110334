import { createClient, type FeedClient } from '../../nodes/transport/client';
import { readText } from '../../nodes/transport/body';
import { coded, createFakeContext, ENDPOINTS, refused, TENANT, type Step } from './fakes.mts';

const FEED = `https://manage.office.com/api/v1.0/${TENANT}/activity/feed/`;
const PUBLISHER = `PublisherIdentifier=${TENANT}`;
const WINDOW = { startMs: Date.UTC(2026, 2, 1), endMs: Date.UTC(2026, 2, 2) };
const LISTING = `${FEED}subscriptions/content?contentType=Audit.General&startTime=2026-03-01T00:00:00&endTime=2026-03-02T00:00:00&${PUBLISHER}`;

function stage(...script: Step[]) {
	const fake = createFakeContext(script);
	return {
		...fake,
		client: createClient(fake.context, ENDPOINTS),
		urls: () => fake.sent.map(({ url }) => url),
	};
}
const json = (value: unknown, headers = {}): Step => ({ body: JSON.stringify(value), headers });

describe('the calls of the API', () => {
	it('go to their documented addresses, each with PublisherIdentifier', async () => {
		const { client, sent } = stage(
			json([]),
			json([]),
			json([]),
			json({}),
			{ body: '' },
			json([]),
			json([]),
		);
		await client.content('Audit.General').firstPage(WINDOW);
		await client.notifications('Audit.General').firstPage(WINDOW);
		await client.listSubscriptions();
		await client.startSubscription('DLP.All', { address: 'https://hook.example', authId: 'a' });
		await client.stopSubscription('DLP.All');
		await client.sensitiveTypes('de-DE');
		await client.blob('a$b');
		expect(
			sent.map(({ method, url, body, headers }) => ({
				method,
				url,
				body,
				language: headers!['Accept-Language'],
			})),
		).toEqual([
			{ method: 'GET', url: LISTING },
			{ method: 'GET', url: LISTING.replace('content?', 'notifications?') },
			{ method: 'GET', url: `${FEED}subscriptions/list?${PUBLISHER}` },
			{
				method: 'POST',
				url: `${FEED}subscriptions/start?contentType=DLP.All&${PUBLISHER}`,
				body: { webhook: { address: 'https://hook.example', authId: 'a' } },
			},
			{ method: 'POST', url: `${FEED}subscriptions/stop?contentType=DLP.All&${PUBLISHER}` },
			{ method: 'GET', url: `${FEED}resources/dlpSensitiveTypes?${PUBLISHER}`, language: 'de-DE' },
			{ method: 'GET', url: `${FEED}audit/a$b?${PUBLISHER}` },
		]);
	});

	it('send the first request alone: it renews an expired token for all', async () => {
		let release = () => {};
		const gate = new Promise<void>((resolve) => (release = resolve));
		const { client, sent, context } = stage();
		// The governor lets many go at once already; the client of another execution may hold an old token all the same.
		(await context.governor.acquire({ lane: '' })).end('success');
		context.http = async (options) => {
			sent.push(options);
			await gate;
			return { body: '[]', headers: {}, statusCode: 200 };
		};
		const all = Promise.all(['a', 'b', 'c'].map(async (id) => await client.blob(id)));
		await new Promise((resolve) => setImmediate(resolve));
		expect(sent).toHaveLength(1);
		release();
		await all;
		expect(sent).toHaveLength(3);
	});

	it.each<[string, (client: FeedClient) => Promise<unknown>]>([
		['List Audit.General 2026-03-01T00:00:00', async (client) => await client.content('Audit.General').firstPage(WINDOW)],
		['List Audit.General, next page', async (client) => await client.content('Audit.General').nextPage(LISTING)],
		['Fetch a$b', async (client) => await client.blob('a$b')],
		['List subscriptions', async (client) => await client.listSubscriptions()],
		['Stop subscription DLP.All', async (client) => await client.stopSubscription('DLP.All')],
		['List DLP sensitive types', async (client) => await client.sensitiveTypes('en')],
	])('are named in the log when they are tried again: %s', async (name, call) => {
		const { client, logged } = stage(refused(503), json([]));
		await call(client);
		expect(logged).toEqual([expect.stringMatching(/HTTP 503.*trying again in 750 ms$/)]);
		expect(logged[0]).toContain(`${name}: `);
	});

	it('wait their turn by content type, so that none holds up the others', async () => {
		const { client, context } = stage(json([]), json([]), json([]), { body: '' });
		const { governor } = context;
		const lanes: string[] = [];
		context.governor = { ...governor, acquire: async (wanted) => (lanes.push(wanted.lane), await governor.acquire(wanted)) };
		await client.content('Audit.General').firstPage(WINDOW);
		await client.content('Audit.General').nextPage(LISTING);
		await client.blob('a', 'DLP.All');
		await client.blobStream('a', async () => undefined, 'DLP.All');
		await client.listSubscriptions().catch(() => undefined);
		expect(lanes).toEqual(['Audit.General', 'Audit.General', 'DLP.All', 'DLP.All', '']);
	});

	it('wait for the first answer to the first one, not for its repetitions', async () => {
		const { client, sent, context } = stage(refused(503), json([]), json([]));
		let goOn = () => {};
		const { runtime } = context;
		context.runtime = { ...runtime, sleep: async () => await new Promise<void>((resolve) => (goOn = resolve)) };
		const first = client.blob('a');
		await client.blob('b');
		expect(sent.map(({ url }) => url.includes('/a?'))).toEqual([true, false]);
		goOn();
		await first;
	});

	it('find out about a start whose answer got lost, even when it was the first of all', async () => {
		const entry = { contentType: 'DLP.All', status: 'enabled' };
		const { client, urls } = stage(refused(503), json([entry]));
		expect(await client.startSubscription('DLP.All')).toEqual(entry);
		expect(urls().map((url) => url.split(/[/?]/).at(-2))).toEqual(['start', 'list']);
	});

	it('go on when the first one failed', async () => {
		const { client } = stage(refused(400), json([]));
		await expect(client.listSubscriptions()).rejects.toMatchObject({ kind: 'badRequest' });
		expect(await client.listSubscriptions()).toEqual([]);
	});
});

describe('a page', () => {
	const link = `${FEED}subscriptions/content?contentType=Audit.General&nextPage=abc`;

	it.each(['NextPageUri', 'nextpageuri', 'NEXTPAGEURI', 'NextPageUrl', 'nextpageurl'])(
		'links to the next by the header %s',
		async (name) => {
			const { client } = stage(json([{ contentId: '1' }], { [name]: link }));
			expect(await client.content('Audit.General').firstPage(WINDOW)).toEqual({
				entries: [{ contentId: '1' }],
				nextPageUri: link,
			});
		},
	);

	it('links by the one header that is not empty', async () => {
		const { client } = stage(json([], { NextPageUri: '', NextPageUrl: link }));
		const { nextPageUri } = await client.content('Audit.General').firstPage(WINDOW);
		expect(nextPageUri).toBe(link);
	});

	it.each([{}, { NextPageUri: '' }, { NextPageUri: '', NextPageUrl: '' }])(
		'is the last one with %j',
		async (headers) => {
			const { client } = stage(json([{ contentId: '1' }], headers));
			expect(await client.content('Audit.General').firstPage(WINDOW)).toEqual({ entries: [{ contentId: '1' }] });
		},
	);

	it('is fetched by its checked link', async () => {
		const { client, urls } = stage(json([{ contentId: '2' }]));
		expect(await client.content('Audit.General').nextPage(link)).toEqual({ entries: [{ contentId: '2' }] });
		expect(urls()).toEqual([`${link}&${PUBLISHER}`]);
	});

	it('on another host is not fetched', async () => {
		const { client, sent } = stage(json([]));
		await expect(
			client.content('Audit.General').nextPage(link.replace('manage.', 'evil.')),
		).rejects.toMatchObject({ kind: 'stalePage' });
		expect(sent).toEqual([]);
	});

	it('may be one entry instead of a list', async () => {
		expect(
			await stage(json({ contentId: 'a' }))
				.client.content('x')
				.firstPage(WINDOW),
		).toEqual({ entries: [{ contentId: 'a' }] });
	});

	it.each<[string, Step]>([
		['empty', { body: '' }],
		['HTML', { body: '<html>' }],
		['null', { body: 'null' }],
		['text', { body: '"x"' }],
		['a list without an entry', { body: '[[[]], null, 7]' }],
		['an error object with status 200', { body: coded('AF50000') }],
	])('that is %s is asked for again, never taken for an empty one', async (_, bad) => {
		const { client, sent } = stage(bad, json([{ contentId: '1' }]));
		expect(await client.content('x').firstPage(WINDOW)).toEqual({ entries: [{ contentId: '1' }] });
		expect(sent).toHaveLength(2);
	});

	it('goes by the code of an error object, though its status is 200', async () => {
		await expect(
			stage({ body: coded('AF20022') })
				.client.content('x')
				.firstPage(WINDOW),
		).rejects.toMatchObject({ kind: 'noSubscription' });
	});
});

describe('an answer that begins like an error', () => {
	const error = (length: number) => JSON.stringify({ error: { code: 'AF20051', message: 'x'.repeat(length) } });

	it('is one behind a byte order mark or blanks', async () => {
		for (const before of ['\uFEFF', ' \n', '\uFEFF  ']) {
			await expect(stage({ body: before + error(1) }).client.blob('x')).rejects.toMatchObject({ kind: 'contentGone' });
		}
	});

	it('is one up to 64 KB; what is larger is no error of Microsoft’s and no events either', async () => {
		const largest = 64 * 1024 - error(0).length;
		await expect(stage({ body: error(largest) }).client.blob('x')).rejects.toMatchObject({ kind: 'contentGone' });
		await expect(
			stage(...Array<Step>(4).fill({ body: error(largest + 1) })).client.blob('x'),
		).rejects.toMatchObject({ kind: 'unreadable' });
	});

	it('is none if it only holds one', async () => {
		const body = `["{", ${error(1)}, {"Id":"a"}]`;
		expect((await stage({ body }).client.blob('x')).events).toHaveLength(2);
	});
});

describe('an answer that is no list', () => {
	it('is told after the last attempt', async () => {
		await expect(
			stage(...Array<Step>(5).fill({ body: '7' })).client.listSubscriptions(),
		).rejects.toMatchObject({
			kind: 'transient',
			message: 'Microsoft answered with something else than a list',
			advice: 'Try again in a few minutes.',
		});
	});
});

describe('a blob', () => {
	it('is its events, its size and whether digits were lost', async () => {
		const body = '\uFEFF[{"Id":"a","n":9007199254740993},null]';
		expect(await stage({ body }).client.blob('x')).toEqual({
			events: [{ Id: 'a', n: 9_007_199_254_740_992 }],
			unusable: 1,
			length: Buffer.byteLength(body),
			lostPrecision: true,
		});
	});

	it.each([
		['empty', ''],
		['cut off', '[{"Id":"a"},{"I'],
		['HTML', '<html>504</html>'],
	])('that is %s is fetched again, four times in all', async (_, body) => {
		const { client, sent } = stage(...Array<Step>(5).fill({ body }));
		await expect(client.blob('x')).rejects.toMatchObject({ kind: 'unreadable' });
		expect(sent).toHaveLength(4);
		expect((await stage({ body }, json([{ Id: 'a' }])).client.blob('x')).events).toEqual([
			{ Id: 'a' },
		]);
	});

	it('may be one event that looks a little like an error', async () => {
		const event = { Id: 'a', Message: 'hello', error: 'x' };
		expect((await stage(json(event)).client.blob('x')).events).toEqual([event]);
	});

	it('that is an error object with status 200 goes by its code', async () => {
		const { client, sent } = stage({ body: coded('AF20051') });
		await expect(client.blob('x')).rejects.toMatchObject({ kind: 'contentGone', code: 'AF20051' });
		expect(sent).toHaveLength(1);
	});

	it('is gone with 404', async () => {
		await expect(stage(refused(404)).client.blob('x')).rejects.toMatchObject({
			kind: 'contentGone',
		});
	});

	it('as a stream is fetched again when its reader fails', async () => {
		const { client, sent } = stage(refused(503), { body: 'raw' });
		expect(await client.blobStream('x', async ({ body }) => await readText(body))).toBe('raw');
		expect(sent).toHaveLength(2);
	});
});

describe('starting a subscription', () => {
	it('sends no body without a webhook', async () => {
		const { client, sent } = stage(json({ status: 'enabled' }));
		expect(await client.startSubscription('DLP.All')).toEqual({ status: 'enabled' });
		expect('body' in sent[0]!).toBe(false);
	});

	it.each([
		[
			refused(
				403,
				coded(
					'429',
					'Too many frequent subscription start requests. Please retry again after 14m 56s',
				),
			),
			'14 min 56 s',
			896_000,
		],
		[refused(429), '15 min 0 s', 900_000],
	])('too often names the limit and the wait, once', async (refusal, wait, retryAfterMs) => {
		const { client, sent } = stage(refusal);
		await expect(client.startSubscription('DLP.All')).rejects.toMatchObject({
			kind: 'throttled',
			message: expect.stringMatching(new RegExp(`once in 15 minutes.*${wait}`)) as unknown,
			advice: 'Try again then. Subscriptions that are enabled already need no start.',
			retryAfterMs,
		});
		expect(sent).toHaveLength(1);
	});

	it('too often keeps status and code', async () => {
		await expect(
			stage(refused(403, coded('AF429'))).client.startSubscription('DLP.All'),
		).rejects.toMatchObject({ status: 403, code: 'AF429', message: expect.stringMatching(/\(HTTP 403\)$/) as unknown });
	});

	it('keeps the code of another refusal', async () => {
		await expect(
			stage(refused(400, coded('AF20024'))).client.startSubscription('DLP.All'),
		).rejects.toMatchObject({ code: 'AF20024', kind: 'badRequest' });
	});
});

describe('stopping a subscription', () => {
	it.each(['', ' ', '{}', '[]'])('is done with the answer %j', async (body) => {
		await expect(stage({ body }).client.stopSubscription('DLP.All')).resolves.toBeUndefined();
	});

	it('is not done with an error object and status 200', async () => {
		await expect(
			stage({ body: coded('AF20022') }).client.stopSubscription('DLP.All'),
		).rejects.toMatchObject({ kind: 'noSubscription' });
	});
});

describe('an answer that is not JSON', () => {
	it('is told after the last attempt', async () => {
		const script = Array<Step>(5).fill({ body: 'All is well.' });
		await expect(stage(...script).client.listSubscriptions()).rejects.toMatchObject({
			kind: 'transient',
			message:
				'Microsoft answered with something else than asked for. Microsoft says: “All is well.” (HTTP 200)',
		});
	});
});
