import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';

import { ROOT } from '../../scripts/package.mts';

export interface Plot {
	/** `docs/images/performance-<name>.svg` */
	name: string;
	/** What a reader who cannot see it is told. */
	alt: string;
	option: EChartsOption;
	height?: number;
}

const WIDTH = 860;
const HEIGHT = 420;

/** Readable on white and on black: a page may be shown in either. */
export const INK = '#7d8590';
export const COLOURS = ['#2f81f7', '#e5534b', '#3fb950', '#d29922', '#a371f7', '#768390', '#39c5cf'];

const fileOf = (name: string) => `docs/images/performance-${name}.svg`;

/** Draws a plot into its file. */
export function draw({ name, option, height = HEIGHT }: Plot, file = fileOf(name)): void {
	const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
	chart.setOption({
		animation: false,
		backgroundColor: 'transparent',
		color: COLOURS,
		textStyle: { color: INK, fontFamily: 'Helvetica, Arial, sans-serif' },
		...option,
	});
	writeFileSync(join(ROOT, file), `${chart.renderToSVGString()}\n`);
	chart.dispose();
}

export const imageOf = ({ name, alt }: Plot): string => `![${alt}](${fileOf(name).replace('docs/', '')})`;

/** An axis in the common ink. */
export function axis(name: string, more: object = {}): object {
	return {
		name,
		nameLocation: 'middle',
		nameGap: 34,
		nameTextStyle: { color: INK },
		axisLabel: { color: INK },
		axisLine: { lineStyle: { color: INK } },
		splitLine: { lineStyle: { color: INK, opacity: 0.25 } },
		...more,
	};
}

export function title(text: string): object {
	return { text, left: 'center', textStyle: { color: INK, fontSize: 15 } };
}

export const legend = (more: object = {}): object => ({
	bottom: 0,
	// Without a browser text is measured by a table that is narrower than most fonts.
	itemGap: 40,
	textStyle: { color: INK, fontSize: 11 },
	...more,
});
