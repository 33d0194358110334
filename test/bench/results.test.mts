import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { steadyShare } from '../../bench/quota/steadyShare.mts';
import { replacePart } from '../../bench/report/index.mts';
import { judgeThreshold } from '../../bench/report/thresholds.mts';
import type { Threshold } from '../../bench/report/thresholds.mts';
import { median } from '../../bench/results/statistics.mts';
import { readResults, storeResult } from '../../bench/results/store.mts';
import type { Row } from '../../bench/results/types.mts';

describe('the median', () => {
	it.each([
		[[3, 1, 2], 2],
		[[4, 1, 2, 3], 2.5],
		[[7], 7],
		[[], NaN],
	])('of %j is %d', (values, expected) => {
		expect(median(values)).toBe(expected);
	});
});

describe('the share of the quota in steady state', () => {
	it('leaves out the first window and the last, broken one', () => {
		const everyMs = Array.from({ length: 3_500 }, (_, ms) => ms);
		const burst = [...new Array<number>(500).fill(0), ...everyMs];
		expect(steadyShare(burst, 1_000, 1_000)).toBe(1);
		expect(steadyShare(burst.filter((ms) => ms % 2 === 0), 1_000, 1_000)).toBe(0.5);
	});

	it('is unknown without a whole window after the first', () => {
		expect(steadyShare([0, 500, 1_500], 1_000, 1_000)).toBeNaN();
	});
});

describe('a threshold', () => {
	const threshold = (kind: Threshold['kind'], values: number[]): Threshold => ({
		what: 'something',
		kind,
		limit: 2,
		show: String,
		figures: () => values,
	});
	const rows = () => [];

	it('is judged by the worst condition', () => {
		expect(judgeThreshold(threshold('most', [1, 3]), rows)).toEqual({ worst: 3, met: false });
		expect(judgeThreshold(threshold('least', [1, 3]), rows)).toEqual({ worst: 1, met: false });
		expect(judgeThreshold(threshold('most', [1, 2]), rows)).toEqual({ worst: 2, met: true });
	});

	it('is not called met while a figure is missing', () => {
		expect(judgeThreshold(threshold('most', [1, NaN]), rows)).toBeUndefined();
		expect(judgeThreshold(threshold('most', []), rows)).toBeUndefined();
	});
});

describe('bench/results.json', () => {
	const row: Row = {
		conditions: { part: 'a "quoted" one' },
		contestant: 'x',
		samples: [{ wallMs: 1.5, cpuMs: 2 }],
		failures: ['said "no"\nand ended'],
	};
	const result = { date: '2026-01-01', commit: 'abc', repeats: 5, minutes: 1, rows: [row] };

	it('keeps the other benchmarks, and reads as it was written', () => {
		const folder = mkdtempSync(join(tmpdir(), 'bench-results-'));
		const file = join(folder, 'results.json');
		try {
			storeResult('one', result, file);
			storeResult('two', { ...result, repeats: 3 }, file);
			expect(readResults(file).benchmarks).toEqual({ one: result, two: { ...result, repeats: 3 } });
			expect(readFileSync(file, 'utf8')).toContain('{"wallMs":1.5,"cpuMs":2}');
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});

describe('the generated parts of the document', () => {
	it('are replaced, and the text around them stays', () => {
		const text = 'before <!-- bench:a -->old<!-- /bench:a --> after';
		expect(replacePart(text, 'a', 'new')).toBe(
			'before <!-- bench:a -->\n\nnew\n\n<!-- /bench:a --> after',
		);
	});

	it('are missed when somebody took the markers away', () => {
		expect(() => replacePart('text', 'a', 'new')).toThrow('no part "a"');
	});
});
