import { createHash } from 'node:crypto';
import { UserError, type ICredentialDataDecryptedObject, type IHttpRequestHelper } from 'n8n-workflow';

import type { FailureDetails } from '../feed/failure';
import { isRecord, parseJson } from '../feed/parseBlob';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { resolveEndpoints, type Endpoints } from './endpoints';
import { decodeToken } from './jwt';
import { runtime } from './runtime';
import { classifySignIn, signInBrokenOff, signInNotTrusted, signInRedirected, signInUnreachable } from './signInCodes';
import { isCertificateCode } from './systemCodes';

/** What `preAuthentication` hands to n8n, which stores it in the credential. */
export interface StoredToken {
	accessToken: string;
	accessTokenFor: string;
}

/** A token as this process received it. Its own clock times the token's life, so a wrong system clock does no harm. */
interface ReceivedToken extends StoredToken {
	receivedMs: number;
}

const TOKEN_TIMEOUT_MS = 30 * SECOND_MS;

/** Requests in flight, and the last token received, by fingerprint. */
const inFlight = new Map<string, Promise<ReceivedToken>>();
const received = new Map<string, ReceivedToken>();

/** What a token was issued for. A token whose fingerprint differs belongs to an earlier version of the credential. */
export function fingerprint(endpoints: Endpoints): string {
	const { loginUrl, tenantId, clientId, clientSecret, apiUrl } = endpoints;
	const parts = [loginUrl, tenantId.toLowerCase(), clientId.toLowerCase(), clientSecret, apiUrl];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** When this process received the token, if it did. */
export function receivedAt(accessToken: string, accessTokenFor: string): number | undefined {
	const known = received.get(accessTokenFor);
	return known?.accessToken === accessToken ? known.receivedMs : undefined;
}

/**
 * Fetches a token by OAuth 2.0 client credentials, once for all who ask at the same time.
 *
 * Many parallel requests meet an expired token together, and each of them comes here when its 401 arrives: those that come
 * when the new token is already there get it, instead of one more each.
 *
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 *
 * @throws UserError with a sentence for the user; `failureOf(error)` tells what kind of failure it is
 */
export async function fetchToken(
	helpers: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
): Promise<StoredToken> {
	const endpoints = resolveEndpoints(credentials);
	const key = fingerprint(endpoints);
	const recent = received.get(key);
	if (recent && replaces(recent, credentials.accessToken)) return stored(recent);
	let request = inFlight.get(key);
	if (!request) {
		request = requestToken(helpers, endpoints, key).finally(() => inFlight.delete(key));
		inFlight.set(key, request);
	}
	const token = await request;
	received.set(key, token);
	return stored(token);
}

/** True if the token is fresh and newer than the one that was just refused. */
function replaces(recent: ReceivedToken, refused: unknown): boolean {
	const isOther = typeof refused === 'string' && refused !== '' && refused !== recent.accessToken;
	return isOther && runtime.now() - recent.receivedMs < MINUTE_MS;
}

function stored({ accessToken, accessTokenFor }: ReceivedToken): StoredToken {
	return { accessToken, accessTokenFor };
}

async function requestToken(
	helpers: IHttpRequestHelper['helpers'],
	endpoints: Endpoints,
	accessTokenFor: string,
): Promise<ReceivedToken> {
	let body: unknown;
	try {
		body = await helpers.httpRequest({
			method: 'POST',
			url: `${endpoints.loginUrl}/${endpoints.tenantId}/oauth2/v2.0/token`,
			headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
			body: new URLSearchParams({
				grant_type: 'client_credentials',
				client_id: endpoints.clientId,
				client_secret: endpoints.clientSecret,
				scope: `${endpoints.apiUrl}/.default`,
			}).toString(),
			disableFollowRedirect: true,
			maxRedirects: 0,
			timeout: TOKEN_TIMEOUT_MS,
		});
	} catch (error) {
		throw signInError(describeFailure(error, endpoints));
	}
	const answer = typeof body === 'string' ? parseJson(body) : body;
	const accessToken = isRecord(answer) ? answer.access_token : undefined;
	if (typeof accessToken !== 'string' || !isHeaderSafe(accessToken)) {
		throw signInError({
			kind: 'transient',
			message: `The sign-in host ${new URL(endpoints.loginUrl).host} answered without a token. Check the credential’s Cloud or Login URL, and any proxy in between.`,
		});
	}
	return { accessToken, accessTokenFor, receivedMs: runtime.now() };
}

/** The original error holds the request with the secret in it, so nothing of it goes on but status and answer. */
function describeFailure(error: unknown, endpoints: Endpoints): FailureDetails {
	const response = isRecord(error) && isRecord(error.response) ? error.response : undefined;
	if (!response) {
		const code = isRecord(error) ? String(error.code) : '';
		return isCertificateCode(code) ? signInNotTrusted(endpoints.loginUrl) : signInUnreachable(endpoints.loginUrl);
	}
	const status = Number(response.status);
	if (status < 300) return signInBrokenOff(endpoints.loginUrl);
	if (status < 400) return signInRedirected(endpoints.loginUrl, status);
	const data = typeof response.data === 'string' ? parseJson(response.data) : response.data;
	return classifySignIn(status, data, endpoints.clientSecret);
}

/** Real ones have some 2,000 characters; servers refuse headers of more than 16 KB. */
const MAX_TOKEN_LENGTH = 15_000;

function isHeaderSafe(token: string): boolean {
	return token.length <= MAX_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(token);
}

/** What each sentence was thrown for: n8n 1.x hands on an error of its own with nothing but the message. */
const thrownFor = new Map<string, FailureDetails>();

/** There are a few dozen; only a strange login host makes more. */
const MAX_SENTENCES = 100;

/** n8n shows the message of a UserError; our own nodes look up the failure by it. */
function signInError(failure: FailureDetails): UserError {
	if (thrownFor.size >= MAX_SENTENCES) thrownFor.clear();
	thrownFor.set(failure.message, { ...failure, duringSignIn: true });
	return new UserError(failure.message);
}

/** The failure behind an error thrown while signing in; undefined for any other error. */
export function failureOf(error: unknown): FailureDetails | undefined {
	return error instanceof Error ? thrownFor.get(error.message) : undefined;
}

/** The application permissions inside a token, or undefined if they cannot be read. */
export function rolesOf(accessToken: string): string[] | undefined {
	const roles = decodeToken(accessToken)?.roles;
	if (!Array.isArray(roles)) return decodeToken(accessToken) ? [] : undefined;
	return roles.filter((role): role is string => typeof role === 'string');
}
