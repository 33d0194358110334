import { interleave } from '../interleave.mts';
import type { Cell } from '../interleave.mts';
import { loadOf } from '../load/types.mts';
import type { Sample } from '../results/types.mts';
import { runOnce } from '../run/runOnce.mts';
import type { RunSpec } from '../run/runOnce.mts';
import { PER_MINUTE, steadyShare } from '../quota/steadyShare.mts';
import type { TenantReport } from '../tenant/types.mts';
import type { Bench, Benchmark } from '../types.mts';
import { NO_LIMIT } from '../noLimit.mts';

/** The tenant's minute lasts 15 seconds; our node lives on the same clock. */
const TIME_SCALE = 4;
const WINDOW_MS = 60_000 / TIME_SCALE;
const LATENCY_MS = { mean: 120, jitter: 60 };
const EVENTS_PER_BLOB = 2;
/** Entries on a page of a listing. */
const PAGE_SIZE = 200;

/** A backlog that takes so many requests, listings included. */
function specOf(contestant: string, requests: number, settings: RunSpec['settings'] = {}): RunSpec {
	const blobs = Math.floor((requests * PAGE_SIZE) / (PAGE_SIZE + 1));
	return {
		contestant,
		settings,
		load: loadOf(blobs, EVENTS_PER_BLOB),
		latencyMs: LATENCY_MS,
		quotaPerMinute: PER_MINUTE,
		timeScale: TIME_SCALE,
	};
}

/**
 * The shortest pause between batches of 50 with which a workflow of HTTP Request nodes gets through. The node adds the time it
 * takes to start a batch, so that the quota's own arithmetic (50 in 375 ms) is not the best.
 */
async function bestBatch({ templatesFile, progress }: Bench): Promise<{ size: number; intervalMs: number }> {
	for (const intervalMs of [300, 335, 355, 375, 400]) {
		const batch = { size: 50, intervalMs };
		const spec = { ...specOf('http-request', 2.5 * PER_MINUTE, { batch }), mayFail: true };
		const outcome = await runOnce(spec, templatesFile);
		const share = outcome.ok ? steadyShare(outcome.report.passedAtMs, WINDOW_MS) : 0;
		progress.say(
			`  HTTP Request, 50 items every ${intervalMs} ms: ${outcome.ok ? `${Math.round(share * 100)}% of the quota` : 'throttled, fails'}`,
		);
		if (outcome.ok) return batch;
	}
	throw new Error('HTTP Request got through with no batching');
}

export function quotaSample(
	{ passedAtMs, throttledAtMs }: TenantReport,
	quotaFactor = 1,
): Sample {
	const answers = passedAtMs.length + throttledAtMs.length;
	return {
		steadyShare: steadyShare(passedAtMs, WINDOW_MS, PER_MINUTE * quotaFactor),
		throttledShare: throttledAtMs.length / answers,
		seconds: (passedAtMs.at(-1) ?? 0) / 1000,
	};
}

/** A long backlog in real time, with the quota of a minute scaled to 15 seconds. */
export const QUOTA: Benchmark = {
	name: 'quota',
	title: 'Quota-bound, real time',
	minutes: 14,
	async run(bench) {
		const requests = bench.quick ? 2.5 * PER_MINUTE : 10 * PER_MINUTE;
		const some = 4 * PER_MINUTE;
		const batch = await bestBatch(bench);
		const cells: Cell[] = [
			{ conditions: { requests }, together: 'backlog', spec: specOf('node-events', requests) },
			{
				conditions: { requests, ...batch },
				as: 'http-quota-batch',
				together: 'backlog',
				spec: { ...specOf('http-request', requests, { batch }), mayFail: true },
			},
			{
				conditions: { requests: some, workflows: 2 },
				together: 'backlog',
				spec: specOf('node-events', some / 2, { workflows: 2 }),
			},
			{
				conditions: { requests },
				as: 'http-unbatched',
				atMost: 1,
				spec: { ...specOf('http-request', requests), mayFail: true },
			},
			{
				conditions: { requests: some, quota: 'none' },
				as: 'floor',
				atMost: 2,
				spec: { ...specOf('floor', some, { maxRequestsPerMinute: NO_LIMIT }), quotaPerMinute: undefined },
			},
		];
		return await interleave(bench, cells, ({ answer, report }) => ({
			...quotaSample(report),
			requestsPerMinute: (report.requests / answer.measured.wallMs) * 60_000,
		}));
	},
};
