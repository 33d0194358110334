import { findRow, medianOf } from '../results/statistics.mts';
import type { Results, Row } from '../results/types.mts';
import { megabytes, number, percent, table } from './format.mts';

/** Rows of a benchmark by its name. */
type RowsOf = (benchmark: string) => readonly Row[];

/** What we hold ourselves to. The worst of all conditions counts. */
export interface Threshold {
	what: string;
	/** `most`: no figure may be above the limit; `least`: none below. */
	kind: 'most' | 'least';
	limit: number;
	show: (value: number) => string;
	/** Medians, one per condition; NaN for what was not measured. */
	figures: (rows: RowsOf) => number[];
}

const times = (value: number) => `${number(value)} times`;

/** Ours over theirs, under each set of conditions. */
function ratios(rows: readonly Row[], ours: string, theirs: string, value: string): number[] {
	return rows
		.filter(({ contestant }) => contestant === ours)
		.map((row) => medianOf(row, value) / medianOf(findRow(rows, theirs, row.conditions), value));
}

/** A number of one contestant, under conditions that are given in part. */
function figure(rows: readonly Row[], contestant: string, conditions: Row['conditions'], value: string): number[] {
	return [medianOf(findRow(rows, contestant, conditions), value)];
}

/** How much more each of them takes per blob at 100,000 blobs than at 1,000. */
function growth(rows: readonly Row[], value: string): number[] {
	return ['node-events', 'node-file', 'trigger'].map(
		(who) =>
			medianOf(findRow(rows, who, { blobs: 100_000 }), value) /
			medianOf(findRow(rows, who, { blobs: 1_000 }), value),
	);
}

const MB = 1e6;

/** Cold starts of a single reader, whatever it assumed and however the server counts. */
const singleReaders = (rows: readonly Row[]) =>
	rows.filter(({ conditions }) => conditions['readers'] === 1);

