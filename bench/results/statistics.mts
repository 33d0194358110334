import type { Row } from './types.mts';

/** The middle one, or the mean of the middle two; NaN of nothing. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length / 2;
	const low = sorted[Math.ceil(middle) - 1] ?? NaN;
	const high = sorted[Math.floor(middle)] ?? NaN;
	return (low + high) / 2;
}

/** The median of one of the row's numbers over its repeats. */
export function medianOf(row: Row | undefined, name: string): number {
	return median((row?.samples ?? []).map((sample) => sample[name] ?? NaN));
}

/** The row of a contestant under these conditions. */
export function findRow(
	rows: readonly Row[],
	contestant: string,
	conditions: Row['conditions'] = {},
): Row | undefined {
	return rows.find(
		(row) =>
			row.contestant === contestant &&
			Object.entries(conditions).every(([name, value]) => row.conditions[name] === value),
	);
}
