import { bars } from '../bars.mts';
import { number, percent, spread, table } from '../format.mts';
import type { Row } from '../../results/types.mts';
import type { Section } from '../types.mts';

const caseOf = ({ conditions }: Row) => String(conditions['case']);

export const VIRTUAL_QUOTA_SECTION: Section = {
	name: 'virtual-quota',
	tables({ rows }) {
		return table(
			['The quota', 'counted in', 'used in steady state', 'answers throttled', '95% reached in window', 'smallest reader’s share'],
			rows.map((row) => [
				caseOf(row),
				`${row.conditions['window']} windows`,
				spread(row, 'used', percent),
				spread(row, 'throttled', percent),
				spread(row, 'reachedInWindow', number),
				spread(row, 'smallestReader', percent),
			]),
		);
	},
	plots: ({ rows }) => [
		bars(
			{ name: 'virtual-quota', alt: 'Share of the quota used in steady state, by what was assumed' },
			rows.map((row) => ({ ...row, contestant: `${row.conditions['window']} windows` })),
			{
				title: 'Virtual time: share of the quota used in steady state (higher is better)',
				axis: 'of 1',
				groupOf: caseOf,
				value: 'used',
			},
		),
	],
};
