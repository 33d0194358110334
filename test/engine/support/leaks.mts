/** Any JSON Web Token: header and payload, both base64url of a JSON object. Bounded: files are base64, too, and long. */
const JWT = /eyJ[\w-]{5,2000}\.eyJ[\w-]{5}/;

const MAX_PATH = 1_000;

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

	// By a list, not by recursion: events can be 10,000 levels deep.
	const open: Array<{ value: unknown; path: string; key?: string }> = [{ value: values, path: '' }];
	for (let next = open.pop(); next; next = open.pop()) {
		const { value, path, key } = next;
		if (key !== undefined) visitText(key, `${path} (key)`);
		if (typeof value === 'string') visitText(value, path);
		if (Buffer.isBuffer(value)) visitText(value.toString('latin1'), path);
		else if (typeof value === 'object' && value !== null && !seen.has(value)) {
			seen.add(value);
			for (const name of Object.getOwnPropertyNames(value).reverse()) {
				// A path as long as the value is deep would take gigabytes.
				const to = path.length < MAX_PATH ? `${path}.${name}` : path;
				open.push({ value: (value as Record<string, unknown>)[name], path: to, key: name });
			}
		}
	}
	return leaks;
}
