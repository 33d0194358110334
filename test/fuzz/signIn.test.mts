import { UserError, type IHttpRequestOptions } from 'n8n-workflow';
import fc from 'fast-check';

import { signRequest } from '../../nodes/transport/authenticate';
import { resolveEndpoints } from '../../nodes/transport/endpoints';
import { decodeToken } from '../../nodes/transport/jwt';
import { classifySignIn } from '../../nodes/transport/signInCodes';
import { fetchToken, fingerprint, rolesOf } from '../../nodes/transport/token';
import { contentIdOf, contentPath, feedUrl, nextPageUrl } from '../../nodes/transport/urls';
import { isContentId } from '../../nodes/feed/contentEntry';
import { CREDENTIALS, ENDPOINTS, jwt, TENANT } from '../transport/fakes.mts';
import { fuzz } from './support/campaign.mts';
import { clearly, faultOf } from './support/clear.mts';
import { json, key, number, parameter, SECRET, status, text } from './support/hostile.mts';
import { mutatedBody, mutatedBytes } from './support/mutate.mts';
import { fetchRealAnswers, type RealAnswers } from './support/realAnswers.mts';

let real: RealAnswers;
beforeAll(async () => void (real = await fetchRealAnswers()));

const credentials = { ...CREDENTIALS, clientSecret: SECRET };

/** The secret as a server that echoes requests would spell it. */
const echoed = fc.constantFrom(SECRET, encodeURIComponent(SECRET), new URLSearchParams({ s: SECRET }).toString().slice(2));

const signInAnswers = () =>
	fc.oneof<fc.Arbitrary<unknown>[]>(
		mutatedBody([...real.signInErrors, ...real.token]).map((bytes) => bytes.toString('utf8')),
		fc.record(
			{
				error: text,
				error_description: fc.oneof<fc.Arbitrary<unknown>[]>(
					text,
					json,
					fc.tuple(text, echoed, text).map(([before, secret, after]) => `${before} client_secret=${secret} ${after}`),
				),
				error_codes: fc.oneof<fc.Arbitrary<unknown>[]>(json, fc.array(fc.oneof<fc.Arbitrary<unknown>[]>(number, text, echoed))),
				access_token: fc.oneof<fc.Arbitrary<unknown>[]>(text, json),
			},
			{ requiredKeys: [] },
		),
		json,
	);

/** A UserError that can be shown. */
async function expectUserError(work: () => unknown): Promise<void> {
	try {
		await work();
	} catch (error) {
		expect(error).toBeInstanceOf(UserError);
		expect(faultOf((error as Error).message)).toBeUndefined();
	}
}

describe('an answer of the token endpoint', () => {
	fuzz('that is a refusal is told without the secret', 1_500, () => fc.tuple(status, signInAnswers()), ([httpStatus, body]) => {
		const failure = classifySignIn(httpStatus, body, SECRET);
		expect(faultOf(failure.message)).toBeUndefined();
		if (failure.code !== undefined) expect(failure.code).toMatch(/^AADSTS\d{1,12}$/);
	});

	fuzz('is classified whatever the secret is', 500, () => fc.tuple(status, signInAnswers(), text), ([httpStatus, body, secret]) => {
		expect(classifySignIn(httpStatus, body, secret).message).not.toBe('');
	});

	fuzz('gives a token that fits into a header, or a sentence', 1_000, () => fc.tuple(signInAnswers(), fc.option(status, { nil: undefined }), fc.uuid()), async ([body, httpStatus, clientId]) => {
		const helpers = {
			httpRequest: async () => {
				if (httpStatus === undefined) return await Promise.resolve(body);
				throw Object.assign(new Error(`failed with ${SECRET}`), { response: { status: httpStatus, data: body } });
			},
		};
		await expectUserError(async () => {
			const { accessToken } = await fetchToken(helpers as never, { ...credentials, clientId });
			expect(() => new Headers({ Authorization: `Bearer ${accessToken}` })).not.toThrow();
			expect(accessToken.length).toBeLessThanOrEqual(16_384);
		});
	});
});

describe('a token', () => {
	const tokens = () =>
		fc.oneof(
			mutatedBytes(Buffer.from(jwt()), Buffer.from(jwt({ roles: 'x' })), 3).map((bytes) => bytes.toString('latin1')),
			json.map((claims) => `a.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c`),
			fc.record({ iat: json, exp: json, roles: json }).map((claims) => `a.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c`),
			text,
		);

	fuzz('is read as far as it can be', 1_500, tokens, (token) => {
		const roles = rolesOf(token);
		expect(roles === undefined).toBe(decodeToken(token) === undefined);
		expect((roles ?? []).every((role) => typeof role === 'string')).toBe(true);
	});

	fuzz('goes into the header as it is, or not at all', 800, tokens, (accessToken) => {
		const stored = { ...credentials, accessToken, accessTokenFor: fingerprint(resolveEndpoints(credentials)) };
		const { headers } = signRequest(stored, { url: 'https://manage.office.com/x' });
		expect([undefined, `Bearer ${accessToken}`]).toContain(headers?.Authorization);
	});
});

