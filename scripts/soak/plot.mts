import { axis, INK, COLOURS } from '../../bench/report/svg.mts';
import type { Plot } from '../../bench/report/svg.mts';
import type { Sample } from './types.mts';

export const IMAGE = 'images/soak.svg';

interface Panel {
	title: string;
	lines: Array<[label: string, name: keyof Sample]>;
}

const PANELS: readonly Panel[] = [
	{ title: 'Memory, MB', lines: [['resident', 'rssMb'], ['heap after GC', 'heapMb']] },
	{
		title: 'Handles',
		lines: [['descriptors', 'descriptors'], ['sockets', 'sockets'], ['handles', 'handles']],
	},
	{
		title: 'Static data, KB',
		lines: [['as stored', 'staticKb'], ['without remembered blobs', 'staticRestKb']],
	},
	{ title: 'Event-loop delay, ms', lines: [['median', 'delayP50Ms'], ['99%', 'delayP99Ms']] },
	{ title: 'Events a minute', lines: [['rows written', 'eventsPerMinute']] },
	{ title: 'Lag, seconds', lines: [['age of the newest delivered blob', 'lagSeconds']] },
	{ title: 'Failed executions', lines: [['in a sixth of the time', 'failed']] },
	{ title: 'Database, MB', lines: [['with its log', 'databaseMb']] },
];

const COLUMNS = 2;
const PANEL = { width: 350, height: 120, left: 60, top: 40, between: 80, gap: 70 };

const leftOf = (at: number) => PANEL.left + (at % COLUMNS) * (PANEL.width + PANEL.between);
const topOf = (at: number) =>
	PANEL.top + Math.floor(at / COLUMNS) * (PANEL.height + PANEL.gap);

/** The quarters that are compared. */
function compared(end: number): object {
	const quarter = (n: number) => [{ xAxis: (end * (n - 1)) / 4 }, { xAxis: (end * n) / 4 }];
	return { silent: true, itemStyle: { color: INK, opacity: 0.12 }, data: [quarter(2), quarter(4)] };
}

/** Small plots over the same time, one for each kind of measure. */
export function soakPlot(samples: readonly Sample[]): Plot {
	const end = Math.ceil(samples.at(-1)?.minute ?? 0);
	// In the first minute everything is far from where it will be, and would make the rest look flat.
	const started = samples.filter(({ minute }) => minute >= 1);
	const plain = { nameGap: 22, nameTextStyle: { color: INK, fontSize: 10 } };
	return {
		name: 'soak',
		alt: 'Memory, handles, static data, event-loop delay, events a minute, lag, failed executions and database over the time of the soak; the quarters compared are shaded',
		height: topOf(PANELS.length) + 10,
		option: {
			title: PANELS.map(({ title: text }, at) => ({
				text,
				left: leftOf(at) - 10,
				top: topOf(at) - 36,
				textStyle: { color: INK, fontSize: 12 },
			})),
			legend: PANELS.map(({ lines }, at) => ({
				data: lines.map(([label]) => label),
				left: leftOf(at) + 120,
				top: topOf(at) - 36,
				itemWidth: 14,
				itemGap: 14,
				textStyle: { color: INK, fontSize: 10 },
			})),
			grid: PANELS.map((_, at) => ({
				left: leftOf(at),
				top: topOf(at),
				width: PANEL.width,
				height: PANEL.height,
			})),
			xAxis: PANELS.map((_, gridIndex) => ({
				type: 'value',
				gridIndex,
				...axis('minutes', plain),
				splitLine: { show: false },
				min: 0,
				max: end,
			})),
			yAxis: PANELS.map((_, gridIndex) => ({
				type: 'value',
				gridIndex,
				min: 0,
				splitNumber: 3,
				...axis('', plain),
			})),
			series: PANELS.flatMap(({ lines }, at) =>
				lines.map(([name, key], line) => ({
					type: 'line' as const,
					name,
					xAxisIndex: at,
					yAxisIndex: at,
					symbol: 'none',
					lineStyle: { width: 1.5 },
					itemStyle: { color: COLOURS[line] },
					data: started.map((sample) => [sample.minute, sample[key]]),
					...(line === 0 ? { markArea: compared(end) } : {}),
				})),
			),
		} as Plot['option'],
	};
}
