import { Readable } from 'node:stream';
import { inspect } from 'node:util';

import { UserError } from 'n8n-workflow';

import { FeedFailure } from '../../nodes/feed/failure';
import { DEFAULT_LIMITS } from '../../nodes/transport/body';
import { header, toFailure } from '../../nodes/transport/httpFailure';
import { fetchToken } from '../../nodes/transport/token';
import { coded, CREDENTIALS, NOW, refused } from './fakes.mts';

const fail = async (thrown: unknown, change: object = {}) =>
	await toFailure(thrown, { host: 'manage.office.com', isContent: false, nowMs: NOW, ...change });
const system = (code: string, message = 'connect failed') =>
	Object.assign(new Error(message), {
		code,
		config: { headers: { Authorization: 'Bearer eyJtoken' } },
	});

describe('an answer that n8n’s helper throws', () => {
	it.each([
		['a stream', () => Readable.from([Buffer.from(coded('AF20022'))])],
		['text', () => coded('AF20022')],
		['a buffer', () => Buffer.from(coded('AF20022'))],
		['an object', () => JSON.parse(coded('AF20022')) as unknown],
	])('is classified by its body as %s', async (_, data) => {
		expect(await fail(refused(400, data()))).toMatchObject({
			kind: 'noSubscription',
			code: 'AF20022',
			status: 400,
		});
	});

	it('is found behind the errors that n8n wraps around it', async () => {
		const wrapped = new Error('outer', {
			cause: new Error('middle', { cause: refused(403, coded('AF429')) }),
		});
		expect(await fail(wrapped)).toMatchObject({ kind: 'throttled', status: 403 });
	});

	it('is rebuilt from what n8n 1.x leaves of it: status, and the answer in `context.data`', async () => {
		const data = Object.assign(Readable.from([Buffer.from(coded('AF429'))]), {
			headers: { 'retry-after': '7' },
		});
		const left = Object.assign(new Error('Forbidden - perhaps check your credentials?'), {
			httpCode: '403',
			context: { data },
		});
		expect(await fail(left)).toMatchObject({ kind: 'throttled', status: 403, retryAfterMs: 7_000 });
		const reset = Object.assign(new Error('The connection to the server was closed'), {
			httpCode: 'ECONNRESET',
			context: {},
		});
		expect(await fail(reset)).toMatchObject({ kind: 'transient' });
	});

	it.each([
		['nothing else', {}],
		['an answer without headers', { data: 'text' }],
		['no answer', { data: undefined }],
	])('is rebuilt from the status when n8n 1.x leaves %s', async (_, context) => {
		const left = Object.assign(new Error('Forbidden'), { httpCode: '403', context });
		expect(await fail(left)).toMatchObject({ kind: 'permission', status: 403 });
		const without = Object.assign(new Error('Forbidden'), { httpCode: '503' });
		expect(await fail(without)).toMatchObject({ kind: 'transient', status: 503 });
	});

	it.each(['4030', 'E403', 403])('is not rebuilt from what is no status: %p', async (httpCode) => {
		const left = Object.assign(new Error('Forbidden'), { httpCode, context: { data: '' } });
		expect((await fail(left)).status).toBeUndefined();
	});

	it('keeps its wait until a time of day', async () => {
		const at = new Date(NOW + 90_000).toUTCString();
		expect((await fail(refused(429, '', { 'retry-after': at }))).retryAfterMs).toBe(90_000);
	});

	it('without a body goes by its status', async () => {
		for (const data of [undefined, null, 7]) {
			expect((await fail(refused(403, data))).message).toBe('Microsoft does not allow this request (HTTP 403)');
		}
	});

	it('keeps its wait', async () => {
		expect((await fail(refused(429, '', { 'RETRY-AFTER': '9' }))).retryAfterMs).toBe(9_000);
	});

	it('404 means “gone” for a blob only', async () => {
		expect((await fail(refused(404), { isContent: true })).kind).toBe('contentGone');
		expect((await fail(refused(404))).kind).toBe('badRequest');
	});

	it('with a body that broke off still goes by its status', async () => {
		const data = Readable.from(
			(async function* () {
				yield Buffer.from('{"err');
				await Promise.resolve();
				throw new Error('reset');
			})(),
		);
		expect((await fail(refused(503, data))).kind).toBe('transient');
	});
});

