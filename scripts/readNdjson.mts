import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * The JSON texts of a file with one audit record a line; empty lines are skipped. A relative path counts from the folder in
 * which npm was called: npm itself goes to that of package.json.
 *
 * @throws Error that names the file, if it cannot be read, or the line, if one is no JSON object
 */
export async function readNdjson(file: string): Promise<string[]> {
	const path = resolve(process.env['INIT_CWD'] ?? '', file);
	const lines = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '').split(/\r?\n/);
	const records: string[] = [];
	lines.forEach((line, index) => {
		if (line.trim() === '') return;
		if (!isJsonObject(line)) throw new Error(`${file}, line ${index + 1}: not a JSON object`);
		records.push(line);
	});
	if (records.length === 0) throw new Error(`${file} holds no records`);
	return records;
}

function isJsonObject(text: string): boolean {
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'object' && value !== null && !Array.isArray(value);
	} catch {
		return false;
	}
}
