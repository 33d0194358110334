import { interleave } from '../interleave.mts';
import type { Cell } from '../interleave.mts';
import { loadOf } from '../load/types.mts';
import { runOnce } from '../run/runOnce.mts';
import type { RunSpec } from '../run/runOnce.mts';
import type { Bench, Benchmark } from '../types.mts';
import { NO_LIMIT } from '../noLimit.mts';

const EVENTS_PER_BLOB = 10;
const MOST_AT_ONCE = 50;

/** One at a time takes minutes and depends on nothing but the number of blobs: a twentieth of them is measured. */
const ONE_BY_ONE_SHARE = 0.05;

/** How much longer than the latency the batches may take, to be tried: what a request costs besides is not known before. */
const HEADROOM = [1.05, 1.2, 1.5, 2, 3];

function specOf(contestant: string, blobs: number, latencyMs: number): RunSpec {
	return {
		contestant,
		load: loadOf(blobs, EVENTS_PER_BLOB),
		latencyMs: { mean: latencyMs, jitter: 0 },
		tls: true,
		settings: { maxRequestsPerMinute: NO_LIMIT },
	};
}

/** The pause between batches of `size` that keeps the number of open requests at about 50. */
const interval = (latencyMs: number, size: number, headroom: number) =>
	Math.max(1, Math.ceil((latencyMs * headroom * size) / MOST_AT_ONCE));

/**
 * Batching in HTTP Request starts a batch every so often, whether the one before has ended or not. Tries settings and
 * returns the fastest of those that never had more than 50 requests open.
 */
async function bestBatch(
	{ templatesFile, progress, quick }: Bench,
	blobs: number,
	latencyMs: number,
): Promise<NonNullable<RunSpec['settings']>['batch']> {
	let best: { wallMs: number; size: number; intervalMs: number } | undefined;
	for (const size of quick ? [MOST_AT_ONCE] : [10, MOST_AT_ONCE]) {
		for (const headroom of HEADROOM) {
			const batch = { size, intervalMs: interval(latencyMs, size, headroom) };
			const spec = { ...specOf('http-request', blobs, latencyMs), settings: { batch } };
			const outcome = await runOnce(spec, templatesFile);
			if (!outcome.ok || outcome.report.peakOpen > MOST_AT_ONCE) continue;
			const { wallMs } = outcome.answer.measured;
			if (!best || wallMs < best.wallMs) best = { ...batch, wallMs };
			// A longer pause can only be slower.
			break;
		}
	}
	if (!best) throw new Error(`No batching at ${latencyMs} ms keeps below ${MOST_AT_ONCE} requests`);
	const { size, intervalMs, wallMs } = best;
	progress.say(
		`  HTTP Request's best batching at ${latencyMs} ms: ${size} items every ${intervalMs} ms (${Math.round(wallMs)} ms)`,
	);
	return { size, intervalMs };
}

async function cellsAt(bench: Bench, latencyMs: number): Promise<Cell[]> {
	const blobs = bench.quick ? 200 : 1_000;
	const conditions = { blobs, latencyMs };
	const batch = await bestBatch(bench, blobs, latencyMs);
	const oneByOne = { size: 1, intervalMs: latencyMs };
	const http = (settings: RunSpec['settings'], count = blobs) => ({
		...specOf('http-request', count, latencyMs),
		settings,
	});
	return [
		{ conditions, spec: specOf('node-events', blobs, latencyMs) },
		// No threshold depends on it.
		{ conditions, as: 'http-unbatched', atMost: 2, spec: http({}) },
		{ conditions: { ...conditions, ...batch }, as: 'http-best-batch', spec: http({ batch }) },
		{
			conditions,
			as: 'http-one-by-one',
			spec: http({ batch: oneByOne }, Math.round(blobs * ONE_BY_ONE_SHARE)),
		},
	];
}

/** Wall time for 1,000 blobs, over TLS on loopback, without a quota. */
export const LATENCY: Benchmark = {
	name: 'latency',
	title: 'Latency-bound',
	minutes: 10,
	async run(bench) {
		const cells: Cell[] = [];
		for (const latencyMs of bench.quick ? [150] : [50, 150, 400]) {
			cells.push(...(await cellsAt(bench, latencyMs)));
		}
		return await interleave(bench, cells, ({ answer, report }, { as, conditions }) => ({
			measuredWallMs: answer.measured.wallMs,
			wallMs:
				(answer.measured.wallMs * Number(conditions['blobs'])) /
				(as === 'http-one-by-one' ? report.servedPerBlob.length : Number(conditions['blobs'])),
			cpuMs: answer.measured.cpuMs,
			peakOpen: report.peakOpen,
			requests: report.requests,
		}));
	},
};
