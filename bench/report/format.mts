import { medianOf } from '../results/statistics.mts';
import type { Row } from '../results/types.mts';

/** Three significant digits, thousands separated; a dash for what is not there. */
export function number(value: number, digits = 3): string {
	if (!Number.isFinite(value)) return '–';
	const rounded = Number(value.toPrecision(digits));
	return rounded.toLocaleString('en-US', { maximumFractionDigits: 6 });
}

export const percent = (share: number, digits = 3) => `${number(share * 100, digits)}%`;
export const seconds = (ms: number) => `${number(ms / 1000)} s`;
export const megabytes = (bytes: number) => `${number(bytes / 1e6)} MB`;

/** A Markdown table; the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const rule = head.map((_, at) => (at === 0 ? '---' : '---:'));
	return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The median with the lowest and highest repeat, or what went wrong instead. */
export function spread(row: Row | undefined, name: string, show: (value: number) => string): string {
	if (!row) return '–';
	if (row.samples.length === 0) return `fails (${row.failures.length} of ${row.failures.length})`;
	const values = row.samples.map((sample) => sample[name] ?? NaN);
	const failed = row.failures.length > 0 ? `, fails ${row.failures.length} times` : '';
	if (values.length === 1) return `${show(values[0] ?? NaN)}${failed}`;
	const range = `${show(Math.min(...values))} to ${show(Math.max(...values))}`;
	return `${show(medianOf(row, name))} (${range})${failed}`;
}
