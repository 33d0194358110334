import { readFileSync } from 'node:fs';

import { createCredential } from '../../scripts/n8n/credentials.mts';
import type { StoredCredential } from '../../scripts/n8n/credentials.mts';
import { startN8n } from '../../scripts/n8n/index.mts';
import type { RunningN8n } from '../../scripts/n8n/index.mts';
import { runWorkflow } from '../../scripts/n8n/executions.mts';
import { importWorkflow } from '../../scripts/n8n/workflows.mts';
import { packPackage } from '../../scripts/package.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../../scripts/simulatedTenant.mts';
import { fetchWorkflow } from '../../scripts/fetchWorkflow.mts';
import { meanEventBytes } from '../load/templates.mts';
import { loadOf } from '../load/types.mts';
import type { Load } from '../load/types.mts';
import { NO_LIMIT } from '../noLimit.mts';
import { runTriggerWorkflow } from '../realN8n/triggerRun.mts';
import { watchMemory } from '../realN8n/watchMemory.mts';
import type { Row, Sample } from '../results/types.mts';
import { plainTenant, startTenant } from '../tenant/start.mts';
import type { RunningTenant } from '../tenant/start.mts';
import type { Bench, Benchmark } from '../types.mts';

const MB = 1e6;
/** No threshold depends on these, and an n8n takes long to start. */
const MOST_REPEATS = 2;
const ENVIRONMENT = { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' };

interface Run {
	n8n: RunningN8n;
	tenant: RunningTenant;
	credential: StoredCredential;
	load: Load;
	templates: readonly string[];
}

async function trigger(run: Run): Promise<Sample> {
	const { n8n, credential, tenant, load, templates } = run;
	const { wallMs, runs } = await runTriggerWorkflow(n8n.session, credential, tenant, load, templates);
	const events = load.blobs * load.eventsPerBlob;
	return { wallMs, runs, eventsPerSecond: (events / wallMs) * 1000 };
}

async function fetchOnce(
	{ n8n, credential, tenant, load }: Run,
	output: 'events' | 'file',
): Promise<Sample> {
	const workflow = fetchWorkflow(credential, {
		resource: 'event',
		operation: 'getAll',
		contentTypes: [...load.contentTypes],
		timeRange: 'last',
		lastAmount: load.days,
		lastUnit: 'days',
		returnAll: true,
		simplify: false,
		output,
		options: { maxRequestsPerMinute: NO_LIMIT },
	});
	const stored = await importWorkflow(n8n.session, workflow);
	const started = Date.now();
	const { result, before, peak } = await watchMemory(
		n8n.server.pid,
		async () => await runWorkflow(n8n.session, stored, 'Start'),
	);
	if (result.status !== 'success') throw new Error(`n8n: ${result.error?.message ?? result.status}`);
	const { rawBytes } = await tenant.report();
	const growth = peak - before;
	return {
		wallMs: Date.now() - started,
		rawBytes,
		rssPeak: peak,
		growth,
		growthPerRawByte: growth / rawBytes,
	};
}

/** Everything in an n8n of its own, because memory that one run leaves behind would count for the next. */
async function inFreshN8n(
	{ templatesFile, progress }: Bench,
	load: Load,
	work: (run: Run) => Promise<Sample>,
): Promise<Sample> {
	const tarball = await packPackage();
	const n8n = await startN8n({ tarball, environment: ENVIRONMENT, say: progress.say });
	const tenant = await startTenant(plainTenant(load, templatesFile));
	try {
		const { url, ...identity } = tenant.connection;
		const data = credentialFor({ tenant: identity, url });
		const credential = await createCredential(n8n.session, CREDENTIAL_TYPE, 'Tenant', data);
		const templates = JSON.parse(readFileSync(templatesFile, 'utf8')) as string[];
		return await work({ n8n, tenant, credential, load, templates });
	} finally {
		await n8n.close();
		await tenant.end();
	}
}

/** The trigger's throughput end to end, and memory, in a real n8n with its database. */
export const REAL_N8N: Benchmark = {
	name: 'n8n',
	title: 'In a real n8n',
	minutes: 4,
	async run(bench) {
		const templates = JSON.parse(readFileSync(bench.templatesFile, 'utf8')) as string[];
		const perMb = MB / meanEventBytes(templates);
		const megabytes = (blobs: number) => loadOf(blobs, Math.round(perMb));
		const row = (contestant: string, conditions: Row['conditions']): Row => ({
			contestant,
			conditions,
			samples: [],
			failures: [],
		});
		const parts = [
			{
				row: row('trigger', { blobs: bench.quick ? 50 : 500, eventsPerBlob: 100 }),
				load: loadOf(bench.quick ? 50 : 500, 100),
				work: trigger,
			},
			{
				row: row('node-events', { totalMb: bench.quick ? 5 : 50 }),
				load: megabytes(bench.quick ? 5 : 50),
				work: async (run: Run) => await fetchOnce(run, 'events'),
			},
			{
				row: row('node-file', { totalMb: bench.quick ? 20 : 2_000 }),
				load: megabytes(bench.quick ? 20 : 2_000),
				work: async (run: Run) => await fetchOnce(run, 'file'),
			},
		];
		const repeats = Math.min(bench.repeats, MOST_REPEATS);
		bench.progress.plan(parts.length * repeats);
		for (let repeat = 0; repeat < repeats; repeat++) {
			for (const part of parts) {
				const sample = await inFreshN8n(bench, part.load, part.work);
				part.row.samples.push(sample);
				bench.progress.done(`${part.row.contestant}, ${Math.round(sample['wallMs'] ?? 0)} ms`);
			}
		}
		return parts.map((part) => part.row);
	},
};
