import type { Row } from './results/types.mts';
import type { Progress } from './progress.mts';

/** What a benchmark is given. */
export interface Bench {
	repeats: number;
	/** Small sizes, to see that everything works. */
	quick: boolean;
	/** JSON file with the templates of all events. */
	templatesFile: string;
	progress: Progress;
}

export interface Benchmark {
	/** On the command line and in results. */
	name: string;
	title: string;
	/** How long it takes on the machine of docs/performance.md, with five repeats. */
	minutes: number;
	/** @throws NotDelivered as soon as a contestant does not deliver what was served */
	run(bench: Bench): Promise<Row[]>;
}
