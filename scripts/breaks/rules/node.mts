import type { Break } from '../break.mts';

const POLL = 'nodes/trigger/poll.ts';
const ACTIVATION = 'nodes/trigger/activation.ts';
const PARAMETERS = 'nodes/trigger/parameters.ts';
const SUBSCRIPTIONS = 'nodes/trigger/subscriptions.ts';
const SEE_TO = 'nodes/trigger/seeToSubscriptions.ts';
const PORTS = 'nodes/trigger/ports.ts';
const TELLER = 'nodes/trigger/teller.ts';
const SCHEDULER = 'test/trigger/scheduler.test.mts';
const TRIGGER = 'test/trigger/trigger.test.mts';
const CHANGES = 'test/trigger/changes.test.mts';
const SUBSCRIPTIONS_TEST = 'test/trigger/subscriptions.test.mts';
const STARTING_UP = 'test/trigger/startingUp.test.mts';

/** Polls, activation, parameters and subscriptions, in n8n's engine. */
export const NODE: Break[] = [
	{
		rule: 'two polls at once cannot happen',
		file: POLL,
		from: 'if (memory.polling) {',
		to: 'if (memory.polling && node === undefined) {',
		noticedBy: TRIGGER,
	},
	{
		rule: 'nothing is delivered at activation',
		file: POLL,
		from: "if (kind !== 'activation') await collectNow(context);",
		to: 'await collectNow(context);',
		noticedBy: TRIGGER,
	},
	{
		rule: 'activation fixes the start',
		file: ACTIVATION,
		from: 'save({ session, ports: { save: store.save, runtime } });',
		to: '',
		noticedBy: STARTING_UP,
	},
	{
		rule: 'what a person must mend is thrown at activation',
		file: ACTIVATION,
		from: 'if (PERMANENT.has(failure.kind)) throw failure;',
		to: '',
		noticedBy: TRIGGER,
	},
	{
		rule: 'what may pass by itself is not thrown at activation',
		file: ACTIVATION,
		from: 'if (PERMANENT.has(failure.kind)) throw failure;',
		to: 'throw failure;',
		noticedBy: STARTING_UP,
	},
	{
		rule: 'nothing is thrown while n8n starts',
		file: POLL,
		from: "if (kind !== 'tick' && mode !== 'init' && mode !== 'leadershipChange') throw told;",
		to: "if (kind !== 'tick') throw told;",
		noticedBy: TRIGGER,
	},
	{
		rule: 'what is wrong with the whole node is told once',
		file: POLL,
		from: 'if (memory.problem === told.message) return;',
		to: '',
		noticedBy: STARTING_UP,
	},
	{
		rule: 'a person who switches it on ends all waits',
		file: ACTIVATION,
		from: 'if (byPerson) endWaits(session.state);',
		to: '',
		noticedBy: STARTING_UP,
	},
	{
		rule: 'a restart of n8n does not end the waits',
		file: ACTIVATION,
		from: 'if (byPerson) endWaits(session.state);',
		to: 'endWaits(session.state);',
		noticedBy: STARTING_UP,
	},
	{
		rule: 'losses are told before the checkpoint that forgets them is stored',
		file: TELLER,
		from: 'tell();\n\t\t\t\tstore.save(stored);',
		to: 'store.save(stored);',
		noticedBy: 'test/trigger/reporting.test.mts',
	},
	{
		rule: 'what runs tell after the poll has ended is told at once',
		file: TELLER,
		from: 'if (!polling) tell();',
		to: '',
		noticedBy: 'test/trigger/reporting.test.mts',
	},
	{
		rule: 'Engine 2.0, whose runs report no end, is refused',
		file: POLL,
		from: "if (settings?.engineType !== 'v2') return;",
		to: "if (settings?.engineType !== 'v3') return;",
		noticedBy: TRIGGER,
	},
	{
		rule: 'a batch that was prepared for another Output is not handed out',
		file: POLL,
		from: 'delete session.ready;\n\t\tsession.downloads.clear();',
		to: '',
		noticedBy: CHANGES,
	},
	{
		rule: 'with n8n’s durable cursors the poll’s return stores',
		file: PORTS,
		from: '\t\tstoresOnReturn,',
		to: '\t\tstoresOnReturn: false,',
		noticedBy: SCHEDULER,
	},
	{
		rule: '“fetch test event” does not move the checkpoint',
		file: POLL,
		from: "if (node.getMode() === 'manual') return await testEvents(node);",
		to: "if (node.getMode() === 'manual') void open(node, memoryOf(node), 0, false).store.save({ sequence: 1, types: {} } as never);\n\tif (node.getMode() === 'manual') return await testEvents(node);",
		noticedBy: TRIGGER,
	},
	{
		rule: 'Start From is honoured',
		file: PARAMETERS,
		from: "if (node.getNodeParameter('startFrom', 'now') !== 'last') return nowMs;",
		to: "if (node.getNodeParameter('startFrom', 'now') !== '') return nowMs;",
		noticedBy: TRIGGER,
	},
	{
		rule: 'At Most Once is honoured',
		file: PARAMETERS,
		from: "=== 'atMostOnce' ? 'atMostOnce' : 'atLeastOnce'",
		to: "=== 'never' ? 'atMostOnce' : 'atLeastOnce'",
		noticedBy: TRIGGER,
	},
	{
		rule: 'the overlap is at least 15 minutes',
		file: PARAMETERS,
		from: 'MIN_OVERLAP_MINUTES,\n\t\t\t\tMAX_OVERLAP_MINUTES,',
		to: '0,\n\t\t\t\tMAX_OVERLAP_MINUTES,',
		noticedBy: STARTING_UP,
	},
	{
		rule: 'a content type that is added begins at Start From, counted from then',
		file: 'nodes/feed/checkpoint/state.ts',
		from: 'createTypeState(contentType, startMs, nowMs));\n\t\tmarkUnstored',
		to: 'createTypeState(contentType, nowMs - 6 * 3_600_000, nowMs));\n\t\tmarkUnstored',
		noticedBy: TRIGGER,
	},
	{
		rule: 'a content type that is removed is forgotten',
		file: 'nodes/feed/checkpoint/state.ts',
		from: 'state.types.delete(contentType);',
		to: '',
		noticedBy: CHANGES,
	},
	{
		rule: 'missing subscriptions are started only if the option says so',
		file: SEE_TO,
		from: 'if (!parameters.startMissingSubscriptions) return;',
		to: '',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'subscriptions are looked at once an hour',
		file: SUBSCRIPTIONS,
		from: 'return failing || sinceMs >= CHECK_EVERY_MS || sinceMs < 0;',
		to: 'return failing || sinceMs >= 0;',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'a subscription that is missing is started without waiting for the hour',
		file: SUBSCRIPTIONS,
		from: 'return failing || sinceMs',
		to: 'return sinceMs',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'no start is sent before the start throttle allows it',
		file: SUBSCRIPTIONS,
		from: 'if (nowMs < session.state.startNotBeforeMs || isWaiting(known.looking, nowMs)) return false;',
		to: 'if (isWaiting(known.looking, nowMs)) return false;',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'nor by an activation',
		file: ACTIVATION,
		from: '!parameters.startMissingSubscriptions || runtime.now() < untilMs',
		to: '!parameters.startMissingSubscriptions',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'the wait that the start throttle names is honoured',
		file: SUBSCRIPTIONS,
		from: 'Math.min(failure.retryAfterMs ?? START_WAIT_MS, MAX_START_WAIT_MS)',
		to: '60_000',
		noticedBy: TRIGGER,
	},
	{
		rule: 'one refusal for too many starts holds for all content types',
		file: SUBSCRIPTIONS,
		from: 'if (refusal) throw refusal;',
		to: '',
		noticedBy: SUBSCRIPTIONS_TEST,
	},
	{
		rule: 'a start that waits for the throttle is being mended and not told',
		file: PORTS,
		from: 'memory.subscriptions.throttledUntilMs > runtime.now()',
		to: 'memory.subscriptions.throttledUntilMs < 0',
		noticedBy: TRIGGER,
	},
	{
		rule: 'a start that is refused is told once',
		file: SEE_TO,
		from: 'if (told.get(contentType) === message) continue;',
		to: '',
		noticedBy: CHANGES,
	},
	{
		rule: 'a subscription that somebody disabled is told when it is started again',
		file: SUBSCRIPTIONS,
		from: '(type.subscribed ? again : news.started).push(type.contentType);',
		to: 'news.started.push(type.contentType);',
		noticedBy: TRIGGER,
	},
	{
		rule: 'one that is only missing from the list is not told to have been disabled',
		file: SUBSCRIPTIONS,
		from: 'alreadyEnabled ? news.reappeared : news.restarted',
		to: 'news.restarted',
		noticedBy: 'test/trigger/startOutcome.test.mts',
	},
	{
		rule: 'a credential that n8n does not get to read ends the poll',
		file: 'nodes/actions/common/context.ts',
		from: 'leftMs: credentialMs(options),',
		to: 'leftMs: Infinity,',
		noticedBy: 'test/trigger/hangingCredential.test.mts',
	},
	{
		rule: 'a subscription that is enabled is not started, so that its webhook stays',
		file: 'nodes/feed/subscriptions.ts',
		from: 'if (subscription?.enabled) {',
		to: 'if (subscription?.enabled && nowMs < 0) {',
		noticedBy: 'test/feed/subscriptions.test.mts',
	},
	{
		rule: 'a start keeps the webhook that is there',
		file: 'nodes/feed/subscriptions.ts',
		from: 'startOne(source, contentType, usableWebhook(subscription?.webhook, nowMs))',
		to: 'startOne(source, contentType, usableWebhook(undefined, nowMs))',
		noticedBy: 'test/feed/subscriptions.test.mts',
	},
	{
		rule: '“already enabled” is success',
		file: 'nodes/feed/subscriptions.ts',
		from: 'if (failure.code === ALREADY_ENABLED)',
		to: 'if (failure.code === undefined)',
		noticedBy: 'test/feed/subscriptions.test.mts',
	},
];
