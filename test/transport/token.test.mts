import { inspect } from 'node:util';

import type { IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';

import { runtime } from '../../nodes/transport/runtime';
import { failureOf, fetchToken, rolesOf } from '../../nodes/transport/token';
import { CREDENTIALS, jwt, NOW, refused, SECRET, TENANT } from './fakes.mts';

let nowMs = NOW;
const realNow = runtime.now;
beforeEach(() => {
	nowMs += 3_600_000;
	runtime.now = () => nowMs;
});
afterAll(() => {
	runtime.now = realNow;
});

let issued = 0;

/** A token endpoint of its own for each test, since tokens are kept per credential. */
function endpoint(
	answer: (number: number) => unknown = (number) => ({ access_token: `token-${number}` }),
) {
	const clientId = `client ${++issued}`;
	const sent: IHttpRequestOptions[] = [];
	const helpers = {
		httpRequest: async (options: IHttpRequestOptions) => {
			sent.push(options);
			const value = await Promise.resolve(answer(sent.length));
			if (value instanceof Error) throw value;
			return value;
		},
	} as unknown as IHttpRequestHelper['helpers'];
	const credentials = { ...CREDENTIALS, clientId };
	const fetch = async (accessToken?: string, change: object = {}) =>
		(
			await fetchToken(helpers, {
				...credentials,
				...change,
				...(accessToken === undefined ? {} : { accessToken }),
			})
		).accessToken;
	return { sent, fetch, clientId };
}

describe('a token request', () => {
	it('is OAuth 2.0 client credentials at the v2.0 endpoint, with the scope of the cloud’s own API host', async () => {
		const { sent, fetch, clientId } = endpoint();
		await fetch(undefined, { cloud: 'gccHigh' });
		const [request] = sent;
		expect(request).toMatchObject({
			method: 'POST',
			url: `https://login.microsoftonline.us/${TENANT}/oauth2/v2.0/token`,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
			disableFollowRedirect: true,
			maxRedirects: 0,
		});
		expect(Object.fromEntries(new URLSearchParams(request!.body as string))).toEqual({
			grant_type: 'client_credentials',
			client_id: clientId,
			client_secret: SECRET,
			scope: 'https://manage.office365.us/.default',
		});
	});

	it('escapes a secret with special characters', async () => {
		const { sent, fetch } = endpoint();
		await fetch(undefined, { clientSecret: 'a&b=c+d %41' });
		expect(new URLSearchParams(sent[0]!.body as string).get('client_secret')).toBe('a&b=c+d %41');
	});

	it('is made once for all who ask at the same time', async () => {
		const { sent, fetch } = endpoint();
		expect(await Promise.all(Array.from({ length: 20 }, async () => await fetch('old')))).toEqual(
			Array(20).fill('token-1'),
		);
		expect(sent).toHaveLength(1);
	});

	it('is made for each version of the credential on its own', async () => {
		const { sent, fetch } = endpoint();
		await Promise.all([fetch(), fetch(undefined, { clientSecret: 'new' })]);
		expect(sent).toHaveLength(2);
	});

	it('is made again after one that failed', async () => {
		const { sent, fetch } = endpoint((number) =>
			number === 1 ? refused(503) : { access_token: 'good' },
		);
		await expect(fetch()).rejects.toThrow('unavailable');
		expect(await fetch()).toBe('good');
		expect(sent).toHaveLength(2);
	});
});

describe('a token that is already there', () => {
	it('is handed to those whose older token was refused within the minute', async () => {
		const { sent, fetch } = endpoint();
		await fetch('old');
		nowMs += 59_999;
		expect(await fetch('old')).toBe('token-1');
		expect(sent).toHaveLength(1);
		nowMs += 1;
		expect(await fetch('old')).toBe('token-2');
	});

	it('is not handed to a credential test, which has none yet and must try the secret', async () => {
		const { fetch } = endpoint();
		expect([await fetch(), await fetch(''), await fetch()]).toEqual([
			'token-1',
			'token-2',
			'token-3',
		]);
	});

	it('that was itself refused is replaced at once: the permission may have been granted meanwhile', async () => {
		const { fetch } = endpoint();
		await fetch('old');
		expect(await fetch('token-1')).toBe('token-2');
	});
});

describe('a token request that fails', () => {
	const wrong = {
		error: 'invalid_client',
		error_description: 'AADSTS7000215: Invalid client secret provided.',
		error_codes: [7000215],
	};

	it('names a certificate that is not trusted, and what to do, before the API host is ever asked', async () => {
		const untrusted = Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
		await expect(endpoint(() => untrusted).fetch()).rejects.toThrow(
			/certificate of the sign-in host.*NODE_EXTRA_CA_CERTS/,
		);
	});

	it('does not quote the secret, whoever echoes it', async () => {
		const error_description = `bad form: client_secret=${SECRET}`;
		await expect(
			endpoint(() => refused(400, { error: 'x', error_description })).fetch(),
		).rejects.toThrow(/bad form: client_secret=\[secret\]/);
	});

	it('throws one sentence for the user, and the failure rides along', async () => {
		for (const data of [wrong, JSON.stringify(wrong)]) {
			const error: unknown = await endpoint(() => refused(401, data))
				.fetch()
				.catch((thrown: unknown) => thrown);
			expect((error as Error).message).toMatch(/Client Secret is not valid.*AADSTS7000215/);
			expect(failureOf(error)).toMatchObject({
				kind: 'signIn',
				code: 'AADSTS7000215',
				status: 401,
			});
		}
	});

	it.each([
		[
			'a wrong secret',
			() => Object.assign(refused(401, wrong), { config: { data: `client_secret=${SECRET}` } }),
		],
		['an answer that repeats the request', () => refused(400, `client_secret=${SECRET}`)],
		[
			'an object that repeats the request',
			() => refused(400, { request: { client_secret: SECRET } }),
		],
		[
			'a broken connection',
			() =>
				Object.assign(new Error(`connect to ${SECRET}`), {
					code: 'ECONNRESET',
					config: { data: SECRET },
				}),
		],
		['a token that fits into no header', () => ({ access_token: 'x'.repeat(20_000) })],
		['an answer without a token', () => ({ client_secret: SECRET })],
		['an answer that is text', () => `<html>${SECRET}</html>`],
		['a token with a line break', () => ({ access_token: `${SECRET}\r\nX: y` })],
		['a token that is no text', () => ({ access_token: { secret: SECRET } })],
	])('never shows the secret: %s', async (_, answer) => {
		const error: unknown = await endpoint(answer)
			.fetch()
			.catch((thrown: unknown) => thrown);
		expect(error).toBeInstanceOf(Error);
		const everything = inspect(error, { depth: 8, showHidden: true });
		expect(everything).not.toContain(SECRET);
		expect(everything).not.toContain(encodeURIComponent(SECRET));
	});

	it('because the host cannot be reached names the host', async () => {
		const error: unknown = await endpoint(() => new Error('getaddrinfo'))
			.fetch()
			.catch((thrown: unknown) => thrown);
		expect((error as Error).message).toContain('login.microsoftonline.com');
		expect(failureOf(error)?.kind).toBe('transient');
	});

	it.each([
		[200, 'transient', 'arrived damaged'],
		[302, 'badRequest', 'redirected the request to another address'],
	])('is no refusal when the answer broke off or leads elsewhere (HTTP %d)', async (status, kind, words) => {
		const error: unknown = await endpoint(() => Object.assign(new Error('aborted'), { response: { status } }))
			.fetch()
			.catch((thrown: unknown) => thrown);
		expect((error as Error).message).toContain(words);
		expect((error as Error).message).toContain('login.microsoftonline.com');
		expect(failureOf(error)?.kind).toBe(kind);
	});

	it('is no failure of ours when something else was thrown', () => {
		expect([failureOf(new Error('x')), failureOf('x'), failureOf(undefined)]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});
});

describe('the roles of a token', () => {
	it('are the texts of its claim, and unknown when the token cannot be read', () => {
		expect(rolesOf(jwt({ roles: ['a', 7, 'b'] }))).toEqual(['a', 'b']);
		expect(rolesOf(jwt({ roles: 'a' }))).toEqual([]);
		expect([rolesOf('opaque'), rolesOf('a.b.c'), rolesOf('')]).toEqual([
			undefined,
			undefined,
			undefined,
		]);
	});
});

describe('the token request', () => {
	it('asks for JSON, and waits half a minute', async () => {
		const { sent, fetch } = endpoint();
		await fetch();
		expect(sent[0]).toMatchObject({ headers: { Accept: 'application/json' }, timeout: 30_000 });
	});

	it('takes an answer that came as text', async () => {
		expect(await endpoint(() => '{"access_token":"good"}').fetch()).toBe('good');
	});

	it.each([['no token', {}], ['a token that is no header', { access_token: 'a\nb' }], ['text', 'x']])(
		'that is answered with %s says which host it was',
		async (_, answer) => {
			const error: unknown = await endpoint(() => answer)
				.fetch()
				.catch((thrown: unknown) => thrown);
			expect((error as Error).message).toBe(
				'The sign-in host login.microsoftonline.com answered without a token. Check the credential’s Cloud or Login URL, and any proxy in between.',
			);
			expect(failureOf(error)).toMatchObject({ kind: 'transient', duringSignIn: true });
		},
	);
});
