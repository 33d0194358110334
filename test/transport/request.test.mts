import { jest } from '@jest/globals';

import { FeedFailure } from '../../nodes/feed/failure';
import { readText } from '../../nodes/transport/body';
import {
	request,
	type Answer,
	type RequestContext,
	type RequestSpec,
} from '../../nodes/transport/request';
import { coded, createFakeContext, NOW, refused, type Step } from './fakes.mts';

const SPEC: RequestSpec = { url: 'https://manage.office.com/x', label: 'Fetch x' };
const read = async ({ body, limits }: Answer) => await readText(body, limits);
const good: Step = { body: 'good' };

async function run(
	script: Step[],
	spec: Partial<RequestSpec> = {},
	change: Partial<RequestContext> = {},
) {
	const fake = createFakeContext(script, change);
	const result: unknown = await request(fake.context, { ...SPEC, ...spec }, read).catch(
		(error: unknown) => error,
	);
	return { ...fake, result };
}

describe('a request', () => {
	it('asks n8n for a stream, without redirects, for JSON', async () => {
		const { sent, result } = await run([good], { headers: { 'Accept-Language': 'de' } });
		expect(result).toBe('good');
		expect(sent).toEqual([
			{
				method: 'GET',
				url: SPEC.url,
				headers: { Accept: 'application/json', 'Accept-Language': 'de' },
				encoding: 'stream',
				returnFullResponse: true,
				disableFollowRedirect: true,
				timeout: 120_000,
			},
		]);
	});

	it('sends its body and method', async () => {
		const { sent } = await run([good], { method: 'POST', body: { webhook: { address: 'a' } } });
		expect(sent[0]).toMatchObject({ method: 'POST', body: { webhook: { address: 'a' } } });
	});

	it.each([
		['text', 'good'],
		['a buffer', Buffer.from('good')],
	])('takes %s where a stream was due', async (_, body) => {
		expect((await run([{ body }])).result).toBe('good');
	});

	it.each([
		['5xx', refused(503, '<html>')],
		['AF50000', refused(400, coded('AF50000'))],
		['408', refused(408)],
		['a reset', Object.assign(new Error('read'), { code: 'ECONNRESET' })],
	])('is repeated after %s with growing waits, five times in all', async (_, failure) => {
		const { sent, sleeps, ends, result } = await run(Array<Step>(6).fill(failure));
		expect(result).toMatchObject({ kind: 'transient' });
		expect(sent).toHaveLength(5);
		expect(sleeps).toEqual([750, 1_500, 3_000, 6_000]);
		expect(ends).toEqual(Array(5).fill(['fault', undefined]));
	});

	it('is good after one that failed', async () => {
		const { result, ends } = await run([refused(503), good]);
		expect(result).toBe('good');
		expect(ends.map(([outcome]) => outcome)).toEqual(['fault', 'success']);
	});

	it('is repeated when its body breaks off while it is read', async () => {
		async function* broken() {
			yield Buffer.from('go');
			await Promise.resolve();
			throw new Error('reset');
		}
		const { result, sent } = await run([
			{ body: Object.assign(broken(), { destroy: () => undefined }) },
			good,
		]);
		expect(result).toBe('good');
		expect(sent).toHaveLength(2);
	});

	it.each([
		['401', refused(401)],
		['403', refused(403)],
		['AF20022', refused(400, coded('AF20022'))],
		['AF20050', refused(404, coded('AF20050'))],
		['400', refused(400)],
	])('is not repeated after %s, and says nothing about load', async (_, failure) => {
		const { sent, sleeps, ends } = await run([failure, good]);
		expect([sent.length, sleeps]).toEqual([1, []]);
		expect(ends).toEqual([['neutral', undefined]]);
	});

	it('tells the log what it tries again, without token or address', async () => {
		const { logged } = await run([refused(503), good]);
		expect(logged).toHaveLength(1);
		expect(logged[0]).toMatch(/^Fetch x: .*HTTP 503.* 750 ms$/);
	});
});

