import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { makeTemplates } from '../../../bench/load/templates.mts';
import { loadOf } from '../../../bench/load/types.mts';
import { runOnce } from '../../../bench/run/runOnce.mts';

const LOAD = loadOf(12, 30);

describe('the benchmark, with contestants in processes of their own', () => {
	let folder: string;
	let templatesFile: string;

	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
		templatesFile = join(folder, 'templates.json');
		writeFileSync(templatesFile, JSON.stringify(makeTemplates()));
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	const run = async (contestant: string) =>
		await runOnce({ contestant, load: LOAD, warmUp: false }, templatesFile);
	const fixture = (name: string) => pathToFileURL(join(import.meta.dirname, `${name}.mts`)).href;

	it.each(['node-events', 'node-file'])(
		'accepts %s, which delivers every event of the tenant once',
		async (contestant) => {
			const outcome = await run(contestant);
			expect(outcome).toMatchObject({ ok: true, answer: { events: 360, problems: [] } });
		},
	);

	it('fails when a contestant drops one event', async () => {
		await expect(run(fixture('dropsOne'))).rejects.toThrow(/was not delivered/);
	});

	it('fails when a contestant changes one event', async () => {
		await expect(run(fixture('changesOne'))).rejects.toThrow(/was changed: .*SomethingElse/);
	});
});
