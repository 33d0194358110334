import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import type { Simulator } from '../../simulator/types.mts';
import { countRows } from '../crash/table.mts';
import type { Postgres } from '../crash/postgres.mts';
import type { Subject } from '../crash/subject.mts';
import { readableTime } from '../n8n/progress.mts';
import type { Say } from '../n8n/progress.mts';

const run = promisify(execFile);

/** How the draining went. */
export interface Course {
	/** From the first request for content to the last row. */
	durationMs: number;
	/** Requests that passed, in that time. */
	requests: number;
	/** Resident memory of n8n in MB, at even intervals while content was read. */
	memory: number[];
}

interface Watched {
	simulator: Simulator;
	postgres: Postgres;
	subject: Subject;
	say: Say;
}

const LOOK_EVERY_MS = 15_000;
/** For repetitions that come after everything has arrived. */
const SETTLING_MS = 30_000;

async function memoryOf(pid: number): Promise<number> {
	const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
	return Math.round(Number(stdout) / 1024);
}

/** Follows the draining until all events that the tenant holds are in the table, or `timeoutMs` is over. */
export async function watch(
	{ simulator, postgres, subject, say }: Watched,
	timeoutMs: number,
): Promise<Course> {
	const { ledger, feed } = simulator;
	const passed = () => ledger.requests - ledger.throttled;
	const startedMs = Date.now();
	const memory: number[] = [];
	let durationMs = 0;
	let requests = 0;
	for (let rows = 0; Date.now() - startedMs < timeoutMs; ) {
		await sleep(LOOK_EVERY_MS);
		rows = await countRows(postgres);
		durationMs = Date.now() - startedMs;
		requests = passed();
		memory.push(await memoryOf(subject.pid()));
		const fetched = [...ledger.blobs.values()].filter((blob) => blob.fetched > 0).length;
		say(
			`  ${readableTime(durationMs)}: ${fetched} of ${feed.blobs.length} blobs, ${rows} rows, ` +
				`${requests} requests (${ledger.throttled} throttled), ${memory.at(-1)} MB`,
		);
		if (fetched === feed.blobs.length && rows >= ledger.events.size) break;
	}
	await sleep(SETTLING_MS);
	return { durationMs, requests, memory };
}
