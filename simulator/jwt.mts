/** The claims of an access token that clients and the API look at. Times in seconds since 1970. */
export interface AccessTokenClaims {
	aud: string;
	iss: string;
	iat: number;
	nbf: number;
	exp: number;
	appid: string;
	tid: string;
	roles?: string[];
	ver: '1.0' | '2.0';
	/** Makes every token unique. */
	uti: string;
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A token of the real form (header.payload.signature, base64url). The signature signs nothing: the simulated
 * API knows its tokens by heart, and clients must not check signatures of tokens meant for the API.
 */
export function encodeAccessToken(claims: AccessTokenClaims): string {
	const header = { typ: 'JWT', alg: 'RS256', kid: 'simulated-tenant-key' };
	const signature = Buffer.from(`simulated signature ${claims.uti}`).toString('base64url');
	return `${base64url(header)}.${base64url(claims)}.${signature}`;
}