export const THRESHOLDS: readonly Threshold[] = [
	{
		what: 'Quota-bound, virtual time at true scale: at least 95% of the quota used in steady state',
		kind: 'least',
		limit: 0.95,
		show: percent,
		figures: (rows) => singleReaders(rows('virtual-quota')).map((row) => medianOf(row, 'used')),
	},
	{
		what: 'Quota-bound, virtual time at true scale: at most 0.5% of answers throttled',
		kind: 'most',
		limit: 0.005,
		show: percent,
		figures: (rows) => singleReaders(rows('virtual-quota')).map((row) => medianOf(row, 'throttled')),
	},
	{
		what: 'Started cold with half or double the quota in mind: there within three quota windows',
		kind: 'most',
		limit: 3,
		show: (window) => `in window ${number(window)}`,
		figures: (rows) =>
			singleReaders(rows('virtual-quota')).map((row) => medianOf(row, 'reachedInWindow')),
	},
	{
		what: 'Quota-bound, real time: at least 95% of the quota used in steady state',
		kind: 'least',
		limit: 0.95,
		show: percent,
		figures: (rows) =>
			rows('quota')
				.filter(({ contestant }) => contestant === 'node-events')
				.map((row) => medianOf(row, 'steadyShare')),
	},
	{
		what: 'Quota-bound, real time: at most 0.5% of answers throttled',
		kind: 'most',
		limit: 0.005,
		show: percent,
		figures: (rows) =>
			rows('quota')
				.filter(({ contestant }) => contestant === 'node-events')
				.map((row) => medianOf(row, 'throttledShare')),
	},
	{
		what: 'Latency-bound: at least 5 times faster than HTTP Request with batch size 1',
		kind: 'least',
		limit: 5,
		show: times,
		figures: (rows) =>
			ratios(rows('latency'), 'node-events', 'http-one-by-one', 'wallMs').map((share) => 1 / share),
	},
	{
		what: 'Latency-bound: at most 1.3 times the time of HTTP Request’s best setting with at most 50 at once',
		kind: 'most',
		limit: 1.3,
		show: times,
		figures: (rows) => ratios(rows('latency'), 'node-events', 'http-best-batch', 'wallMs'),
	},
	{
		what: 'CPU-bound, Simplify off: at most 1.3 times the floor',
		kind: 'most',
		limit: 1.3,
		show: times,
		figures: (rows) => ratios(rows('cpu'), 'node-events', 'floor', 'cpuMsPer1000Events'),
	},
	{
		what: 'CPU-bound, Simplify off: not above the HTTP Request nodes',
		kind: 'most',
		limit: 1,
		show: times,
		figures: (rows) => ratios(rows('cpu'), 'node-events', 'http-request', 'cpuMsPer1000Events'),
	},
	{
		what: 'Output File: memory grows by at most 100 MB for 2 GB of data',
		kind: 'most',
		limit: 100 * MB,
		show: megabytes,
		figures: (rows) => figure(rows('memory'), 'node-file', { part: 'total', totalMb: 2_000 }, 'growth'),
	},
	{
		what: 'Output File: a 300 MB blob passes with a 256 MB heap (peak memory)',
		kind: 'most',
		limit: Infinity,
		show: megabytes,
		figures: (rows) => figure(rows('memory'), 'node-file', { part: 'smallHeap' }, 'rssPeak'),
	},
	{
		what: 'Output Events, collected before and after: holds at most 4 times the raw bytes (Elastic’s peak: 12.1)',
		kind: 'most',
		limit: 4,
		show: times,
		figures: (rows) =>
			figure(rows('memory'), 'node-events', { part: 'total', totalMb: 100 }, 'heldPerRawByte'),
	},
	{
		what: 'Output Events: peak growth at most 4 times the raw bytes',
		kind: 'most',
		limit: 4,
		show: times,
		figures: (rows) =>
			figure(rows('memory'), 'node-events', { part: 'total', totalMb: 100 }, 'growthPerRawByte'),
	},
	{
		what: 'Growth: time per blob at 100,000 blobs at most 1.2 times that at 1,000',
		kind: 'most',
		limit: 1.2,
		show: times,
		figures: (rows) => growth(rows('growth'), 'cpuMsPerBlob'),
	},
	{
		what: 'Growth: memory per blob at 100,000 blobs at most 1.2 times that at 1,000',
		kind: 'most',
		limit: 1.2,
		show: times,
		figures: (rows) => growth(rows('growth'), 'growthBytesPerBlob'),
	},
	{
		what: 'Growth: the trigger’s checkpoint stays below 256 KB',
		kind: 'most',
		limit: 256 * 1024,
		show: (bytes) => `${number(bytes / 1024)} KB`,
		figures: (rows) =>
			rows('growth')
				.filter(({ contestant }) => contestant === 'trigger')
				.map((row) => medianOf(row, 'checkpointBytes')),
	},
];

/** The worst figure and whether it will do; `undefined` if something was not measured. */
export function judgeThreshold(
	{ kind, limit, figures }: Threshold,
	rows: RowsOf,
): { worst: number; met: boolean } | undefined {
	const values = figures(rows);
	if (values.length === 0 || values.some(Number.isNaN)) return undefined;
	const worst = kind === 'most' ? Math.max(...values) : Math.min(...values);
	return { worst, met: kind === 'most' ? worst <= limit : worst >= limit };
}

/** All thresholds with what was measured. */
export function thresholdTable({ benchmarks }: Results): string {
	const rows: RowsOf = (name) => benchmarks[name]?.rows ?? [];
	return table(
		['Threshold (medians, the worst of all conditions)', 'measured', ''],
		THRESHOLDS.map((threshold) => {
			const judged = judgeThreshold(threshold, rows);
			if (!judged) return [threshold.what, '–', 'not measured'];
			return [threshold.what, threshold.show(judged.worst), judged.met ? 'met' : '**not met**'];
		}),
	);
}
