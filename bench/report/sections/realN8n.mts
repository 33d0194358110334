import { bars } from '../bars.mts';
import { megabytes, number, seconds, spread, table } from '../format.mts';
import { labelOf } from '../labels.mts';
import type { Section } from '../types.mts';

export const REAL_N8N_SECTION: Section = {
	name: 'n8n',
	tables({ rows }) {
		const [triggers, fetches] = [
			rows.filter(({ contestant }) => contestant === 'trigger'),
			rows.filter(({ contestant }) => contestant !== 'trigger'),
		];
		return [
			table(
				['', 'backlog', 'events a second', 'from the first request to the end of the last run'],
				triggers.map((row) => [
					labelOf(row.contestant),
					`${row.conditions['blobs']} blobs of ${row.conditions['eventsPerBlob']} events`,
					spread(row, 'eventsPerSecond', number),
					spread(row, 'wallMs', seconds),
				]),
			),
			table(
				['', 'data', 'growth of n8n’s memory', 'per raw byte', 'time'],
				fetches.map((row) => [
					labelOf(row.contestant),
					`${row.conditions['totalMb']} MB`,
					spread(row, 'growth', megabytes),
					spread(row, 'growthPerRawByte', number),
					spread(row, 'wallMs', seconds),
				]),
			),
		].join('\n\n');
	},
	plots: ({ rows }) => [
		bars(
			{ name: 'n8n', alt: 'Growth of the memory of a real n8n per byte fetched, by output' },
			rows.filter(({ contestant }) => contestant !== 'trigger'),
			{
				title: 'Growth of a real n8n’s memory per raw byte (lower is better)',
				axis: 'bytes',
				groupOf: ({ conditions }) => `${conditions['totalMb']} MB`,
				value: 'growthPerRawByte',
			},
		),
	],
};
