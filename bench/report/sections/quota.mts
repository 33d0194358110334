import { bars } from '../bars.mts';
import { number, percent, spread, table } from '../format.mts';
import { labelOf } from '../labels.mts';
import type { Row } from '../../results/types.mts';
import type { Section } from '../types.mts';

function nameOf({ contestant, conditions }: Row): string {
	const { size, intervalMs, workflows, quota } = conditions;
	const details = [
		...(size ? [`${size} every ${intervalMs} ms`] : []),
		...(workflows ? [`${workflows} workflows at once`] : []),
		...(quota ? ['without a quota'] : []),
	];
	return [labelOf(contestant), ...details].join(', ');
}

export const QUOTA_SECTION: Section = {
	name: 'quota',
	tables({ rows }) {
		return table(
			['', 'requests', 'quota used in steady state', 'answers throttled', 'requests a minute'],
			rows.map((row) => [
				nameOf(row),
				number(Number(row.conditions['requests']), 6),
				row.conditions['quota'] ? '–' : spread(row, 'steadyShare', percent),
				row.conditions['quota'] ? '–' : spread(row, 'throttledShare', percent),
				spread(row, 'requestsPerMinute', number),
			]),
		);
	},
	plots: ({ rows }) => [
		bars(
			{ name: 'quota', alt: 'Share of the quota that was used in steady state, by contestant' },
			rows.filter((row) => !row.conditions['quota']),
			{
				title: 'Share of the quota used in steady state (higher is better)',
				axis: 'of 1',
				groupOf: ({ conditions }) => (conditions['workflows'] ? '2 workflows' : '1 workflow'),
				value: 'steadyShare',
			},
		),
	],
};
