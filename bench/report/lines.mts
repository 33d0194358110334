import { medianOf } from '../results/statistics.mts';
import type { Row } from '../results/types.mts';
import { labelOf } from './labels.mts';
import { axis, legend, title } from './svg.mts';
import type { Plot } from './svg.mts';

/** A straight line for comparison: a threshold, or what others publish. */
export interface ReferenceLine {
	name: string;
	valueAt: (x: number) => number;
}

/** One line per contestant over a number among the conditions; medians, both axes logarithmic. */
export function lines(
	plot: Pick<Plot, 'name' | 'alt'>,
	rows: readonly Row[],
	show: {
		title: string;
		xAxis: string;
		yAxis: string;
		x: (row: Row) => number;
		value: string;
		divisor?: number;
		references?: readonly ReferenceLine[];
	},
): Plot {
	const contestants = [...new Set(rows.map(({ contestant }) => contestant))];
	const xs = [...new Set(rows.map(show.x))].sort((a, b) => a - b);
	const points = (contestant: string) =>
		rows
			.filter((row) => row.contestant === contestant && row.samples.length > 0)
			.map((row) => [show.x(row), medianOf(row, show.value) / (show.divisor ?? 1)])
			.filter(([, y = 0]) => y > 0)
			.sort(([a = 0], [b = 0]) => a - b);
	return {
		...plot,
		option: {
			title: title(show.title),
			legend: legend(),
			grid: { left: 80, right: 30, top: 46, bottom: 95 },
			xAxis: { type: 'log', ...axis(show.xAxis), min: xs[0], max: xs.at(-1) },
			yAxis: { type: 'log', ...axis(show.yAxis, { nameGap: 55 }) },
			series: [
				...contestants.map((contestant) => ({
					type: 'line' as const,
					name: labelOf(contestant),
					symbolSize: 8,
					data: points(contestant),
				})),
				...(show.references ?? []).map(({ name, valueAt }) => ({
					type: 'line' as const,
					name,
					symbol: 'none',
					lineStyle: { type: 'dashed' as const },
					data: xs.map((x) => [x, valueAt(x)]),
				})),
			],
		} as Plot['option'],
	};
}
