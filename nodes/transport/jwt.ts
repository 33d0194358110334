import { isRecord, parseJson } from '../feed/parseBlob';

/** The token that was asked about last: it is looked at with every request, and stays the same for an hour. */
let last: { token: string; claims: Readonly<Record<string, unknown>> | undefined } | undefined;

/**
 * The payload of a JSON Web Token, unverified: it is read only to decide whether sending it makes sense. Undefined if the
 * text is not such a token; Microsoft reserves the right to change the format.
 * https://learn.microsoft.com/entra/identity-platform/access-tokens
 */
export function decodeToken(token: string): Readonly<Record<string, unknown>> | undefined {
	if (last?.token !== token) last = { token, claims: decode(token) };
	return last.claims;
}

function decode(token: string): Record<string, unknown> | undefined {
	const payload = token.split('.')[1];
	if (!payload) return undefined;
	const parsed = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
	return isRecord(parsed) ? parsed : undefined;
}
