import { medianOf } from '../../results/statistics.mts';
import type { Row } from '../../results/types.mts';
import { number, table } from '../format.mts';
import { labelOf } from '../labels.mts';
import { lines } from '../lines.mts';
import type { Section } from '../types.mts';

const blobsOf = ({ conditions }: Row) => Number(conditions['blobs']);

export const GROWTH_SECTION: Section = {
	name: 'growth',
	tables({ rows }) {
		return table(
			['', 'blobs', 'CPU per blob', 'growth of memory per blob', 'checkpoint', 'checkpoint per blob'],
			rows.map((row) => {
				const checkpoint = medianOf(row, 'checkpointBytes');
				return [
					labelOf(row.contestant),
					number(blobsOf(row), 6),
					`${number(medianOf(row, 'cpuMsPerBlob'))} ms`,
					`${number(medianOf(row, 'growthBytesPerBlob') / 1000)} KB`,
					checkpoint > 0 ? `${number(checkpoint / 1000)} KB` : '–',
					checkpoint > 0 ? `${number(checkpoint / blobsOf(row))} bytes` : '–',
				];
			}),
		);
	},
	plots: ({ rows }) => [
		lines(
			{ name: 'growth', alt: 'CPU time per blob over the number of blobs, for node and trigger' },
			rows,
			{
				title: 'CPU time per blob as backlogs grow (level is good, logarithmic)',
				xAxis: 'blobs',
				yAxis: 'milliseconds per blob',
				x: blobsOf,
				value: 'cpuMsPerBlob',
			},
		),
	],
};
