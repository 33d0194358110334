import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readNdjson } from '../../scripts/readNdjson.mts';

describe('Reading a file of audit records', () => {
	const folder = mkdtempSync(join(tmpdir(), 'ndjson-'));
	const file = join(folder, 'records.ndjson');

	afterAll(() => rmSync(folder, { recursive: true }));

	const read = async (content: string) => {
		writeFileSync(file, content);
		return await readNdjson(file);
	};

	it('returns each line as it is, whatever its line end, without byte order mark and empty lines', async () => {
		expect(await read('\uFEFF{"n": 1.0}\r\n\n{"n":2}\n')).toEqual(['{"n": 1.0}', '{"n":2}']);
	});

	it.each(['nonsense', '[1]', '"text"', 'null'])('names the line that holds %s', async (line) => {
		await expect(read(`{}\n${line}\n`)).rejects.toThrow('line 2: not a JSON object');
	});

	it('looks for a relative path where npm was called', async () => {
		writeFileSync(file, '{"n":1}\n');
		const before = process.env['INIT_CWD'];
		process.env['INIT_CWD'] = folder;
		try {
			expect(await readNdjson('records.ndjson')).toEqual(['{"n":1}']);
		} finally {
			if (before === undefined) delete process.env['INIT_CWD'];
			else process.env['INIT_CWD'] = before;
		}
	});

	it('refuses an empty file', async () => {
		await expect(read('\n')).rejects.toThrow('holds no records');
	});
});
