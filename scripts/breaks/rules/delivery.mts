import type { Break } from '../break.mts';

const RUNS = 'nodes/trigger/collector/runs.ts';
const COLLECT = 'nodes/trigger/collector/collect.ts';
const PREPARE = 'nodes/trigger/collector/prepare.ts';
const OUTCOME = 'nodes/feed/checkpoint/outcome.ts';
const NEXT = 'nodes/feed/checkpoint/nextWork.ts';
const BACK_OFF = 'nodes/feed/checkpoint/backOff.ts';
const HAND_OVER = 'nodes/trigger/handOver.ts';
const PROMISES = 'test/trigger/collector/promises.test.mts';
const EDITS = 'test/trigger/collector/edits.test.mts';
const LONG_RUNS = 'test/trigger/collector/longRuns.test.mts';
const NEXT_TEST = 'test/feed/checkpoint/nextWork.test.mts';
const OUTCOME_TEST = 'test/feed/checkpoint/outcome.test.mts';
const TRIGGER = 'test/trigger/trigger.test.mts';

/** What is handed out, when, and what follows from how the run ends. */
export const DELIVERY: Break[] = [
	{
		rule: 'with At Least Once the checkpoint moves after the run has succeeded, not when it is handed over',
		file: RUNS,
		from: "if (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);",
		to: 'recordDelivered(session.state, batch);',
	},
	{
		rule: 'with At Most Once it moves at the hand-over',
		file: RUNS,
		from: "if (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);",
		to: '',
	},
	{
		rule: 'with At Most Once that is stored before the run exists',
		file: RUNS,
		from: "if (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);\n\tsaveForStorage(work);",
		to: "saveForStorage(work);\n\tif (options.delivery === 'atMostOnce') recordDelivered(session.state, batch);",
	},
	{
		rule: 'with At Most Once runs that fail do not keep new ones back',
		file: RUNS,
		from: "if (run.delivery === 'atMostOnce') return;",
		to: '',
		noticedBy: PROMISES,
	},
	{
		rule: 'a run keeps the delivery mode with which it began',
		file: RUNS,
		from: "if (run.delivery === 'atMostOnce')",
		to: "if (options.delivery === 'atMostOnce')",
		noticedBy: EDITS,
	},
	{
		rule: 'a failed batch goes back',
		file: RUNS,
		from: "if (result === 'delivered') {",
		to: "if (result !== 'unknown') {",
	},
	{
		rule: 'a run of which nobody can tell the end was not delivered',
		file: RUNS,
		from: "if (result === 'delivered') {",
		to: "if (result !== 'failed') {",
	},
	{
		rule: 'a run that never ends is given up after the delivery timeout',
		file: RUNS,
		from: 'if (ports.runtime.now() - run.startedMs >= options.deliveryTimeoutMs) {',
		to: 'if (ports.runtime.now() < 0) {',
	},
	{
		rule: 'a run is waited for until the delivery timeout, not started again before',
		file: RUNS,
		from: 'if (ports.runtime.now() - run.startedMs >= options.deliveryTimeoutMs) {',
		to: 'if (ports.runtime.now() - run.startedMs >= options.deliveryTimeoutMs / 6) {',
	},
	{
		rule: 'a poll waits for its runs no longer than it may last',
		file: RUNS,
		from: 'Math.min(timeLeft(work), overdue - now)',
		to: 'overdue - now',
	},
	{
		rule: 'events in a batch are not handed out a second time',
		file: PREPARE,
		from: 'range.taken = true;',
		to: '',
	},
	{
		rule: 'a failed batch that runs is not handed out beside itself',
		file: COLLECT,
		from: 'for (const { batch } of session.runs) if (batch.failed !== undefined) busy.add(batch.failed);',
		to: '',
	},
	{
		rule: 'a prepared batch that is not handed out goes back',
		file: OUTCOME,
		from: 'for (const { range } of batch.taken) delete range.taken;',
		to: '',
	},
	{
		rule: 'no more runs at once than Parallel Executions allows',
		file: COLLECT,
		from: 'session.runs.size < options.parallelExecutions',
		to: 'session.runs.size <= options.parallelExecutions',
	},
	{
		rule: 'several runs go at once if Parallel Executions allows it',
		file: COLLECT,
		from: 'session.runs.size < options.parallelExecutions',
		to: 'session.runs.size < 1',
		noticedBy: PROMISES,
	},
	{
		rule: 'Max Events per Execution bounds a batch',
		file: PREPARE,
		from: 'at < end && batch.eventCount + kept.length < maxEvents; at++',
		to: 'at < end; at++',
	},
	{
		rule: 'it holds for a batch that was prepared before it was lowered',
		file: COLLECT,
		from: 'if ((session.ready?.eventCount ?? 0) > options.maxEventsPerExecution) dropReady(work);',
		to: '',
		noticedBy: EDITS,
	},
	{
		rule: 'what of a blob is beyond the batch stays to be delivered',
		file: PREPARE,
		from: 'if (at < end) cutRange(open, range, at);\n\telse range.to',
		to: 'range.to',
	},
	{
		rule: 'only events that the filters let through are handed out',
		file: PREPARE,
		from: 'if (event === undefined || !ports.matches(event)) continue;',
		to: 'if (event === undefined) continue;',
	},
	{
		rule: 'a batch that failed waits before it is tried again',
		file: OUTCOME,
		from: 'failed.failures++;\n\tfailed.notBeforeMs = nowMs + backOffMs(failed.failures, MAX_RETRY_WAIT_MS);',
		to: 'failed.failures++;\n\tfailed.notBeforeMs = nowMs;',
	},
	{
		rule: 'its waits grow',
		file: BACK_OFF,
		from: 'MINUTE_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 20)',
		to: 'MINUTE_MS',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'its waits have a limit',
		file: BACK_OFF,
		from: 'return Math.min(MINUTE_MS * 2 ** Math.min(Math.max(failures, 1) - 1, 20), maxMs);',
		to: 'return MINUTE_MS * 2 ** Math.min(Math.max(failures, 1) - 1, maxMs);',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'a batch that failed three times is halved, until the offending event is alone',
		file: OUTCOME,
		from: 'if (failed.failures >= FAILURES_UNTIL_HALVED) halve(state, batch, failed, nowMs);\n\treturn [];',
		to: 'return [];',
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'its second half is a batch of its own',
		file: OUTCOME,
		from: 'cutRange(open, range, range.from + left).batch = number;',
		to: 'cutRange(open, range, range.from + left);',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'a batch that failed does not block the line',
		file: NEXT,
		from: "batch: due[0] };\n\t\treturn hasFresh",
		to: "batch: due[0] };\n\t\treturn hasFresh && waiting.length === 0",
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'failed batches that are always due take turns with new events',
		file: NEXT,
		from: 'if (due && !(runs.afterRetry && hasFresh)) return',
		to: 'if (due) return',
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'what was handed out last says whose turn it is',
		file: 'nodes/trigger/collector/runs.ts',
		from: 'session.afterRetry = batch.failed !== undefined;',
		to: '',
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'while the destination is down nothing new is handed out',
		file: NEXT,
		from: 'if (!isDown(state)) {',
		to: 'if (nowMs > 0) {',
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'while it is down one batch at a time probes',
		file: NEXT,
		from: 'if (runs.running > 0 || nowMs',
		to: 'if (nowMs',
		noticedBy: PROMISES,
	},
	{
		rule: 'probes have pauses',
		file: NEXT,
		from: ' || nowMs < state.destination.notBeforeMs) return',
		to: ') return',
		noticedBy: NEXT_TEST,
	},
	{
		rule: 'the pauses between probes begin with one minute',
		file: OUTCOME,
		from: 'const sinceDown = destination.failures - FAILURES_UNTIL_DOWN + 1;',
		to: 'const sinceDown = destination.failures;',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'a success ends the pause of the destination',
		file: OUTCOME,
		from: 'resetBackOff(state.destination);',
		to: '',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'what fails while others succeed does not count as a destination that is down',
		file: OUTCOME,
		from: 'if (!failed.suspect || isDown(state)) recordTrouble(state, nowMs);',
		to: 'recordTrouble(state, nowMs);',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'each probe of a destination that is down is followed by a pause',
		file: OUTCOME,
		from: 'if (!failed.suspect || isDown(state)) recordTrouble',
		to: 'if (!failed.suspect) recordTrouble',
		noticedBy: OUTCOME_TEST,
	},
	{
		rule: 'single events that fail for ever do not keep new ones from probing',
		file: NEXT,
		from: '(turn || !hasFresh ? waiting[0] : undefined)',
		to: 'waiting[0]',
		noticedBy: NEXT_TEST,
	},
	{
		rule: 'nothing is given up by default',
		file: OUTCOME,
		from: 'if (maxAttempts > 0 && failed.attempts >= maxAttempts)',
		to: 'if (failed.attempts >= maxAttempts)',
	},
	{
		rule: 'nothing is given up before Max Delivery Attempts',
		file: OUTCOME,
		from: 'failed.attempts >= maxAttempts)',
		to: 'failed.attempts + 1 >= maxAttempts)',
	},
	{
		rule: 'after Max Delivery Attempts events are given up',
		file: OUTCOME,
		from: 'failed.attempts >= maxAttempts)',
		to: 'failed.attempts > maxAttempts)',
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'what is given up is told',
		file: RUNS,
		from: "ports.report({ kind: 'setAside', contentIds, attempts: maxDeliveryAttempts });",
		to: '',
	},
	{
		rule: 'what of a failed batch could not be read again keeps its count',
		file: OUTCOME,
		from: 'keepUntried(state, batch, number, failed);',
		to: '',
		noticedBy: EDITS,
	},
	{
		rule: 'after a change of the Output every blob that is not settled comes from its start',
		file: 'nodes/feed/checkpoint/counting.ts',
		from: 'blob.ranges = [{ from: 0, to: null }];',
		to: '',
	},
	{
		rule: 'a run that waits (a Wait node) counts as delivered',
		file: HAND_OVER,
		from: "new Set(['success', 'waiting'])",
		to: "new Set(['success'])",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a run that was stopped or crashed does not',
		file: HAND_OVER,
		from: 'if (DELIVERED.has(run.status))',
		to: "if (run.status !== 'error')",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a run that could not begin does not count as delivered',
		file: HAND_OVER,
		from: "return isAboutN8n(message) ? 'refused' : 'failed';",
		to: "return 'delivered';",
		noticedBy: 'test/trigger/changes.test.mts',
	},
];
