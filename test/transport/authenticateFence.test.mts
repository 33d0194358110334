import type { IHttpRequestOptions } from 'n8n-workflow';

import { signRequest } from '../../nodes/transport/authenticate';
import { resolveEndpoints } from '../../nodes/transport/endpoints';
import { runtime } from '../../nodes/transport/runtime';
import { fingerprint } from '../../nodes/transport/token';
import { CREDENTIALS, jwt, NOW, TENANT } from './fakes.mts';

const URL_OF_LIST = `https://manage.office.com/api/v1.0/${TENANT}/activity/feed/subscriptions/list`;

const realNow = runtime.now;
beforeAll(() => {
	runtime.now = () => NOW;
});
afterAll(() => {
	runtime.now = realNow;
});

const withToken = (credentials: Record<string, string>) => ({
	...credentials,
	accessToken: jwt(),
	accessTokenFor: fingerprint(resolveEndpoints(credentials)),
});
const sign = (credentials: Record<string, string>, request: object) =>
	signRequest(credentials, request as IHttpRequestOptions) as IHttpRequestOptions & {
		uri?: string;
	};

describe('the fence around the token', () => {
	it.each([
		['another host', { url: 'https://evil.example/x' }],
		['a host that begins like ours', { url: 'https://manage.office.com.evil.example/x' }],
		['our host as user name', { url: 'https://manage.office.com@evil.example/x' }],
		['a user name on our host', { url: 'https://user@manage.office.com/x' }],
		['a password on our host', { url: 'https://:pass@manage.office.com/x' }],
		['another cloud', { url: 'https://manage.office365.us/x' }],
		['the sign-in host', { url: 'https://login.microsoftonline.com/x' }],
		['plain http', { url: 'http://manage.office.com/x' }],
		['another port', { url: 'https://manage.office.com:8443/x' }],
		['another scheme', { url: 'ftp://manage.office.com/x' }],
		['a path only', { url: '/api/v1.0/x' }],
		['nothing', {}],
		['an empty address', { url: '' }],
		[
			'an absolute address that wins over the base',
			{ baseURL: 'https://manage.office.com', url: 'https://evil.example/x' },
		],
		[
			'one without scheme that wins over the base',
			{ baseURL: 'https://manage.office.com', url: '//evil.example/x' },
		],
		['a foreign base', { baseURL: 'https://evil.example', url: '/x' }],
		[
			'a base that is completed to another host',
			{ baseURL: 'https://manage.office.com.evil.example', url: '' },
		],
		[
			'a base with our host as user name',
			{ baseURL: 'https://manage.office.com@evil.example', url: 'x' },
		],
		[
			'a base that ends in a user name',
			{ baseURL: 'https://evil.example?', url: 'https://manage.office.com.evil.example/' },
		],
		['the older option uri', { uri: 'https://evil.example/x' }],
	])('refuses %s', (_, request) => {
		expect(() => sign(withToken(CREDENTIALS), request)).toThrow(
			'signs requests to https://manage.office.com only',
		);
	});

	it('says where the request goes, but neither path, query nor token', () => {
		expect(() => sign(withToken(CREDENTIALS), { url: 'https://evil.example/p?q=1' })).toThrow(
			expect.objectContaining({
				message: expect.stringMatching(
					/goes to https:\/\/evil\.example\. (?!.*(q=1|eyJ|s3cret))/,
				) as unknown,
			}),
		);
	});

	it.each([
		['an address', { url: URL_OF_LIST }, URL_OF_LIST],
		[
			'the usual port and capitals',
			{ url: 'HTTPS://MANAGE.office.com:443/x' },
			'https://manage.office.com/x',
		],
		[
			'a base and a path',
			{ baseURL: 'https://manage.office.com/api/', url: '/v1.0/x' },
			'https://manage.office.com/api/v1.0/x',
		],
		[
			'a base without address',
			{ baseURL: 'https://manage.office.com' },
			'https://manage.office.com/',
		],
		[
			'a full address beside a foreign base',
			{ baseURL: 'https://evil.example', url: URL_OF_LIST },
			URL_OF_LIST,
		],
		[
			'a path that looks like a host, on our base',
			{ baseURL: 'https://manage.office.com', url: '@evil.example/x' },
			'https://manage.office.com/@evil.example/x',
		],
	])('requests exactly what was checked: %s', (_, request, url) => {
		const signed = sign(withToken(CREDENTIALS), request);
		expect(signed.url).toBe(url);
		expect('baseURL' in signed).toBe(false);
		expect(signed.headers?.Authorization).toBeDefined();
	});

	it('gives the older option uri the same address as url', () => {
		expect(sign(CREDENTIALS, { uri: URL_OF_LIST })).toMatchObject({ uri: URL_OF_LIST });
		expect(sign(CREDENTIALS, { url: URL_OF_LIST, uri: 'https://evil.example/' })).toMatchObject({
			url: URL_OF_LIST,
			uri: URL_OF_LIST,
		});
	});

	it('switches redirects off in every spelling that n8n knows', () => {
		const request = {
			url: URL_OF_LIST,
			followRedirect: true,
			followAllRedirects: true,
			maxRedirects: 21,
			disableFollowRedirect: false,
			sendCredentialsOnCrossOriginRedirect: true,
		};
		expect(sign(CREDENTIALS, request)).toMatchObject({
			disableFollowRedirect: true,
			followRedirect: false,
			followAllRedirects: false,
			maxRedirects: 0,
			sendCredentialsOnCrossOriginRedirect: false,
		});
	});

	it('changes neither the request nor the credential it was given', () => {
		const request = Object.freeze({
			url: URL_OF_LIST,
			baseURL: '',
			headers: Object.freeze({ a: 'b' }),
		});
		const credentials = Object.freeze(withToken(CREDENTIALS));
		expect(() => sign(credentials, request)).not.toThrow();
	});

	it('stands before any field is used: a broken credential signs nothing', () => {
		expect(() => sign({ ...withToken(CREDENTIALS), tenantId: 'x' }, {})).toThrow('Tenant ID');
	});
});
