import { interleave } from '../interleave.mts';
import { loadOf } from '../load/types.mts';
import { NO_LIMIT } from '../noLimit.mts';
import type { Benchmark } from '../types.mts';

const CONTESTANTS = [
	'node-events',
	'node-simplified',
	'http-request',
	'floor',
	'floor-with-token',
];

/** CPU time per 1,000 events, without latency and quota. */
export const CPU: Benchmark = {
	name: 'cpu',
	title: 'CPU-bound',
	minutes: 4,
	async run(bench) {
		const sizes = bench.quick
			? [loadOf(100, 50)]
			: [loadOf(200, 250), loadOf(2_000, 5)];
		const cells = sizes.flatMap((load) =>
			CONTESTANTS.map((contestant) => ({
				conditions: { blobs: load.blobs, eventsPerBlob: load.eventsPerBlob },
				spec: { contestant, load, settings: { maxRequestsPerMinute: NO_LIMIT } },
			})),
		);
		return await interleave(bench, cells, ({ answer: { measured, events } }) => ({
			cpuMs: measured.cpuMs,
			wallMs: measured.wallMs,
			cpuMsPer1000Events: (measured.cpuMs / events) * 1000,
		}));
	},
};
