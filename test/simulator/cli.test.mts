import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import axios from 'axios';
import { Agent } from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readCliOptions } from '../../simulator/cliOptions.mts';

const CLI = path.resolve('simulator/cli.mts');
let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), 'simulator-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
	const child = spawn(process.execPath, [CLI, ...args]);
	const output = { out: '', err: '' };
	child.stdout.on('data', (chunk) => (output.out += chunk));
	child.stderr.on('data', (chunk) => (output.err += chunk));
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	const says = async (pattern: RegExp) => {
		while (!pattern.test(output.out)) {
			if (child.exitCode !== null) throw new Error(output.err);
			await new Promise((resolve) => child.stdout.once('data', resolve));
		}
		return pattern.exec(output.out)?.[1] as string;
	};
	return { child, output, ended, says };
}

describe('command line', () => {
	test('--help explains options, scenarios and faults with examples', async () => {
		const { output, ended } = run('--help');
		expect(await ended).toBe(0);
		for (const text of [
			'--events FILE',
			'--tls',
			'quirky',
			'blobStall',
			'nextPageHeader',
			'Examples',
			'/_simulator/delivered',
		]) {
			expect(output.out).toContain(text);
		}
	});

	test.each([
		[['--nope'], /Unknown option '--nope'/],
		[['--scenario', 'nope'], /No scenario "nope"/],
		[['--fault', 'nope=1'], /No fault "nope"/],
		[['--port', 'x'], /--port takes a number/],
		[['--subscriptions', 'x'], /--subscriptions takes enabled, disabled or missing/],
		[['--fault', 'x'], /--fault takes NAME=VALUE/],
	])('%j is refused with a sentence', async (args, message) => {
		const { output, ended } = run(...args);
		expect(await ended).toBe(1);
		expect(output.err).toMatch(message);
		expect(output.err).not.toContain('    at ');
	});

	test("prints the credential's values and a line per request; SIGTERM prints the ledger", async () => {
		const events = path.join(folder, 'events.ndjson');
		writeFileSync(
			events,
			'\ufeff{"Id":"1","Workload":"Exchange"}\r\n\r\n{"Id":"2","Workload":"Exchange"}\n',
		);
		const ca = path.join(folder, 'ca.pem');
		const { child, output, ended, says } = run(
			'--tls',
			'--ca-file',
			ca,
			'--events',
			events,
			'--seed',
			'7',
		);
		const url = await says(/API URL +(\S+)\n[^]*Ctrl-C/);
		expect(output.out).toMatch(/Client Secret +\S+\n/);
		const httpsAgent = new Agent({ ca: readFileSync(ca) });
		const answer = await axios.get(`${url}/api/v1.0/x/activity/feed/subscriptions/list`, {
			httpsAgent,
			validateStatus: () => true,
		});
		expect(answer.status).toBe(401);
		await says(/(401 GET \/api\/v1\.0\/x\/activity\/feed\/subscriptions\/list .*denied.* ms\))/);
		child.kill('SIGTERM');
		expect(await ended).toBe(0);
		expect(output.out).toMatch(/Ledger: NOT OK[^]*publisherMissing \(1\)/);
	});

	test('a file that is no NDJSON is refused with its line', async () => {
		const events = path.join(folder, 'events.ndjson');
		writeFileSync(events, '{}\n{broken');
		expect(() => readCliOptions(['--events', events])).toThrow(
			/events\.ndjson, line 2 is not JSON/,
		);
	});

	test('options reach the simulator', () => {
		const args =
			'--scenario busy,quirky --scenario broken --seed 3 --blobs 9 --quota 0 --latency 100,20 --fault pageSize=5 --new-blobs 2 --roles A,B --quiet';
		expect(readCliOptions(args.split(' '))).toMatchObject({
			quiet: true,
			simulator: {
				scenario: ['busy', 'quirky', 'broken'],
				seed: 3,
				blobs: 9,
				quota: null,
				latencyMs: { mean: 100, jitter: 20 },
				faults: { pageSize: '5' },
				newBlobs: { everyMs: 2000 },
				grantedRoles: ['A', 'B'],
			},
		});
	});
});
