import { bars } from '../bars.mts';
import { number, seconds, spread, table } from '../format.mts';
import { labelOf } from '../labels.mts';
import { medianOf } from '../../results/statistics.mts';
import type { Row } from '../../results/types.mts';
import type { Section } from '../types.mts';

const groupOf = ({ conditions }: Row) => `${conditions['latencyMs']} ms`;

function nameOf({ contestant, conditions }: Row): string {
	const { size, intervalMs } = conditions;
	return size ? `${labelOf(contestant)}: ${size} every ${intervalMs} ms` : labelOf(contestant);
}

export const LATENCY_SECTION: Section = {
	name: 'latency',
	tables({ rows }) {
		return table(
			['Time for 1,000 blobs', 'latency', 'median (lowest to highest)', 'most requests at once'],
			rows.map((row) => [
				nameOf(row),
				groupOf(row),
				spread(row, 'wallMs', seconds),
				number(medianOf(row, 'peakOpen')),
			]),
		);
	},
	plots: ({ rows }) => [
		bars(
			{ name: 'latency', alt: 'Time for 1,000 blobs at three latencies, by contestant' },
			rows,
			{
				title: 'Time for 1,000 blobs over TLS, by latency (lower is better, logarithmic)',
				axis: 'seconds',
				groupOf,
				value: 'wallMs',
				divisor: 1000,
				logarithmic: true,
			},
		),
	],
};
