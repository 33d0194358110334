import { CONTAINER_BYTES } from '../../benchmarks/memory.mts';
import { medianOf } from '../../results/statistics.mts';
import type { Row } from '../../results/types.mts';
import { elasticPeak } from '../elastic.mts';
import { megabytes, number, spread, table } from '../format.mts';
import { labelOf } from '../labels.mts';
import { lines } from '../lines.mts';
import type { Section } from '../types.mts';

const ofPart = (rows: readonly Row[], part: string) =>
	rows.filter(({ conditions }) => conditions['part'] === part);

function describe({ conditions }: Row): string {
	const { part, blobMb, totalMb } = conditions;
	return part === 'total' ? `${totalMb} MB in blobs of 1 MB` : `one blob of ${blobMb} MB`;
}

function sweep(rows: readonly Row[]): string {
	return table(
		['Peak memory', 'data', 'growth (lowest to highest)', 'per raw byte', 'held after collection, per raw byte'],
		rows.map((row) => [
			labelOf(row.contestant),
			describe(row),
			spread(row, 'growth', megabytes),
			number(medianOf(row, 'growthPerRawByte')),
			number(medianOf(row, 'heldPerRawByte')),
		]),
	);
}

/** Whether a run would have been ended: it ran out of heap, or needed more than the container has. */
const breaks = (row: Row) => row.failures.length > 0 || !(medianOf(row, 'rssPeak') <= CONTAINER_BYTES);

/** The largest blob that got through in 1 GiB, and the first that did not. */
function container(rows: readonly Row[]): string {
	const contestants = [...new Set(rows.map(({ contestant }) => contestant))];
	return table(
		['In 1 GiB (one blob, heap limit 768 MB)', 'largest that passes', 'smallest that breaks'],
		[
			...contestants.map((contestant) => {
				const own = rows.filter((row) => row.contestant === contestant);
				const sizes = (broken: boolean) =>
					own.filter((row) => breaks(row) === broken).map(({ conditions }) => Number(conditions['blobMb']));
				const [most, least] = [Math.max(...sizes(false)), Math.min(...sizes(true))];
				return [
					labelOf(contestant),
					Number.isFinite(most) ? `${most} MB` : 'none tried',
					Number.isFinite(least) ? `${least} MB` : 'none tried',
				];
			}),
			['Elastic’s published figure', '–', '68 MB'],
		],
	);
}

export const MEMORY_SECTION: Section = {
	name: 'memory',
	tables({ rows }) {
		const small = ofPart(rows, 'smallHeap');
		return [
			sweep([...ofPart(rows, 'blob'), ...ofPart(rows, 'total')]),
			container(ofPart(rows, 'container')),
			...small.map((row) => {
				const passed = `${row.samples.length} of ${row.samples.length + row.failures.length}`;
				return `${labelOf(row.contestant)}, one blob of ${row.conditions['blobMb']} MB with a 256 MB heap: ${passed} runs pass.`;
			}),
		].join('\n\n');
	},
	plots: ({ rows }) => [
		lines(
			{ name: 'memory', alt: 'Peak memory over the size of one blob, by output, with Elastic’s figure' },
			ofPart(rows, 'blob'),
			{
				title: 'Peak memory of the process for one blob (lower is better, logarithmic)',
				xAxis: 'size of the blob in MB',
				yAxis: 'peak RSS in MB',
				x: ({ conditions }) => Number(conditions['blobMb']),
				value: 'rssPeak',
				divisor: 1e6,
				references: [
					{ name: 'Elastic: 204 MB + 12.1 × raw', valueAt: (mb) => elasticPeak(mb * 1e6) / 1e6 },
					{ name: '1 GiB', valueAt: () => CONTAINER_BYTES / 1e6 },
				],
			},
		),
		lines(
			{ name: 'memory-total', alt: 'Growth of memory over the total size of the data, by output' },
			ofPart(rows, 'total'),
			{
				title: 'Growth of memory for many blobs of 1 MB (lower is better, logarithmic)',
				xAxis: 'all data in MB',
				yAxis: 'growth of RSS in MB',
				x: ({ conditions }) => Number(conditions['totalMb']),
				value: 'growth',
				divisor: 1e6,
			},
		),
	],
};
