import { judge } from '../../../scripts/crash/judge.mts';
import type { Evidence, Row, Run } from '../../../scripts/crash/judge.mts';

const SECOND = 1_000;

const row = (key: string, executionId: string, seconds: number): Row => ({
	key,
	executionId,
	writtenMs: seconds * SECOND,
});

const run = (id: string, status: string, from: number, to: number): Run => ({
	id,
	status,
	createdMs: from * SECOND,
	startedMs: from * SECOND,
	stoppedMs: to * SECOND,
});

/** Event "a" is due once; it was written by execution 1 at second 11 and again by execution 2. */
function repeated(status: string, evidence: Partial<Evidence> = {}): Evidence {
	return {
		due: new Map([['a', 1]]),
		rows: [row('a', '1', 11), row('a', '2', 61)],
		runs: [run('1', status, 10, 12), run('2', 'success', 60, 62)],
		kills: [],
		...evidence,
	};
}

const causes = (evidence: Evidence) => judge(evidence).duplicates.map(({ cause }) => cause);

describe('the judge of the crash test', () => {
	it('counts an event as lost that is not in the table', () => {
		expect(judge(repeated('success', { rows: [] })).lost).toEqual(['a']);
	});

	it('counts an event without an Id as lost for each place it was served in', () => {
		const evidence = repeated('success', { due: new Map([['a', 4]]) });
		expect(judge(evidence).lost).toEqual(['a', 'a']);
	});

	it('names rows of events that were never served', () => {
		expect(judge(repeated('success', { due: new Map() })).unknown).toHaveLength(2);
	});

	it('finds nothing to complain about in events that were written as often as due', () => {
		const evidence = repeated('success', { due: new Map([['a', 2]]) });
		expect(judge(evidence)).toEqual({ lost: [], unknown: [], duplicates: [] });
	});

	it('does not explain a duplicate of a run that succeeded', () => {
		expect(causes(repeated('success'))).toEqual([undefined]);
	});

	it('does not explain a duplicate within one run', () => {
		const rows = [row('a', '1', 11), row('a', '1', 11)];
		expect(causes(repeated('error', { rows, kills: [12 * SECOND] }))).toEqual([undefined]);
	});

	it('explains a duplicate by the failed run that wrote it first', () => {
		const cause = { kind: 'failedRun', executionId: '1' };
		expect(causes(repeated('error'))).toEqual([cause]);
	});

	it('explains a duplicate by the kill that ended its run', () => {
		const cause = { kind: 'kill', kill: 2 };
		expect(causes(repeated('crashed', { kills: [5 * SECOND, 12 * SECOND] }))).toEqual([cause]);
	});

	it('explains a duplicate by a kill before the next hand-over, which would have stored the success', () => {
		const cause = { kind: 'kill', kill: 1 };
		expect(causes(repeated('success', { kills: [50 * SECOND] }))).toEqual([cause]);
	});

	it('does not explain a duplicate by a kill after the next hand-over', () => {
		const runs = [...repeated('success').runs, run('3', 'success', 20, 22)];
		expect(causes(repeated('success', { runs, kills: [50 * SECOND] }))).toEqual([undefined]);
	});

	it('explains a duplicate by a kill that took the next run’s success along, which undid the storing', () => {
		const runs = [...repeated('success').runs, run('3', 'success', 20, 22)];
		const rows = [...repeated('success').rows, row('b', '3', 21), row('b', '4', 63)];
		const due = new Map([
			['a', 1],
			['b', 1],
		]);
		const cause = { kind: 'kill', kill: 1 };
		const evidence = repeated('success', { due, runs, rows, kills: [50 * SECOND] });
		expect(causes(evidence)).toEqual([cause, cause]);
	});

	it('does not explain duplicates of many runs in a row by one kill', () => {
		const numbers = ['1', '3', '4', '5'];
		const runs = numbers.map((id, at) => run(id, 'success', 10 * at, 10 * at + 2));
		const rows = numbers.map((id, at) => row(id, id, 10 * at + 1));
		const again = numbers.map((id, at) => row(id, '9', 61 + at));
		const due = new Map(numbers.map((id) => [id, 1]));
		const evidence = { due, runs, rows: [...rows, ...again], kills: [50 * SECOND] };
		const cause = { kind: 'kill', kill: 1 };
		expect(causes(evidence)).toEqual([undefined, cause, cause, cause]);
	});

	it('explains a duplicate by a kill between the acceptance of its run and the start', () => {
		const orphan = { ...run('1', 'success', 10, 12), createdMs: 5 * SECOND };
		const runs = [orphan, run('3', 'success', 20, 22), run('2', 'success', 60, 62)];
		const cause = { kind: 'kill', kill: 1 };
		expect(causes(repeated('success', { runs, kills: [8 * SECOND] }))).toEqual([cause]);
	});

	it('does not explain a duplicate by a kill after it', () => {
		expect(causes(repeated('success', { kills: [70 * SECOND] }))).toEqual([undefined]);
	});

	it('needs one explanation for each duplicate', () => {
		const rows = [row('a', '1', 11), row('a', '2', 61), row('a', '4', 81)];
		const runs = [...repeated('error').runs, run('4', 'success', 80, 82)];
		const cause = { kind: 'failedRun', executionId: '1' };
		expect(causes(repeated('error', { rows, runs }))).toEqual([cause, undefined]);
	});
});