describe('an address', () => {
	const own = 'https://manage.office.com';
	const link = () => `${own}/api/v1.0/${TENANT}/activity/feed/subscriptions/content?contentType=Audit.Exchange&nextPage=1`;
	const addresses = () =>
		fc.oneof(
			mutatedBytes(Buffer.from(link()), Buffer.from(real.nextPageUri), 3).map((bytes) => bytes.toString('utf8')),
			fc
				.tuple(
					fc.constantFrom('', 'https:', 'http:', 'HTTPS:', 'ftp:', 'data:', '\\\\', ' https:'),
					fc.constantFrom('//', '/', '\\\\', '/\\', '///', ''),
					fc.constantFrom('', 'user@', 'manage.office.com@', 'manage.office.com:443@', 'a:b@'),
					fc.constantFrom('manage.office.com', 'MANAGE.OFFICE.COM', 'manage.office.com.', 'manage.office.com.evil.example', 'evil.example', 'manage.office.com%00.evil.example', 'mаnage.office.com', '127.0.0.1', '[::1]', 'manage.office.com\u3002evil.example'),
					fc.constantFrom('', ':443', ':80', ':8443', ':0443', ':'),
					fc.constantFrom('', `/api/v1.0/${TENANT}/activity/feed/subscriptions/content?x=1`, '/..//evil.example/', '?x', '#x', '\t/x'),
				)
				.map((parts) => parts.join('')),
			fc.webUrl({ withQueryParameters: true }),
			text,
		);

	/** Where axios would send it. */
	const originOf = (address: string) => new URL(address).origin;

	fuzz('of the next page stays on our host, or is refused', 2_000, addresses, async (address) => {
		const url = await clearly(() => nextPageUrl(ENDPOINTS, address));
		if (url === undefined) return;
		expect(originOf(url)).toBe(own);
		expect(new URL(url).pathname.toLowerCase()).toMatch(new RegExp(`^/api/v1(\\.0)?/${TENANT}/activity/feed/subscriptions/`));
		expect([...new URL(url).searchParams.keys()].map((name) => name.toLowerCase())).toContain('publisheridentifier');
		// A link that was checked passes again, as it is.
		expect(nextPageUrl(ENDPOINTS, url)).toBe(url);
	});

	fuzz(
		'that anybody writes gets the token only on the configured host, scheme and port',
		2_000,
		() =>
			fc.record(
				{
					url: addresses(),
					uri: addresses(),
					baseURL: fc.oneof(addresses(), fc.constant(own)),
					headers: fc.array(fc.tuple(key, text)).map((pairs) => Object.fromEntries(pairs)),
					maxRedirects: fc.nat(9),
					followRedirect: fc.boolean(),
					sendCredentialsOnCrossOriginRedirect: fc.boolean(),
				},
				{ requiredKeys: [] },
			),
		async (request) => {
			const stored = { ...credentials, accessToken: 'opaque-token', accessTokenFor: fingerprint(resolveEndpoints(credentials)) };
			await expectUserError(() => {
				const signed = signRequest(stored, request as IHttpRequestOptions) as IHttpRequestOptions & { uri?: string; followRedirect?: boolean };
				for (const target of [signed.url, signed.uri]) if (target !== undefined) expect(originOf(target)).toBe(own);
				expect(signed.baseURL).toBeUndefined();
				expect([signed.maxRedirects, signed.followRedirect, signed.disableFollowRedirect]).toEqual([0, false, true]);
			});
		},
	);

	fuzz('of a blob is below our tenant’s feed, whatever its contentId', 1_500, () => fc.oneof(text, fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', '2', 'f', 'e', '?', '#', '$', '@', ':') })), (contentId) => {
		if (!isContentId(contentId)) return;
		const url = new URL(feedUrl(ENDPOINTS, contentPath(contentId)));
		const path = `/api/v1.0/${TENANT}/activity/feed/audit/`;
		expect([url.origin, url.pathname.slice(0, path.length)]).toEqual([own, path]);
		expect([url.hash, [...url.searchParams.keys()]]).toEqual(['', ['PublisherIdentifier']]);
		expect(contentIdOf(url.href)).toBe(contentId);
	});

	fuzz('of any contentUri gives a text or nothing', 1_000, addresses, (address) => {
		expect(['string', 'undefined']).toContain(typeof contentIdOf(address));
	});
});

describe('the fields of a credential', () => {
	fuzz(
		'give hosts that may be spoken to, or a sentence without the secret',
		1_500,
		() =>
			fc.record(
				{
					clientId: fc.oneof(parameter, fc.constant(CREDENTIALS.clientId)),
					tenantId: fc.oneof(parameter, fc.constant(TENANT)),
					clientSecret: fc.oneof(parameter, fc.constant(SECRET)),
					cloud: fc.oneof(parameter, fc.constantFrom('custom', 'custom', 'gcc', '__proto__', 'constructor')),
					apiUrl: fc.oneof(parameter, fc.webUrl(), fc.constantFrom('http://127.0.0.1:1', 'http://127.0.0.1.evil.example', 'http://[::1]', 'http://0x7f.1', 'https://x/', 'http://localhost.')),
					loginUrl: fc.oneof(parameter, fc.webUrl(), fc.constantFrom('https://x', 'http://localhost:8080')),
					publisherId: fc.oneof(parameter, fc.constant('')),
				},
				{ requiredKeys: [] },
			),
		async (fields) => {
			await expectUserError(() => {
				const { apiUrl, loginUrl, tenantId } = resolveEndpoints({ clientId: 'x', tenantId: TENANT, clientSecret: SECRET, ...fields } as never);
				for (const origin of [apiUrl, loginUrl]) {
					const { protocol, hostname } = new URL(origin);
					expect(new URL(origin).origin).toBe(origin);
					expect(protocol === 'https:' || /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname)).toBe(true);
				}
				expect(tenantId).toMatch(/^[0-9a-f-]{36}$/i);
			});
		},
	);
});
