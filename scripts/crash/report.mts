import type { Say } from '../n8n/progress.mts';
import { collectEvidence } from './drain.mts';
import type { Scene } from './drain.mts';
import { judge } from './judge.mts';
import type { Duplicate, Evidence, Judgement } from './judge.mts';

const EXAMPLES = 10;

function causeOf({ cause }: Duplicate): string {
	if (!cause) return 'unexplained';
	return cause.kind === 'kill' ? `kill ${cause.kill}` : `failed execution ${cause.executionId}`;
}

function countBy<T>(values: readonly T[], nameOf: (value: T) => string): Array<[string, number]> {
	const counts = new Map<string, number>();
	for (const value of values) {
		const name = nameOf(value);
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	return [...counts];
}

const listed = (counts: Array<[string, number]>): string =>
	counts.map(([name, count]) => `${count} ${name}`).join(', ') || 'none';

function printDuplicates({ duplicates }: Judgement, { kills }: Evidence, say: Say): void {
	for (const [cause, count] of countBy(duplicates, causeOf)) {
		const kill = /^kill (\d+)$/.exec(cause)?.[1];
		const at = kill === undefined ? undefined : kills[Number(kill) - 1];
		say(`    ${count} by ${cause}${at === undefined ? '' : ` at ${new Date(at).toISOString()}`}`);
	}
	const unexplained = duplicates.filter(({ cause }) => !cause).slice(0, EXAMPLES);
	for (const { row } of unexplained) {
		const at = new Date(row.writtenMs).toISOString();
		say(`    unexplained: ${row.key} in execution ${row.executionId}, ${at}`);
	}
}

/** Prints the verdict of one n8n version; true if the promise was kept. */
export async function reportVerdict(stage: Scene): Promise<boolean> {
	const { tenant, say } = stage;
	const evidence = await collectEvidence(stage);
	const judgement = judge(evidence);
	const { lost, unknown, duplicates } = judgement;
	const unfetched = tenant.unfetched();
	const { ledger, feed } = tenant.simulator;
	const unexplained = duplicates.filter(({ cause }) => !cause).length;
	const statuses = countBy(evidence.runs, ({ status }) => status);

	say(
		`  blobs         ${feed.blobs.length}, not fetched although they could be: ${unfetched.length}`,
	);
	say(`  events served ${evidence.due.size}`);
	say(`  rows          ${evidence.rows.length}`);
	say(`  lost          ${lost.length}`);
	say(`  never served  ${unknown.length}`);
	say(`  duplicates    ${duplicates.length}, unexplained ${unexplained}`);
	printDuplicates(judgement, evidence, say);
	say(`  executions    ${listed(statuses)}; n8n was killed ${evidence.kills.length} times`);
	say(`  rules broken  ${listed(countBy(ledger.violations, ({ rule }) => rule))}`);
	for (const key of lost.slice(0, EXAMPLES)) {
		say(`    lost: ${key} of ${ledger.events.get(key)?.contentId ?? ''}`);
	}
	for (const { contentId } of unfetched.slice(0, EXAMPLES)) say(`    not fetched: ${contentId}`);
	for (const { key } of unknown.slice(0, EXAMPLES)) say(`    never served: ${key}`);
	return (
		[lost, unknown, unfetched, ledger.violations].every(({ length }) => length === 0) &&
		unexplained === 0
	);
}
