import type { Say } from '../../scripts/n8n/progress.mts';
import { medianOf } from './statistics.mts';
import type { Row } from './types.mts';

/** Medians of every row, for whoever watches. */
export function printRows(rows: readonly Row[], say: Say): void {
	for (const row of rows) {
		const where = Object.entries(row.conditions).map(([name, value]) => `${name}=${value}`);
		const names = Object.keys(row.samples[0] ?? {});
		const numbers = names.map((name) => `${name} ${Number(medianOf(row, name).toPrecision(4))}`);
		const failed = row.failures.length > 0 ? [`failed ${row.failures.length} times`] : [];
		say(`    ${row.contestant} ${where.join(' ')}: ${[...numbers, ...failed].join(', ')}`);
	}
}
