/** Numbers of one repeat, units in their names. */
export type Sample = Record<string, number>;

/** One contestant under one set of conditions. */
export interface Row {
	/** What distinguishes it from the other rows of the benchmark, such as the latency. */
	conditions: Record<string, string | number>;
	contestant: string;
	/** Raw values of each repeat. */
	samples: Sample[];
	/** Repeats that ended without a result, in the contestant's own words. */
	failures: string[];
}

export interface BenchmarkResult {
	/** ISO 8601. */
	date: string;
	commit: string;
	repeats: number;
	minutes: number;
	rows: Row[];
}

export interface Machine {
	cpu: string;
	cores: number;
	memoryGb: number;
	platform: string;
	/** By package name; `node` among them. */
	versions: Record<string, string>;
}

export interface Results {
	machine: Machine;
	benchmarks: Record<string, BenchmarkResult>;
}
