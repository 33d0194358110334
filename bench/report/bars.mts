import { medianOf } from '../results/statistics.mts';
import type { Row } from '../results/types.mts';
import { labelOf } from './labels.mts';
import { axis, legend, title } from './svg.mts';
import type { Plot } from './svg.mts';

/** Grouped bars: one group per condition, one colour per contestant, medians. */
export function bars(
	plot: Pick<Plot, 'name' | 'alt'>,
	rows: readonly Row[],
	show: {
		title: string;
		axis: string;
		groupOf: (row: Row) => string;
		/** Which number, and by what it is divided. */
		value: string;
		divisor?: number;
		logarithmic?: boolean;
	},
): Plot {
	const groups = [...new Set(rows.map(show.groupOf))];
	const contestants = [...new Set(rows.map(({ contestant }) => contestant))];
	const valueOf = (contestant: string, group: string) => {
		const row = rows.find((each) => each.contestant === contestant && show.groupOf(each) === group);
		const value = medianOf(row, show.value) / (show.divisor ?? 1);
		return Number.isFinite(value) ? Number(value.toPrecision(3)) : null;
	};
	return {
		...plot,
		option: {
			title: title(show.title),
			legend: legend(),
			grid: { left: 70, right: 20, top: 46, bottom: 90 },
			xAxis: { type: 'category', data: groups, ...axis('') },
			yAxis: { type: show.logarithmic ? 'log' : 'value', ...axis(show.axis, { nameGap: 48 }) },
			series: contestants.map((contestant) => ({
				type: 'bar' as const,
				name: labelOf(contestant),
				data: groups.map((group) => valueOf(contestant, group)),
				label: { show: true, position: 'top' as const, fontSize: 10, color: '#7d8590' },
			})),
		} as Plot['option'],
	};
}