describe('throttling', () => {
	it.each([
		['429', refused(429, '', { 'retry-after': '30' })],
		['403 with AF429', refused(403, coded('AF429', 'Too many requests. Retry after 30 seconds'))],
	])('as %s pauses the whole tenant, not just the request', async (_, failure) => {
		const { result, ends, runtime } = await run([failure, good]);
		expect(result).toBe('good');
		expect(ends[0]).toEqual(['throttled', 30_500]);
		expect(runtime.now() - NOW).toBeGreaterThanOrEqual(30_000);
	});

	it('without a wait pauses all the same', async () => {
		const { ends } = await run([refused(429), good]);
		expect(ends[0]).toEqual(['throttled', 7_500]);
	});

	it('is not waited for when the pause would cross the deadline', async () => {
		const { result, sent } = await run(
			[refused(429, '', { 'retry-after': '30' }), good],
			{},
			{ deadlineMs: NOW + 20_000 },
		);
		expect(result).toMatchObject({ kind: 'throttled' });
		expect(sent).toHaveLength(1);
	});

	it('is met eight times by one request, not more', async () => {
		const script = Array.from({ length: 9 }, () => refused(429, '', { 'retry-after': '0' }));
		const { result, sent } = await run(script);
		expect(result).toMatchObject({ kind: 'throttled' });
		expect(sent).toHaveLength(8);
	});

	it('of a limit of its own (starting subscriptions) pauses nobody and is not repeated', async () => {
		const { result, ends, sleeps, sent } = await run(
			[refused(403, coded('429', 'Please retry again after 14m 56s')), good],
			{ ownThrottle: true },
		);
		expect(result).toMatchObject({ kind: 'throttled', retryAfterMs: 896_000 });
		expect(ends).toEqual([['neutral', undefined]]);
		expect([sleeps, sent.length]).toEqual([[], 1]);
	});
});

describe('a deadline', () => {
	it('ends the repeats as soon as the next wait would cross it, with the failure that was met', async () => {
		const { result, sleeps } = await run(
			Array<Step>(5).fill(refused(503)),
			{},
			{ deadlineMs: NOW + 3_000 },
		);
		expect(result).toMatchObject({ kind: 'transient', status: 503 });
		expect(sleeps).toEqual([750, 1_500]);
	});

	it('bounds the time for the answer and for its body', async () => {
		const fake = createFakeContext([good], { deadlineMs: NOW + 5_000 });
		const limits = await request(
			fake.context,
			SPEC,
			async (answer) => await Promise.resolve(answer.limits),
		);
		expect(fake.sent[0]!.timeout).toBe(5_000);
		expect(limits.totalMs).toBe(5_000);
	});

	it.each([
		['a download that had its time counts as its failure', { isContent: true }, 20_000, 'transient'],
		['a download that had just begun does not', { isContent: true }, 19_999, 'cancelled'],
		['a listing never does', {}, 50_000, 'cancelled'],
	])('that ends %s', async (_, spec, tookMs, kind) => {
		const { context } = createFakeContext([good], { deadlineMs: NOW + 60_000 });
		const result = request(context, { ...SPEC, ...spec }, async () => {
			await context.runtime.sleep(tookMs);
			throw new FeedFailure({ kind: 'cancelled', message: 'The poll is over' });
		});
		await expect(result).rejects.toMatchObject({ kind });
	});

	it('bounds a request with the sign-in inside it, and throws away an answer that comes too late', async () => {
		let answer = (_: { body: unknown; headers: unknown; statusCode: number }) => {};
		const destroyed = jest.fn();
		const { context, ends } = createFakeContext([], { deadlineMs: NOW + 5 });
		context.http = async () => await new Promise((resolve) => (answer = resolve));
		await expect(request(context, SPEC, read)).rejects.toMatchObject({
			kind: 'transient',
			message: expect.stringMatching(/^manage.office.com, or the sign-in before it, did not answer/) as string,
		});
		expect(ends).toEqual([['fault', undefined]]);
		answer({ body: { [Symbol.asyncIterator]: jest.fn(), destroy: destroyed }, headers: {}, statusCode: 200 });
		await new Promise((resolve) => setImmediate(resolve));
		expect(destroyed).toHaveBeenCalledTimes(1);
	});

	it('bounds the reading of an error’s answer', async () => {
		const body = { destroy: jest.fn(), [Symbol.asyncIterator]: () => ({ next: async () => await new Promise(() => {}) }) };
		const { result } = await run([refused(400, body)], {}, { deadlineMs: NOW + 5 });
		expect(result).toMatchObject({ kind: 'badRequest', status: 400 });
		expect(body.destroy).toHaveBeenCalled();
	});

	it('that is over sends nothing', async () => {
		const { sent, result, ends } = await run([good], {}, { deadlineMs: NOW });
		expect(result).toMatchObject({ kind: 'cancelled' });
		expect(sent).toEqual([]);
		expect(ends).toEqual([['cancelled', undefined]]);
	});
});

