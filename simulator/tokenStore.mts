import type { Clock } from './clock.mts';
import { encodeAccessToken } from './jwt.mts';
import type { AccessTokenClaims } from './jwt.mts';

export interface TokenStore {
	issue(claims: Omit<AccessTokenClaims, 'uti'>): string;
	/** Claims of a token that was issued here, is in its lifetime and not revoked. */
	accept(token: string): AccessTokenClaims | undefined;
	revokeAll(): void;
	/** Every token ever issued, revoked ones too. */
	all(): string[];
}

export function createTokenStore(clock: Clock): TokenStore {
	const issued = new Map<string, AccessTokenClaims>();
	const all: string[] = [];
	let serial = 0;
	return {
		issue(claims) {
			const full = { ...claims, uti: `simulated-${++serial}` };
			const token = encodeAccessToken(full);
			issued.set(token, full);
			all.push(token);
			return token;
		},
		accept(token) {
			const claims = issued.get(token);
			const nowSeconds = clock.now() / 1000;
			return claims && nowSeconds < claims.exp && nowSeconds >= claims.nbf ? claims : undefined;
		},
		revokeAll: () => issued.clear(),
		all: () => [...all],
	};
}
