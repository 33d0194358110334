/**
 * Takes out the given secrets, and what looks like a token. Answers are quoted to the user, and a server (or a proxy that echoes requests) could
 * put the token that it was sent into its answer.
 */
export function withoutTokens(text: string, secrets: string[] = []): string {
	return secrets
		.filter((secret) => secret !== '')
		.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), text)
		.replace(/\bBearer\s+[\w.~+/=-]+/gi, 'Bearer [token]')
		.replace(/\beyJ[\w-]{5,}(?:\.[\w-]*){0,2}/g, '[token]');
}