describe('a canceled execution', () => {
	it('sends nothing', async () => {
		const { sent, result } = await run([good], {}, { signal: AbortSignal.abort() });
		expect(result).toMatchObject({ kind: 'cancelled' });
		expect(sent).toEqual([]);
	});

	it('does not wait for an answer', async () => {
		const controller = new AbortController();
		const fake = createFakeContext([], { signal: controller.signal });
		fake.context.http = async () => {
			setImmediate(() => controller.abort());
			return await new Promise(() => {});
		};
		await expect(request(fake.context, SPEC, read)).rejects.toMatchObject({ kind: 'cancelled' });
		expect(fake.ends).toEqual([['cancelled', undefined]]);
	});

	it('does not wait to the end of a back-off', async () => {
		const controller = new AbortController();
		const fake = createFakeContext([refused(503), good], { signal: controller.signal });
		fake.context.runtime = {
			...fake.runtime,
			sleep: async () => {
				setImmediate(() => controller.abort());
				return await new Promise(() => {});
			},
		};
		await expect(request(fake.context, SPEC, read)).rejects.toMatchObject({ kind: 'cancelled' });
		expect(fake.sent).toHaveLength(1);
	});
});

describe('a fault of the program while the answer is read', () => {
	it('gives its place back and is not repeated', async () => {
		const fake = createFakeContext([good, good]);
		const failing = request(
			fake.context,
			SPEC,
			async () => await Promise.reject(new TypeError('x is not a function')),
		);
		await expect(failing).rejects.toMatchObject({
			kind: 'badRequest',
			message: 'x is not a function',
		});
		expect(fake.ends).toEqual([['neutral', undefined]]);
		expect(fake.sent).toHaveLength(1);
	});
});

describe('what the surroundings are told', () => {
	it('a request that was tried before goes before the others of its lane', async () => {
		const fake = createFakeContext([refused(503), refused(503), good]);
		const { governor } = fake.context;
		const again: unknown[] = [];
		fake.context.governor = {
			...governor,
			acquire: async (wanted) => (again.push(wanted.again), await governor.acquire(wanted)),
		};
		await request(fake.context, SPEC, read);
		expect(again).toEqual([false, true, true]);
	});

	it.each([true, false, undefined])('whether an answer is that of a blob: %p', async (isContent) => {
		const fake = createFakeContext([good]);
		const { governor } = fake.context;
		const told: boolean[] = [];
		fake.context.governor = {
			...governor,
			acquire: async (wanted) => {
				const slot = await governor.acquire(wanted);
				return { ...slot, answered: (is) => (told.push(is), slot.answered(is)) };
			},
		};
		await request(fake.context, { ...SPEC, isContent }, read);
		expect(told).toEqual([isContent ?? false]);
	});

	it('404 is a blob that is gone for the request of a blob only', async () => {
		expect((await run([refused(404)], { isContent: true })).result).toMatchObject({ kind: 'contentGone' });
		expect((await run([refused(404)])).result).toMatchObject({ kind: 'badRequest' });
	});

	it('a request that was cancelled on its way says nothing about load', async () => {
		const cancelled = Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
		expect((await run([cancelled])).ends).toEqual([['cancelled', undefined]]);
	});

	it('a poll whose time is used up says so', async () => {
		const { result } = await run([good], {}, { deadlineMs: NOW });
		expect(result).toMatchObject({ message: 'The time for this poll is used up' });
	});

	it('a body that was read and parsed already is JSON again', async () => {
		expect((await run([{ body: { a: 1 } }])).result).toBe('{"a":1}');
		expect((await run([{ body: undefined }])).result).toBe('""');
	});
});
