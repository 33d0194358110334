import {
	NodeOperationError,
	type INodeExecutionData,
	type IPollFunctions,
	type IWorkflowSettings,
} from 'n8n-workflow';

import { createNodeClient } from '../actions/common/context';
import { toNodeError } from '../actions/common/errors';
import { selectCounting } from '../feed/checkpoint/counting';
import { selectTypes } from '../feed/checkpoint/state';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { setAlarm } from '../transport/alarm';
import { runtime } from '../transport/runtime';
import { activate } from './activation';
import { heedClock } from './collector/clock';
import { collect } from './collector/collect';
import { fetchTestEvents } from './manual';
import { readParameters } from './parameters';
import { createPorts } from './ports';
import type { PollContext } from './pollContext';
import { isCopy, kindOfPoll, memoryOf, type PollKind, type TriggerMemory } from './registry';
import { openStore } from './staticData';
import { seeToSubscriptions } from './seeToSubscriptions';
import { createTeller } from './teller';

/** What n8n's default poller answers to `getPollBudgetMs` (since 2.38); it does not enforce it. */
const DEFAULT_BUDGET_MS = 5 * MINUTE_MS;

/** What may be an activation: n8n waits for it, and gives the trigger up after 84 seconds. */
const UNCLEAR_BUDGET_MS = 30 * SECOND_MS;

/** Kept free at the end of the budget, for what cannot be interrupted. */
const BUDGET_MARGIN_MS = 5 * SECOND_MS;

/**
 * The trigger's poll. Hands events to n8n itself, with `__emit`, to learn how the runs end; so it returns null, except to the
 * editor's "fetch test event".
 */
export async function poll(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (node.getMode() === 'manual') return await testEvents(node);
	const memory = memoryOf(node);
	const fullBudgetMs = node.getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS;
	// Nothing else tells the durable scheduler from the default poller (n8n 2.40.7): both build the same context, and only the
	// scheduler computes a budget, from its time limit and its lease: 36 s, and 300 s only with settings made for it.
	const scheduled = fullBudgetMs !== DEFAULT_BUDGET_MS;
	const kind = kindOfPoll(node, memory, scheduled);
	const budgetMs = kind === 'unclear' ? Math.min(fullBudgetMs, UNCLEAR_BUDGET_MS) : fullBudgetMs;
	if (memory.polling) {
		if (memory.session) memory.session.newsDue = true;
		return null;
	}
	memory.polling = true;
	try {
		const context = open(node, memory, budgetMs, scheduled);
		if (kind !== 'tick') await activate(context);
		if (kind !== 'activation') await collectNow(context);
		delete memory.problem;
	} catch (error) {
		tellOnce(node, memory, error, kind);
	} finally {
		memory.polling = false;
	}
	return null;
}

async function testEvents(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	try {
		return await fetchTestEvents(node);
	} catch (error) {
		throw toNodeError(node.getNode(), error);
	}
}

/** Its runs report no end, so nothing could ever count as delivered. */
function refuseEngine2(node: IPollFunctions): void {
	const settings = node.getWorkflowSettings?.() as (IWorkflowSettings & { engineType?: string }) | undefined;
	if (settings?.engineType !== 'v2') return;
	throw new NodeOperationError(node.getNode(), 'This trigger does not work with Engine 2.0 yet', {
		description:
			'Engine 2.0 does not tell a trigger how its runs end. Switch the workflow back to the default engine in its settings.',
	});
}

function open(
	node: IPollFunctions,
	memory: TriggerMemory,
	budgetMs: number,
	scheduled: boolean,
): PollContext {
	refuseEngine2(node);
	const nowMs = runtime.now();
	const parameters = readParameters(node, nowMs);
	const store = openStore(node);
	const { session, problem } = store.load(memory.session, nowMs);
	memory.session = session;
	const storesOnReturn = isCopy(node, memory);
	if (problem) {
		node.__emitError(
			new NodeOperationError(node.getNode(), `The stored checkpoint cannot be used. ${problem}`, {
				description:
					'It was set aside in the workflow’s static data (“setAside”). Collection goes on from the last known times if there is a copy of them, else as at a first start; check for a gap or repeats around now.',
			}),
		);
	}
	heedClock(session, nowMs, parameters.delivery);
	selectTypes(session.state, parameters.contentTypes, parameters.startMs, nowMs);
	if (selectCounting(session.state, parameters.output === 'reference' ? 'blobs' : 'events')) {
		delete session.ready;
		session.downloads.clear();
	}
	return { node, memory, session, parameters, store, budgetMs, scheduled, storesOnReturn };
}

async function collectNow(context: PollContext): Promise<void> {
	const { node, memory, session, parameters, budgetMs, scheduled } = context;
	const ownMs = Math.max(SECOND_MS, budgetMs - BUDGET_MARGIN_MS);
	const deadlineMs = runtime.now() + ownMs;
	const stop = new AbortController();
	const cancel = () => stop.abort();
	const disarm = setAlarm(ownMs, cancel);
	const teller = createTeller(node, context.store);
	try {
		const client = await createNodeClient(node, {
			...parameters,
			logger: node.logger,
			deadlineMs,
			signal: stop.signal,
		});
		await seeToSubscriptions(context, client);
		const ports = createPorts({ ...context, store: teller.store, client, cancel, report: teller.report });
		const { lookAhead } = memory;
		const options = {
			...parameters,
			deadlineMs,
			lookAhead: () => lookAhead.blobs(parameters.concurrency),
		};
		await collect({ session, ports, options });
	} finally {
		disarm();
		cancel();
		teller.end();
	}
	if (scheduled && session.runs.size > 0) {
		node.logger.warn(
			'A run takes longer than a poll of n8n’s durable scheduler. If the next poll is made by another n8n process, its events are handed out again.',
		);
	}
}

/**
 * What holds for the whole node. While n8n starts nothing may be thrown: it would give the trigger up for good. Only to a
 * person who has just switched the workflow on is it thrown.
 */
function tellOnce(
	node: IPollFunctions,
	memory: TriggerMemory,
	error: unknown,
	kind: PollKind,
): void {
	const told = toNodeError(node.getNode(), error);
	const mode = node.getActivationMode();
	if (kind !== 'tick' && mode !== 'init' && mode !== 'leadershipChange') throw told;
	node.logger.error(told.message);
	if (memory.problem === told.message) return;
	memory.problem = told.message;
	node.__emitError(told);
}
