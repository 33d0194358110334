/** Any JSON Web Token: header and payload, both base64url of a JSON object. */
const JWT = /eyJ[\w-]{5,}\.eyJ[\w-]{5,}/;

/**
 * Where one of the secrets, or any token, occurs in the values: paths such as `run.data.error.message`. Looks at every own
 * property, also those JSON would leave out, because n8n prints and stores some of them (`message`, `stack`, `cause`).
 */
export function findLeaks(values: Record<string, unknown>, secrets: string[]): string[] {
	const wanted = secrets.filter((secret) => secret.length > 0);
	const leaks: string[] = [];
	const seen = new Set<object>();

	function visitText(text: string, path: string): void {
		if (JWT.test(text) || wanted.some((secret) => text.includes(secret))) leaks.push(path);
	}

	function visit(value: unknown, path: string): void {
		if (typeof value === 'string') visitText(value, path);
		if (Buffer.isBuffer(value)) visitText(value.toString('latin1'), path);
		else if (typeof value === 'object' && value !== null) visitObject(value, path);
	}

	function visitObject(value: object, path: string): void {
		if (seen.has(value)) return;
		seen.add(value);
		for (const key of Object.getOwnPropertyNames(value)) {
			visitText(key, `${path}.${key} (key)`);
			visit((value as Record<string, unknown>)[key], `${path}.${key}`);
		}
	}

	visit(values, '');
	return leaks;
}
