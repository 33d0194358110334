import {
	UserError,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
} from 'n8n-workflow';

import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { resolveEndpoints } from './endpoints';
import { decodeToken } from './jwt';
import { runtime } from './runtime';
import { fingerprint, receivedAt, rolesOf } from './token';

/** Without this application permission the API refuses every request. */
export const REQUIRED_ROLE = 'ActivityFeed.Read';

/** The options of n8n's older request helper, which the HTTP Request node still uses. */
interface LegacyOptions {
	uri?: string;
	followRedirect?: boolean;
	followAllRedirects?: boolean;
}

/**
 * Signs a request: attaches the stored token if it still fits the credential, and none otherwise. Without a token Microsoft
 * answers 401, and n8n's own 401 path then fetches a new one.
 *
 * Also runs for the HTTP Request node, where a user writes the address: it signs only what goes to the configured API host,
 * and switches redirects off.
 *
 * @throws UserError if the request goes to another host, or the credential's fields are not usable
 */
export function signRequest(
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): IHttpRequestOptions {
	const endpoints = resolveEndpoints(credentials);
	const options: IHttpRequestOptions & LegacyOptions = { ...request };
	const url = resolveTarget(options);
	if (url?.origin !== endpoints.apiUrl || url.username || url.password) {
		throw new UserError(
			`This credential signs requests to ${endpoints.apiUrl} only, and this request goes to ${url ? url.origin : 'no valid address'}. Change the address, or the credential’s Cloud or API URL.`,
		);
	}
	// One spelling only: what was checked is what is requested.
	delete options.baseURL;
	if (options.uri !== undefined) options.uri = url.href;
	if (options.url !== undefined || options.uri === undefined) options.url = url.href;
	const token = usableToken(credentials, fingerprint(endpoints));
	options.headers = { ...withoutAuthorization(options.headers) };
	if (token) options.headers.Authorization = `Bearer ${token}`;
	options.disableFollowRedirect = true;
	options.followRedirect = false;
	options.followAllRedirects = false;
	options.maxRedirects = 0;
	options.sendCredentialsOnCrossOriginRedirect = false;
	return options;
}

function resolveTarget(options: IHttpRequestOptions & LegacyOptions): URL | undefined {
	const address = options.url ?? options.uri ?? '';
	const base = options.baseURL || undefined;
	// n8n's helpers let an absolute address win over the base, and glue everything else onto it.
	const isAbsolute = /^([a-z][a-z\d+\-.]*:)?\/\//i.test(address);
	const full =
		base && !isAbsolute ? `${base.replace(/\/+$/, '')}/${address.replace(/^\/+/, '')}` : address;
	return URL.canParse(full) ? new URL(full) : undefined;
}

function withoutAuthorization(headers: IHttpRequestOptions['headers'] = {}) {
	return Object.fromEntries(
		Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'),
	);
}

/** A time of a token: seconds. NaN, which no comparison holds for, if it is none. */
function msOf(seconds: unknown): number {
	return typeof seconds === 'number' ? seconds * SECOND_MS : NaN;
}

/** Whether {@link signRequest} would attach the stored token. @throws UserError if the credential's fields are not usable */
export function holdsUsableToken(credentials: ICredentialDataDecryptedObject): boolean {
	return usableToken(credentials, fingerprint(resolveEndpoints(credentials))) !== undefined;
}

/**
 * n8n keeps a stored token through edits of the credential, and does not look at its age. It is used only while it was issued
 * for these very fields, has not expired, and — once older than a minute, so that a token without the permission is asked
 * for again but not without end — holds the permission.
 */
function usableToken(
	credentials: ICredentialDataDecryptedObject,
	wanted: string,
): string | undefined {
	const { accessToken, accessTokenFor } = credentials;
	if (typeof accessToken !== 'string' || accessTokenFor !== wanted) return undefined;
	const claims = decodeToken(accessToken);
	if (!claims) return accessToken;
	const issuedMs = msOf(claims.iat);
	const expiresMs = msOf(claims.exp);
	// In the process that received the token its life is counted by our own clock, wherever that stands.
	const receivedMs = receivedAt(accessToken, wanted);
	const ageMs = runtime.now() - (receivedMs ?? issuedMs);
	const lifeMs = expiresMs - issuedMs;
	if (Number.isFinite(lifeMs) ? ageMs >= lifeMs : runtime.now() >= expiresMs) return undefined;
	if (ageMs > MINUTE_MS && !rolesOf(accessToken)?.includes(REQUIRED_ROLE)) return undefined;
	return accessToken;
}
