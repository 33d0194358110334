import { bars } from '../bars.mts';
import { number, spread, table } from '../format.mts';
import { labelOf } from '../labels.mts';
import { findRow, medianOf } from '../../results/statistics.mts';
import type { Row } from '../../results/types.mts';
import type { Section } from '../types.mts';

const VALUE = 'cpuMsPer1000Events';
const sizeOf = ({ conditions }: Row) =>
	`${number(Number(conditions['blobs']))} blobs of ${conditions['eventsPerBlob']} events`;

export const CPU_SECTION: Section = {
	name: 'cpu',
	tables({ rows }) {
		return table(
			['CPU time per 1,000 events', 'load', 'median (lowest to highest)', 'times the floor'],
			rows.map((row) => [
				labelOf(row.contestant),
				sizeOf(row),
				spread(row, VALUE, (ms) => `${number(ms)} ms`),
				number(medianOf(row, VALUE) / medianOf(findRow(rows, 'floor', row.conditions), VALUE)),
			]),
		);
	},
	plots: ({ rows }) => [
		bars(
			{ name: 'cpu', alt: 'CPU time per 1,000 events, by contestant and size of the blobs' },
			rows,
			{
				title: 'CPU time per 1,000 events (lower is better, logarithmic)',
				logarithmic: true,
				axis: 'milliseconds',
				groupOf: sizeOf,
				value: VALUE,
			},
		),
	],
};
