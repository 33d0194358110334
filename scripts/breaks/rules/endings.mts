import type { Break } from '../break.mts';

const COLLECT = 'nodes/trigger/collector/collect.ts';
const RUNS = 'nodes/trigger/collector/runs.ts';
const LIST = 'nodes/trigger/collector/listNews.ts';
const LISTING = 'nodes/feed/listing.ts';
const HAND_OVER = 'nodes/trigger/handOver.ts';
const OUTCOME = 'nodes/feed/checkpoint/outcome.ts';
const SEE_TO = 'nodes/trigger/seeToSubscriptions.ts';
const SUBSCRIPTIONS = 'nodes/trigger/subscriptions.ts';
const REGISTRY = 'nodes/trigger/registry.ts';
const OWN_FAULT = 'test/trigger/collector/ownFault.test.mts';
const LONG_LISTINGS = 'test/trigger/collector/longListings.test.mts';
const LISTING_TEST = 'test/feed/listing.test.mts';
const TRIGGER = 'test/trigger/trigger.test.mts';
const SUBSCRIPTIONS_TEST = 'test/trigger/subscriptions.test.mts';
const SCHEDULER = 'test/trigger/scheduler.test.mts';

/** Nothing waits for ever, and nothing goes on behind a poll. */
export const ENDINGS: Break[] = [
	{
		rule: 'a poll that ends with a fault cancels what it has begun',
		file: COLLECT,
		from: 'if (!ended) ports.cancel();',
		to: '',
		noticedBy: OWN_FAULT,
	},
	{
		rule: 'a poll that ends with a fault waits for the end of its listings',
		file: COLLECT,
		from: 'await Promise.allSettled([listing.end]);',
		to: '',
		noticedBy: OWN_FAULT,
	},
	{
		rule: 'a poll that ends with a fault waits for the end of its downloads',
		file: COLLECT,
		from: 'dropReady(work);\n\t\tawait endDownloads(work);',
		to: 'dropReady(work);',
		noticedBy: OWN_FAULT,
	},
	{
		rule: 'a fault in a listing is the fault of its poll',
		file: COLLECT,
		from: 'await deliver(work, listing);\n\t\tawait listing.end;',
		to: 'await deliver(work, listing).catch(() => undefined);',
		noticedBy: OWN_FAULT,
	},
	{
		rule: 'a fault at the end of a run is the fault of the poll',
		file: COLLECT,
		from: '\t\theedFault(work);\n',
		to: '',
		noticedBy: OWN_FAULT,
	},
	{
		rule: 'a run that never ends is waited for once, not with every wait',
		file: RUNS,
		from: 'session.onRunEnd = resolve));',
		to: 'void Promise.race([...runs.map((run) => ((run as { ended?: Promise<void> }).ended ??= new Promise<void>(() => undefined)))]).then(resolve)));',
		noticedBy: 'test/trigger/collector/endlessRun.test.mts',
	},
	{
		rule: 'a run that ends ends the wait for it',
		file: RUNS,
		from: '\tsession.onRunEnd?.();\n',
		to: '',
		noticedBy: 'test/trigger/collector/endlessRun.test.mts',
	},
	{
		rule: 'a list without an end is given up: pages',
		file: LISTING,
		from: 'pages >= MAX_PAGES || ',
		to: 'pages >= 30_000 || ',
		noticedBy: LISTING_TEST,
	},
	{
		rule: 'a list without an end is given up: entries',
		file: LISTING,
		from: ' || entries.length >= MAX_ENTRIES) throw',
		to: ') throw',
		noticedBy: LISTING_TEST,
	},
	{
		rule: 'a list may have 10,001 pages',
		file: LISTING,
		from: 'const MAX_PAGES = 20_000;',
		to: 'const MAX_PAGES = 10_000;',
		noticedBy: LISTING_TEST,
	},
	{
		rule: 'what a list has brought is known before its end',
		file: LISTING,
		from: '\t\tonPage(page.entries);\n',
		to: '',
		noticedBy: LISTING_TEST,
	},
	{
		rule: 'what a list without an end has brought is delivered',
		file: LIST,
		from: 'recordFound(type, { listedMs, blobs })',
		to: 'recordFound(type, { listedMs, blobs: blobs.slice(blobs.length) })',
		noticedBy: LONG_LISTINGS,
	},
	{
		rule: 'a list without an end is asked for in shorter windows',
		file: LIST,
		from: "if (isEndless || failure.kind === 'cancelled') {",
		to: "if (failure.kind === 'cancelled') {",
		noticedBy: LONG_LISTINGS,
	},
	{
		rule: 'the list of subscriptions is waited for a short while only',
		file: SEE_TO,
		from: 'const PATIENCE_MS = 10 * SECOND_MS;',
		to: 'const PATIENCE_MS = 100 * SECOND_MS;',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'what is still asked about subscriptions then is cancelled',
		file: SEE_TO,
		from: 'void runtime.sleep(waitMs).then(() => stop.abort());',
		to: '',
		noticedBy: 'test/trigger/startOutcome.test.mts',
	},
	{
		rule: 'a list of subscriptions that was not answered is not asked for by every poll',
		file: SUBSCRIPTIONS,
		from: 'recordFailure(known.looking, runtime.now(), MAX_LOOK_WAIT_MS);',
		to: '',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'a start that was not answered in time is not told as refused, nor waited for an hour',
		file: SUBSCRIPTIONS,
		from: 'if (isUnanswered(failure)) continue;',
		to: '',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'a start that failed in passing is tried again after a quarter of an hour',
		file: SUBSCRIPTIONS,
		from: "failure.kind === 'transient' ? START_WAIT_MS : HOUR_MS;",
		to: 'HOUR_MS;',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'a run that n8n refuses is no attempt',
		file: HAND_OVER,
		from: "return isAboutN8n(message) ? 'refused' : 'failed';",
		to: "return 'failed';",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a run that n8n blocked is no attempt',
		file: HAND_OVER,
		from: "if (run === undefined) return 'refused';",
		to: "if (run === undefined) return 'failed';",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a run that was cancelled is no attempt',
		file: HAND_OVER,
		from: "? 'refused' : 'failed';\n\t} catch",
		to: "? 'failed' : 'failed';\n\t} catch",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a run that the time limit of the workflow ended is an attempt',
		file: HAND_OVER,
		from: "return isAboutN8n(message) ? 'refused' : 'failed';",
		to: "return 'refused';",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a batch that n8n refuses again and again is halved',
		file: OUTCOME,
		from: 'const { failed } = takeBack(state, batch, nowMs);\n\tif (failed.failures >= FAILURES_UNTIL_HALVED) halve(state, batch, failed, nowMs);',
		to: 'takeBack(state, batch, nowMs);',
		noticedBy: 'test/feed/checkpoint/outcome.test.mts',
	},
	{
		rule: 'a failed batch that is read slowly does not hold up the news',
		file: 'nodes/trigger/collector/collect.ts',
		from: 'if ((batch && !isSlow) || timeLeft(work) === 0) return batch;\n\t\tif (retry',
		to: 'if ((batch && !(isSlow && retry === undefined)) || timeLeft(work) === 0) return batch;\n\t\tif (retry',
		noticedBy: 'test/trigger/slowBlobs.test.mts',
	},
	{
		rule: 'what n8n does not store when a poll returns is not taken for stored',
		file: REGISTRY,
		from: "return isAnother && !('__dataChanged' in data);",
		to: 'return isAnother || data !== undefined;',
		noticedBy: SCHEDULER,
	},
	{
		rule: 'ticks that look like edits are not all taken for activations',
		file: REGISTRY,
		from: "if (again) return 'unclear';",
		to: "if (again) return 'activation';",
		noticedBy: SCHEDULER,
	},
	{
		rule: 'each publish checks what a person must mend, not every other one',
		file: 'nodes/trigger/poll.ts',
		from: "if (kind !== 'tick') await activate(context);",
		to: "if (kind === 'activation') await activate(context);",
		noticedBy: 'test/trigger/startingUp.test.mts',
	},
	{
		rule: 'a start that took effect without an answer counts when it is found enabled',
		file: SUBSCRIPTIONS,
		from: 'if (!alreadyEnabled || type.missing) {',
		to: 'if (!alreadyEnabled) {',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'that a request ended by its own time limit is no refusal of a start',
		file: SUBSCRIPTIONS,
		from: "kind === 'cancelled' || (kind === 'transient' && status === undefined)",
		to: "kind === 'cancelled'",
		noticedBy: SUBSCRIPTIONS_TEST,
	},
];
