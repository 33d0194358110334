import { collectEvidence } from '../crash/drain.mts';
import { judge } from '../crash/judge.mts';
import type { SoakStage } from './stage.mts';
import type { Account } from './types.mts';

/** The numbers of the verdict, to be kept. */
export async function takeAccount(stage: SoakStage): Promise<Account> {
	const { ledger, feed } = stage.tenant.simulator;
	const evidence = await collectEvidence(stage);
	const { lost, duplicates } = judge(evidence);
	return {
		blobs: feed.blobs.length,
		events: evidence.due.size,
		rows: evidence.rows.length,
		lost: lost.length,
		duplicates: duplicates.length,
		unexplained: duplicates.filter(({ cause }) => !cause).length,
		executions: evidence.runs.length,
		failed: evidence.runs.filter(({ status }) => status !== 'success').length,
		requests: ledger.requests,
		throttled: ledger.throttled,
		tokens: ledger.tokensIssued,
		failedFetches: [...ledger.blobs.values()].reduce((sum, { failed }) => sum + failed, 0),
	};
}
