import { median } from '../../bench/results/statistics.mts';
import type { Measure } from './measures.mts';
import type { Sample, Slope } from './types.mts';

/** The quarters by time, not by number: a busy machine is looked at less often. */
function medianOfQuarter(samples: readonly Sample[], name: keyof Sample, quarter: number): number {
	const end = samples.at(-1)?.minute ?? NaN;
	const within = ({ minute }: Sample) =>
		minute >= (end * (quarter - 1)) / 4 && minute <= (end * quarter) / 4;
	const values = samples.filter(within).map((sample) => sample[name]);
	return median(values.filter(Number.isFinite));
}

/**
 * The first quarter is for warming up. After that a measure is level if its median in the last quarter is not much worse
 * than in the second: medians, because single polls, faults and other programs make peaks that mean nothing.
 */
export function judgeSlope(samples: readonly Sample[], measure: Measure): Slope {
	const { name, slack, slackShare, worse } = measure;
	const second = medianOfQuarter(samples, name, 2);
	const last = medianOfQuarter(samples, name, 4);
	const allowed = Math.max(slack, slackShare * second);
	const change = worse === 'more' ? last - second : second - last;
	// What was never measured is not level: NaN compares as false.
	return { name, second, last, allowed, flat: change <= allowed };
}

export const judgeSlopes = (samples: readonly Sample[], measures: readonly Measure[]): Slope[] =>
	measures.map((measure) => judgeSlope(samples, measure));
