import { readFileSync } from 'node:fs';

import { interleave } from '../interleave.mts';
import type { Cell } from '../interleave.mts';
import { meanEventBytes } from '../load/templates.mts';
import { loadOf } from '../load/types.mts';
import type { Bench, Benchmark } from '../types.mts';
import { NO_LIMIT } from '../noLimit.mts';

const MB = 1e6;
/** What Node takes for its heap in a container of 1 GiB, as n8n's image lets it: leave a quarter for everything else. */
export const CONTAINER_HEAP_MB = 768;
export const CONTAINER_BYTES = 1024 ** 3;

const BLOB_SIZES_MB = [1, 10, 68, 150, 300];
const TOTALS_MB = [10, 100, 500, 2_000];
/** What is needed for the thresholds takes all repeats, the rest one. */
const SWEEP_REPEATS = { blob: 1, total: 1, container: 1, smallHeap: 1 };

interface Point {
	contestant: string;
	/** Size of one blob and how many there are. */
	blobMb: number;
	blobs: number;
	/** Which part of the benchmark it belongs to. */
	part: 'blob' | 'total' | 'container' | 'smallHeap';
	heapMb?: number;
	threshold?: boolean;
}

function points(quick: boolean): Point[] {
	const outputs = ['node-events', 'node-content', 'node-file', 'http-request'];
	const sizes = quick ? [1, 10] : BLOB_SIZES_MB;
	const totals = quick ? [10] : TOTALS_MB;
	const isThreshold = (contestant: string, totalMb: number) =>
		(contestant === 'node-events' && totalMb === 100) ||
		(contestant === 'node-file' && totalMb === 2_000);
	return [
		...outputs.flatMap((contestant) => [
			...sizes.map((blobMb): Point => ({ contestant, part: 'blob', blobMb, blobs: 1 })),
			...totals
				// As items two gigabytes do not fit into any heap that Node has by default.
				.filter((totalMb) => contestant === 'node-file' || totalMb < 2_000)
				.map(
					(totalMb): Point => ({
						contestant,
						part: 'total',
						blobMb: 1,
						blobs: totalMb,
						threshold: isThreshold(contestant, totalMb),
					}),
				),
			...(quick ? [30] : [30, 68, 100, 150, 200, 300]).map(
				(blobMb): Point => ({
					contestant,
					part: 'container',
					blobMb,
					blobs: 1,
					heapMb: CONTAINER_HEAP_MB,
				}),
			),
		]),
		{
			contestant: 'node-file',
			part: 'smallHeap',
			blobMb: quick ? 30 : 300,
			blobs: 1,
			heapMb: 256,
			threshold: true,
		},
	];
}

function cellOf({ contestant, part, blobMb, blobs, heapMb, threshold }: Point, eventBytes: number): Cell {
	return {
		conditions: { part, blobMb, totalMb: blobMb * blobs },
		...(threshold ? {} : { atMost: SWEEP_REPEATS[part] }),
		spec: {
			contestant,
			load: loadOf(blobs, Math.round((blobMb * MB) / eventBytes)),
			settings: { maxRequestsPerMinute: NO_LIMIT },
			...(heapMb && { heapMb }),
			mayFail: !threshold,
		},
	};
}

/** Peak of the process's memory, for blobs and totals of many sizes, and where 1 GiB does not do. */
export const MEMORY: Benchmark = {
	name: 'memory',
	title: 'Memory',
	minutes: 8,
	async run(bench: Bench) {
		const templates = JSON.parse(readFileSync(bench.templatesFile, 'utf8')) as string[];
		const eventBytes = meanEventBytes(templates);
		const cells = points(bench.quick).map((point) => cellOf(point, eventBytes));
		return await interleave(bench, cells, ({ answer: { measured }, report: { rawBytes } }) => {
			const growth = measured.rssPeak - measured.rssBefore;
			return {
				rawBytes,
				rssPeak: measured.rssPeak,
				growth,
				growthPerRawByte: growth / rawBytes,
				heldPerRawByte: measured.heldBytes / rawBytes,
				wallMs: measured.wallMs,
			};
		});
	},
};
