import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../nodes/transport/authenticate';
import { resolveEndpoints } from '../../nodes/transport/endpoints';
import { runtime } from '../../nodes/transport/runtime';
import { fetchToken, fingerprint } from '../../nodes/transport/token';
import { CREDENTIALS, jwt, NOW, SECRET, TENANT } from './fakes.mts';

const URL_OF_LIST = `https://manage.office.com/api/v1.0/${TENANT}/activity/feed/subscriptions/list`;
const CUSTOM = {
	...CREDENTIALS,
	cloud: 'custom',
	apiUrl: 'https://api.example',
	loginUrl: 'https://login.example',
};

let nowMs = NOW;
const realNow = runtime.now;
beforeEach(() => {
	nowMs = NOW;
	runtime.now = () => nowMs;
});
afterAll(() => {
	runtime.now = realNow;
});

const withToken = (credentials: Record<string, string>, accessToken = jwt()) => ({
	...credentials,
	accessToken,
	accessTokenFor: fingerprint(resolveEndpoints(credentials)),
});
const sign = (credentials: Record<string, string>, request: object = { url: URL_OF_LIST }) =>
	signRequest(credentials, request as IHttpRequestOptions);
const authorization = (credentials: Record<string, string>, request?: object) =>
	sign(credentials, request).headers?.Authorization;

describe('the stored token', () => {
	it('is attached while it fits the credential', () => {
		expect(authorization(withToken(CREDENTIALS))).toBe(`Bearer ${jwt()}`);
		expect(authorization({ ...withToken(CREDENTIALS), publisherId: CREDENTIALS.clientId })).toBe(
			`Bearer ${jwt()}`,
		);
	});

	it.each([
		['secret', { clientSecret: 'another' }],
		['client', { clientId: 'another' }],
		['tenant', { tenantId: TENANT.replace('1111', '9999') }],
		['login host', { loginUrl: 'https://other.example' }],
		['API host', { apiUrl: 'https://other.example' }],
		['API port', { apiUrl: 'https://api.example:8443' }],
		['cloud', { cloud: 'enterprise' }],
	])('is not attached after another %s was entered', (_, change) => {
		const edited: Record<string, string> = { ...withToken(CUSTOM), ...change };
		const url =
			edited.cloud === 'enterprise' ? 'https://manage.office.com/x' : `${edited.apiUrl}/x`;
		expect(authorization(withToken(CUSTOM), { url: 'https://api.example/x' })).toMatch(/^Bearer /);
		expect(authorization(edited, { url })).toBeUndefined();
	});

	it.each([
		['absent', { accessToken: '' }],
		['without a fingerprint', { accessTokenFor: '' }],
		['with the fingerprint of something else', { accessTokenFor: 'x' }],
	])('is not attached when it is %s', (_, change) => {
		expect(authorization({ ...withToken(CREDENTIALS), ...change })).toBeUndefined();
	});

	it('is not attached from the moment it expires', () => {
		const credentials = withToken(CREDENTIALS, jwt({ lifeMs: 3_599_000 }));
		nowMs = NOW + 3_598_999;
		expect(authorization(credentials)).toBeDefined();
		nowMs = NOW + 3_599_000;
		expect(authorization(credentials)).toBeUndefined();
	});

	it.each([[[]], [['ActivityFeed.ReadDlp']], ['ActivityFeed.Read'], [undefined], [null]])(
		'with the roles %j is not attached once it is older than a minute, so that consent given since takes effect',
		(roles) => {
			const credentials = withToken(CREDENTIALS, jwt({ roles: roles ?? null }));
			nowMs = NOW + 60_000;
			expect(authorization(credentials)).toBeDefined();
			nowMs = NOW + 60_001;
			expect(authorization(credentials)).toBeUndefined();
		},
	);

	it('that holds the permission is attached beyond a minute', () => {
		nowMs = NOW + 61_000;
		expect(
			authorization(withToken(CREDENTIALS, jwt({ roles: ['X', 'ActivityFeed.Read'] }))),
		).toBeDefined();
	});

	it('of a form that cannot be read is attached: the API decides', () => {
		expect(authorization(withToken(CREDENTIALS, 'opaque'))).toBe('Bearer opaque');
	});

	it('lives by the clock of the process that received it, wherever that stands', async () => {
		for (const skewMs of [-3 * 3_600_000, 3 * 3_600_000]) {
			nowMs = NOW + skewMs;
			const accessToken = jwt({ issuedMs: NOW, uti: String(skewMs) });
			const helpers = {
				httpRequest: async () => await Promise.resolve({ access_token: accessToken }),
			};
			const stored = await fetchToken(helpers as never, {
				...CREDENTIALS,
				clientId: `skewed by ${skewMs}`,
			});
			const credentials = { ...CREDENTIALS, clientId: `skewed by ${skewMs}`, ...stored };
			expect(authorization(credentials)).toBeDefined();
			nowMs += 3_599_000;
			expect(authorization(credentials)).toBeUndefined();
		}
	});
});

