import { readableTime } from '../n8n/progress.mts';
import { countKeys } from './outcome.mts';
import type { CellResult, Duration, Message } from './types.mts';

/** What the cells of one fault in one duration have in common. */
export interface Row {
	fault: string;
	duration: Duration;
	cells: number;
	lost: number;
	repeated: number;
	/** Cells in which something was missing at first and told. */
	reported: number;
	bad: number;
	/** The longest of the cells. */
	actionRecovery: string;
	triggerRecovery: string;
	/** The message that most cells had. */
	message: string;
}

/** What differs from run to run. */
function general(text: string): string {
	return text
		.replace(/(127\.0\.0\.1|localhost|no-such-host\.invalid)(:\d+)?/g, 'HOST')
		.replace(/\d{20,}\$[^\s,:]+/g, 'CONTENT-ID')
		.replace(/\d{4}-\d\d-\d\d[ T][\d:]{5,8}(\.\d+)?( ?UTC|Z)?/g, 'TIME')
		.replace(/\b\d+ min \d+ s\b/g, 'N min N s')
		.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'GUID');
}

const told = ({ text, advice }: Message) => general(advice ? `${text.replace(/\.$/, '')}. ${advice}` : text);

function mostFrequent(results: readonly CellResult[]): string {
	const texts = results.flatMap(({ messages }) => {
		const important = messages.filter(({ kind }) => kind !== 'hint');
		return [...new Set((important.length > 0 ? important : messages).map(told))];
	});
	const counts = [...countKeys(texts)].sort(([, a], [, b]) => b - a);
	return counts[0]?.[0] ?? '';
}

function slowest(results: readonly CellResult[], kind: 'action' | 'trigger'): string {
	const times = results
		.filter(({ cell }) => cell.subject.kind === kind)
		.map(({ recoveredMs }) => recoveredMs);
	if (times.length === 0) return '';
	if (times.includes(undefined)) return 'not';
	const most = Math.max(...(times as number[]));
	return most < 1_000 ? 'at once' : virtualTime(most);
}

const HOUR_MS = 3_600_000;

/** Virtual times reach hours. */
export function virtualTime(ms: number): string {
	if (ms < HOUR_MS) return readableTime(ms);
	return `${Math.floor(ms / HOUR_MS)} h ${Math.round((ms % HOUR_MS) / 60_000)} min`;
}

export function summarize(results: readonly CellResult[]): Row {
	const first = results[0] as CellResult;
	const count = (test: (result: CellResult) => boolean) => results.filter(test).length;
	return {
		fault: first.cell.fault.name,
		duration: first.cell.duration,
		cells: results.length,
		lost: count(({ lost }) => lost > 0),
		repeated: count(({ repeated }) => repeated > 0),
		reported: count(({ reported }) => reported > 0),
		bad: count(({ defects }) => defects.length > 0),
		actionRecovery: slowest(results, 'action'),
		triggerRecovery: slowest(results, 'trigger'),
		message: mostFrequent(results),
	};
}
