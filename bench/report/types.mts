import type { BenchmarkResult } from '../results/types.mts';
import type { Plot } from './svg.mts';

/** How the results of one benchmark are shown. */
export interface Section {
	/** The benchmark's name. */
	name: string;
	tables(result: BenchmarkResult): string;
	plots(result: BenchmarkResult): Plot[];
}