describe('a connection that failed', () => {
	it.each([
		'ECONNRESET',
		'ECONNREFUSED',
		'ETIMEDOUT',
		'ECONNABORTED',
		'EPIPE',
		'ENOTFOUND',
		'EAI_AGAIN',
		'ERR_STREAM_PREMATURE_CLOSE',
		'EWHATEVER',
	])('%s may work the next time', async (code) => {
		const failure = await fail(system(code));
		expect(failure).toMatchObject({ kind: 'transient' });
		expect(failure.message).toContain('manage.office.com');
		expect(failure.message).toContain(code);
		expect(failure.status).toBeUndefined();
	});

	it.each([
		'socket hang up',
		'stream has been aborted',
		'timeout of 120000ms exceeded',
		'Network Error',
	])('“%s” without a code may work the next time', async (message) => {
		expect((await fail(new Error(message))).kind).toBe('transient');
	});

	it.each([
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'CERT_HAS_EXPIRED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('%s is not repeated and names the way out', async (code) => {
		expect(await fail(system(code))).toMatchObject({
			kind: 'badRequest',
			advice: expect.stringContaining('NODE_EXTRA_CA_CERTS') as unknown,
		});
	});

	it.each([
		['manage.office.com cannot be reached', ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ENETDOWN', 'ENETUNREACH']],
		['manage.office.com cannot be reached', ['EHOSTDOWN', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN', 'ERR_NETWORK']],
		['manage.office.com cannot be reached', ['ERR_STREAM_PREMATURE_CLOSE']],
		['manage.office.com did not answer in time', ['ECONNABORTED', 'ETIMEDOUT', 'ESOCKETTIMEDOUT']],
		['The answer of manage.office.com is not proper HTTP', ['HPE_INVALID_CONSTANT', 'HPE_HEADER_OVERFLOW']],
	].flatMap(([words, codes]) => (codes as string[]).map((code) => [code, words])))('%s is known: %s; what to check is the network', async (code, words) => {
		const { message, advice } = await fail(system(String(code)));
		expect(message).toBe(`${words} (${code})`);
		expect(advice).toBe('Check the network, proxy and firewall of the n8n server.');
	});

	it('with a code that nobody knows is told with it', async () => {
		const { message, advice } = await fail(system('EWHATEVER'));
		expect(message).toBe('The request to manage.office.com did not succeed (EWHATEVER)');
		expect(advice).toBe('Try again in a few minutes.');
	});

	it('is told by the code of the connection, not by axios’ word for every refusal', async () => {
		const wrapped = Object.assign(new Error('x', { cause: system('ECONNRESET') }), { code: 'ERR_BAD_REQUEST' });
		expect((await fail(wrapped)).message).toBe('manage.office.com cannot be reached (ECONNRESET)');
	});

	it('names the certificate that is not trusted', async () => {
		const { message } = await fail(system('CERT_HAS_EXPIRED'));
		expect(message).toBe('The TLS certificate of manage.office.com is not trusted (CERT_HAS_EXPIRED)');
	});

	it('without any word is taken for the network', async () => {
		expect((await fail({})).message).toBe('manage.office.com cannot be reached');
	});

	it('is found behind n8n’s own error', async () => {
		expect(
			(await fail(new Error('The service refused', { cause: system('ECONNREFUSED') }))).kind,
		).toBe('transient');
	});
});

describe('what else can be thrown', () => {
	it('a failure of the feed stays what it is', async () => {
		const failure = new FeedFailure({ kind: 'unreadable', message: 'x' });
		expect(await fail(failure)).toBe(failure);
	});

	it('a failed sign-in keeps its kind and code, wrapped as by n8n 2.x or copied as by 1.x', async () => {
		const helpers = {
			httpRequest: async () => {
				throw refused(401, { error_description: 'AADSTS7000215: Invalid client secret' });
			},
		} as unknown as Parameters<typeof fetchToken>[0];
		const error: unknown = await fetchToken(helpers, CREDENTIALS).catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(UserError);
		const { message } = error as Error;
		for (const thrown of [error, new Error('outer', { cause: error }), new Error(message)]) {
			expect(await fail(thrown)).toMatchObject({
				kind: 'signIn',
				code: 'AADSTS7000215',
				status: 401,
				duringSignIn: true,
				message,
			});
		}
	});

	it('a canceled execution is cancelled, whatever the helper made of it', async () => {
		expect((await fail(system('ERR_CANCELED'))).kind).toBe('cancelled');
		expect((await fail(system('ECONNRESET'), { limits: { ...DEFAULT_LIMITS, signal: AbortSignal.abort() } })).kind).toBe(
			'cancelled',
		);
	});

	it('an error of ours or n8n’s without a code says it itself and is not repeated', async () => {
		const message = 'Domain not allowed: This credential is restricted';
		const advice = 'Check the credential and the parameters of the node.';
		expect(await fail(new UserError(message))).toMatchObject({ kind: 'badRequest', message, advice });
		expect((await fail({ message, cause: { message: 7 } })).message).toBe(message);
	});

	it.each(['text', undefined, null, 7, {}])('%p does no harm', async (thrown) => {
		expect((await fail(thrown)).kind).toBe('transient');
	});

	it('a chain of causes that leads in a circle ends', async () => {
		const error = new Error('x') as Error & { cause?: unknown };
		error.cause = error;
		expect((await fail(error)).kind).toBe('badRequest');
	});

	it('nothing of the original request goes along', async () => {
		for (const thrown of [
			refused(400, 'Bearer eyJtoken.a.b'),
			system('ECONNRESET'),
			system('EWHATEVER', 'Bearer eyJtoken'),
		]) {
			expect(inspect(await fail(thrown), { depth: 8, showHidden: true })).not.toMatch(
				/eyJtoken|Bearer x/,
			);
		}
	});
});

describe('an error that holds what no error should', () => {
	it('is told although its body cannot be written down', async () => {
		const circle: Record<string, unknown> = {};
		circle.self = circle;
		expect(await fail(Object.assign(new Error('x'), { response: { status: 503, data: circle } }))).toMatchObject({ kind: 'transient', status: 503 });
	});

	it('without a status is no answer', async () => {
		for (const status of [undefined, 'x', { toString: 1 }]) {
			const { message, status: told } = await fail(Object.assign(new Error('socket hang up'), { response: { status } }));
			expect([told, message]).toEqual([undefined, expect.stringContaining('cannot be reached')]);
		}
	});

	it('is shown without token, control characters or a text in place of a code', async () => {
		const { message } = await fail(Object.assign(new Error('refused eyJhbGciOi.eyJzdWIiOi.c2ln\u0000\u001b[31m'), { code: 'eyJhbGciOi.eyJ' }));
		expect(message).toBe('refused [token] [31m');
	});
});

describe('a header', () => {
	it('is found in any letter case, the last of several', () => {
		expect(header({ NEXTPAGEURI: 'a' }, 'NextPageUri')).toBe('a');
		expect(header({ x: ['a', 'b', 'c'] }, 'X')).toBe('c');
		expect([header({}, 'x'), header(undefined, 'x'), header('x', 'x'), header(null, 'x')]).toEqual(
			Array(4).fill(undefined),
		);
	});
});