describe('a token whose times are no times', () => {
	it('does not keep a request from being signed', () => {
		const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const accessToken = `${part({})}.${part({ iat: { toString: 1 }, exp: { toString: 1 }, roles: ['ActivityFeed.Read'] })}.x`;
		const stored = { ...CREDENTIALS, accessToken, accessTokenFor: fingerprint(resolveEndpoints(CREDENTIALS)) };
		const { headers } = signRequest(stored, { url: 'https://manage.office.com/' });
		expect(headers?.Authorization).toBe(`Bearer ${accessToken}`);
	});
});

describe('a header Authorization that the request brings along', () => {
	it.each(['Authorization', 'authorization', 'AUTHORIZATION', 'aUtHoRiZaTiOn'])(
		'is removed when it is spelled %s',
		(name) => {
			const headers = { [name]: 'Bearer stale', Accept: 'x' };
			expect(sign(CREDENTIALS, { url: URL_OF_LIST, headers }).headers).toEqual({ Accept: 'x' });
			expect(sign(withToken(CREDENTIALS), { url: URL_OF_LIST, headers }).headers).toEqual({
				Accept: 'x',
				Authorization: `Bearer ${jwt()}`,
			});
			expect(headers[name]).toBe('Bearer stale');
		},
	);
});

describe('the fingerprint', () => {
	it('holds no secret in clear and does not depend on the letter case of GUIDs', () => {
		const mark = fingerprint(resolveEndpoints(CREDENTIALS));
		expect(mark).toMatch(/^[\w-]{43}$/);
		expect(mark).not.toContain(SECRET);
		expect(
			fingerprint(
				resolveEndpoints({
					...CREDENTIALS,
					tenantId: TENANT.toUpperCase(),
					clientId: CREDENTIALS.clientId.toUpperCase(),
				}),
			),
		).toBe(mark);
	});

	it('cannot be met by moving characters from one field to the next', () => {
		const one = fingerprint(
			resolveEndpoints({ ...CREDENTIALS, clientId: 'ab', clientSecret: 'c' }),
		);
		const other = fingerprint(
			resolveEndpoints({ ...CREDENTIALS, clientId: 'a', clientSecret: 'bc' }),
		);
		expect(one).not.toBe(other);
	});
});

describe('a token that does not say everything', () => {
	const without = (claim: 'iat' | 'exp') => {
		const [head, payload, signature] = jwt().split('.');
		const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
		delete claims[claim];
		return `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
	};

	it('goes by its end alone if it does not say when it was issued', () => {
		const credentials = withToken(CREDENTIALS, without('iat'));
		nowMs = NOW + 3_599_000 - 1;
		expect(authorization(credentials)).toMatch(/^Bearer /);
		nowMs += 1;
		expect(authorization(credentials)).toBeUndefined();
	});

	it('is used if it does not say when it ends: Microsoft refuses it then', () => {
		expect(authorization(withToken(CREDENTIALS, without('exp')))).toMatch(/^Bearer /);
	});

	it.each(['', 7, null, undefined, {}])('is none: %p', (accessToken) => {
		const credentials = { ...withToken(CREDENTIALS), accessToken } as unknown as Record<string, string>;
		expect(authorization(credentials)).toBeUndefined();
	});
});

describe('the address that is signed', () => {
	it('has one spelling in the field where it was', () => {
		expect(sign(CREDENTIALS, { uri: URL_OF_LIST })).toMatchObject({ uri: URL_OF_LIST });
		expect('url' in sign(CREDENTIALS, { uri: URL_OF_LIST })).toBe(false);
		expect('uri' in sign(CREDENTIALS, { url: URL_OF_LIST })).toBe(false);
		const both = sign(CREDENTIALS, { url: URL_OF_LIST, uri: 'https://evil.example/' });
		expect(both).toMatchObject({ url: URL_OF_LIST, uri: URL_OF_LIST });
	});

	it.each([
		['https://manage.office.com', 'a', 'a'],
		['https://manage.office.com///', '/a', 'a'],
		['https://manage.office.com/x/', 'a//b', 'x/a//b'],
		['https://manage.office.com', 'a?next=https://evil.example/', 'a?next=https://evil.example/'],
	])('is %s and %s put together as n8n does it', (baseURL, url, path) => {
		expect(sign(CREDENTIALS, { baseURL, url }).url).toBe(`https://manage.office.com/${path}`);
	});

	it('is named when it is refused, as far as it is one', () => {
		expect(() => sign(CREDENTIALS, { url: 'nowhere' })).toThrow('this request goes to no valid address.');
		expect(() => sign(CREDENTIALS, {})).toThrow('this request goes to no valid address.');
		expect(() => sign(CREDENTIALS, { url: 'https://evil.example/x' })).toThrow(
			'to https://manage.office.com only, and this request goes to https://evil.example.',
		);
	});
});
