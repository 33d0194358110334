/** One line of the table, known by the same key as in the ledger. */
export interface Row {
	key: string;
	executionId: string;
	writtenMs: number;
}

/** One execution as n8n lists it. Times in milliseconds since 1970; NaN: it has none. */
export interface Run {
	id: string;
	status: string;
	/** When n8n accepted it; it starts a moment later. */
	createdMs: number;
	startedMs: number;
	stoppedMs: number;
}

export interface Evidence {
	/** How often each event is due: 1 with an Id, else as often as it was served. */
	due: ReadonlyMap<string, number>;
	/** In the order in which they were written. */
	rows: readonly Row[];
	runs: readonly Run[];
	/** When n8n was dead after a kill, in milliseconds since 1970. */
	kills: readonly number[];
}

/** Why an event came again: the number of the kill (from 1), or the run that did not succeed. */
export type Cause = { kind: 'kill'; kill: number } | { kind: 'failedRun'; executionId: string };

export interface Duplicate {
	row: Row;
	/** Undefined: nothing explains it. */
	cause?: Cause;
}

export interface Judgement {
	/** Events that were served and are missing, once for each time that is missing. */
	lost: string[];
	/** Rows of events that were never served. */
	unknown: Row[];
	duplicates: Duplicate[];
}

/** n8n saves static data without waiting: so long after a hand-over the kill may still have come before. */
const STORING_MS = 1_000;

/**
 * The workflow's Code node makes n8n write the static data as it was when the run had begun. On a busy machine that may be
 * before n8n had stored what came with the hand-over, so that the end of the run undoes it. A kill then takes along the
 * successes of the last runs before it, without a gap. More often in a row than this it would be no accident.
 */
const MOST_UNDONE = 3;

/** PostgreSQL finishes a statement whose client has just died. */
const LATE_WRITE_MS = 2_000;

/** Compares the table with what was served; every row beyond what is due has to be explained. */
export function judge({ due, rows, runs, kills }: Evidence): Judgement {
	const byKey = new Map<string, Row[]>();
	for (const row of rows) {
		const same = byKey.get(row.key);
		if (same) same.push(row);
		else byKey.set(row.key, [row]);
	}
	const judgement: Judgement = { lost: [], unknown: [], duplicates: [] };
	const explain = explainer(runs, kills, rowsOfRuns(rows), byKey);
	for (const [key, times] of due) {
		const delivered = byKey.get(key) ?? [];
		for (let at = delivered.length; at < times; at++) judgement.lost.push(key);
		judgement.duplicates.push(...duplicatesOf(delivered, times, explain));
	}
	judgement.unknown = rows.filter(({ key }) => !due.has(key));
	return judgement;
}

type Explain = (row: Row, last: Row) => Cause | undefined;

/** Each surplus row needs a delivery of its own, of the same event, that did not count. */
function duplicatesOf(rows: Row[], due: number, explain: Explain): Duplicate[] {
	const last = rows.at(-1);
	if (!last || rows.length <= due) return [];
	const causes = rows.flatMap((row) => explain(row, last) ?? []);
	return rows.slice(due).map((row, at) => {
		const cause = causes[at];
		return cause ? { row, cause } : { row };
	});
}

function rowsOfRuns(rows: readonly Row[]): Map<string, Row[]> {
	const byRun = new Map<string, Row[]>();
	for (const row of rows) byRun.set(row.executionId, [...(byRun.get(row.executionId) ?? []), row]);
	return byRun;
}

function explainer(
	runs: readonly Run[],
	kills: readonly number[],
	byRun: ReadonlyMap<string, Row[]>,
	byKey: ReadonlyMap<string, Row[]>,
): Explain {
	const byId = new Map(runs.map((run) => [run.id, run]));
	const killBetween = (fromMs: number, toMs: number): Cause | undefined => {
		const kill = kills.findIndex((ms) => ms >= fromMs && ms <= toMs);
		return kill < 0 ? undefined : { kind: 'kill', kill: kill + 1 };
	};
	/** Whether all that the run wrote was written once more after the kill. */
	const repeatedAfter = ({ id }: Run, killMs: number) => {
		const rows = byRun.get(id) ?? [];
		return (
			rows.length > 0 && rows.every(({ key }) => (byKey.get(key)?.at(-1)?.writtenMs ?? 0) > killMs)
		);
	};
	return (row, last) => {
		if (row.executionId === last.executionId) return undefined;
		const run = byId.get(row.executionId);
		// What n8n had accepted and not yet started when it died, it starts by itself after the restart: nobody waits for it.
		const orphaned = run && killBetween(run.createdMs, run.startedMs);
		if (orphaned) return orphaned;
		if (!run || run.status !== 'success') {
			const killed = killBetween(row.writtenMs - LATE_WRITE_MS, last.writtenMs);
			const byKill = !run || run.status === 'crashed' ? killed : undefined;
			return byKill ?? (run && { kind: 'failedRun', executionId: run.id });
		}
		const kill = killBetween(run.stoppedMs, last.writtenMs);
		const killMs = kill?.kind === 'kill' ? (kills[kill.kill - 1] ?? 0) : 0;
		// The success is stored when the next run is handed over: only a kill before that loses it, or one that undoes that too.
		const storing = runs.filter(
			({ startedMs }) => startedMs >= run.stoppedMs && startedMs + STORING_MS < killMs,
		);
		const undone = storing.every(
			(each) => each.status !== 'success' || repeatedAfter(each, killMs),
		);
		return undone && storing.length < MOST_UNDONE ? kill : undefined;
	};
}
