/** `npm run test:backlog`: seven days of content, drained by a real n8n at the rate of the quota; see options.mts. */
import { startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { judge } from '../crash/judge.mts';
import { startPostgres } from '../crash/postgres.mts';
import { listRuns } from '../crash/runs.mts';
import { createCredentials } from '../crash/stage.mts';
import { startSubject } from '../crash/subject.mts';
import { createTable, readRows } from '../crash/table.mts';
import { cleanUpOnExit } from '../n8n/cleanup.mts';
import type { Cleanup } from '../n8n/cleanup.mts';
import { readableTime } from '../n8n/progress.mts';
import { activateWorkflow, importWorkflow } from '../n8n/workflows.mts';
import { buildPackage, packPackage } from '../package.mts';
import { HELP, parseOptions } from './options.mts';
import type { BacklogOptions } from './options.mts';
import { watch } from './watch.mts';
import type { Course } from './watch.mts';
import { backlogWorkflow } from './workflow.mts';

const print = (line: string) => void process.stdout.write(`${line}\n`);

const MINUTE_MS = 60_000;
/** A good deal of the quota: the rest goes to the first minute, to listing, and to the last look. */
const MIN_SHARE = 0.8;
/** How much higher memory may peak in the second half than in the first, in MB: n8n's own caches grow a little. */
const MAX_GROWTH_MB = 150;

const peak = (values: number[]) => Math.max(0, ...values);

function isFlat(memory: number[]): boolean {
	const half = Math.ceil(memory.length / 2);
	return peak(memory.slice(half)) <= peak(memory.slice(0, half)) + MAX_GROWTH_MB;
}

function reportCourse({ durationMs, requests, memory }: Course, quota: number): boolean {
	// A sliding window lets the first minute's requests pass at once.
	const share = requests / (quota * (durationMs / MINUTE_MS + 1));
	print(`  time          ${readableTime(durationMs)}`);
	print(`  requests      ${requests}, ${Math.round(share * 100)}% of what the quota allowed in that time`);
	print(`  memory        ${memory.join(' ')} MB`);
	return share >= MIN_SHARE && isFlat(memory);
}

async function drain(options: BacklogOptions, cleanup: Pick<Cleanup, 'add'>): Promise<boolean> {
	const { blobs, events, quota, version } = options;
	const tarball = await packPackage();
	const postgres = await startPostgres();
	cleanup.add(async () => await postgres.stop());
	await createTable(postgres);
	const subject = await startSubject(version, tarball, print);
	cleanup.add(async () => await subject.close());
	const simulator: Simulator = await startSimulator({
		blobs,
		// At seven days' end the edge passes over the oldest before anybody could list them.
		days: 6.95,
		eventsPerBlob: events,
		quota: { requests: quota, perMs: MINUTE_MS },
		latencyMs: { mean: 80, jitter: 60 },
	});
	cleanup.add(async () => await simulator.close());
	const session = subject.session();
	const credentials = await createCredentials(session, postgres, simulator, simulator.url);
	const workflow = await importWorkflow(session, backlogWorkflow(credentials, quota));
	await activateWorkflow(session, workflow);

	const course = await watch(
		{ simulator, postgres, subject, say: print },
		(4 * blobs * MINUTE_MS) / quota + 10 * MINUTE_MS,
	);
	const { ledger } = simulator;
	const due = new Map([...ledger.events.keys()].map((key) => [key, 1]));
	const runs = await listRuns(session, workflow);
	const { lost, unknown, duplicates } = judge({ due, rows: await readRows(postgres), runs, kills: [] });
	const unfetched = simulator.feed.blobs.length - [...ledger.blobs.values()].filter((blob) => blob.fetched).length;
	print(`\nVerdict on n8n ${version.version}`);
	print(`  blobs         ${blobs}, not fetched ${unfetched}`);
	print(`  events        ${due.size}: lost ${lost.length}, duplicates ${duplicates.length}, never served ${unknown.length}`);
	print(`  executions    ${runs.length}, failed ${runs.filter(({ status }) => status !== 'success').length}`);
	const good = reportCourse(course, options.quota);
	const exact = [lost, duplicates, unknown].every(({ length }) => length === 0) && unfetched === 0;
	print(good && exact ? '  OK' : '  NOT OK');
	return good && exact;
}

const options = parseOptions(process.argv.slice(2));
if (options.help) {
	print(HELP);
	process.exit(0);
}
const cleanup = cleanUpOnExit();
let kept = false;
try {
	await buildPackage();
	kept = await drain(options, cleanup);
} catch (error) {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
} finally {
	await cleanup.run();
}
process.exit(kept ? 0 : 1);
