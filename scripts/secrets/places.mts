import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Something that n8n stored, printed or sent. */
export interface Place {
	/** What it is, for the figures: "execution data", "log on standard output" … */
	kind: string;
	/** Which one, for people: a path, a table and column, a request. */
	name: string;
	bytes: Buffer;
}

/** Strings inside a JSON text, keys included; a string that is JSON itself is read as well (n8n nests them). */
function jsonStrings(text: string, depth = 3): string[] {
	if (!/^\s*[[{]/.test(text)) return [];
	let parsed: unknown;
	try {
		parsed = JSON.parse(text);
	} catch {
		return [];
	}
	const strings: string[] = [];
	const pending: unknown[] = [parsed];
	while (pending.length > 0) {
		const value = pending.pop();
		if (typeof value === 'string') {
			strings.push(value, ...(depth > 0 ? jsonStrings(value, depth - 1) : []));
		} else if (typeof value === 'object' && value !== null) {
			strings.push(...Object.keys(value));
			for (const inner of Object.values(value)) pending.push(inner);
		}
	}
	return strings;
}

const isGzip = (bytes: Buffer) => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes as they are, unpacked if they are compressed, and the texts inside if they are JSON (flatted execution data is). */
export function viewsOf(bytes: Buffer): Buffer[] {
	const unpacked = isGzip(bytes) ? gunzipSync(bytes) : undefined;
	const strings = jsonStrings((unpacked ?? bytes).toString('utf8'));
	return [
		bytes,
		...(unpacked ? [unpacked] : []),
		...(strings.length > 0 ? [Buffer.from(strings.join('\n'))] : []),
	];
}

/** All files below a folder; `kindOf` says what a file is, by its path in the folder. */
export async function filesOf(folder: string, kindOf: (path: string) => string): Promise<Place[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	return await Promise.all(
		paths.sort().map(async (path) => {
			const name = relative(folder, path);
			return { kind: kindOf(name), name, bytes: await readFile(path) };
		}),
	);
}
