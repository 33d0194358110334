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
import type { StoredCheckpoint } from '../feed/checkpoint/storedCheckpoint';
import { MINUTE_MS, SECOND_MS } from '../feed/time';
import { runtime } from '../transport/runtime';
import { activate } from './activation';
import { collect } from './collector/collect';
import type { Report } from './collector/types';
import { fetchTestEvents } from './manual';
import { readParameters } from './parameters';
import { createPorts } from './ports';
import type { PollContext } from './pollContext';
import { isActivationPoll, memoryOf, type TriggerMemory } from './registry';
import { toErrors } from './reports';
import { openStore } from './staticData';
import { seeToSubscriptions } from './seeToSubscriptions';

/** What n8n's default poller answers to `getPollBudgetMs` (since 2.38); it does not enforce it. */
const DEFAULT_BUDGET_MS = 5 * MINUTE_MS;

/** Kept free at the end of the budget, for what cannot be interrupted. */
const BUDGET_MARGIN_MS = 5 * SECOND_MS;

/**
 * The trigger's poll. Hands events to n8n itself, with `__emit`, to learn how the runs end; so it returns null, except to the
 * editor's "fetch test event".
 */
export async function poll(node: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	if (node.getMode() === 'manual') return await testEvents(node);
	const memory = memoryOf(node);
	const budgetMs = node.getPollBudgetMs?.() ?? DEFAULT_BUDGET_MS;
	// The default poller always names the same budget; the durable one its own, by its settings.
	const durable = budgetMs !== DEFAULT_BUDGET_MS;
	const activation = isActivationPoll(node, durable);
	if (memory.polling) {
		if (memory.session) memory.session.newsDue = true;
		return null;
	}
	memory.polling = true;
	try {
		const context = open(node, memory, budgetMs, durable);
		if (activation) await activate(context);
		else await collectNow(context);
		delete memory.problem;
	} catch (error) {
		tellOnce(node, memory, error, activation);
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
	durable: boolean,
): PollContext {
	refuseEngine2(node);
	const nowMs = runtime.now();
	const parameters = readParameters(node, nowMs);
	const store = openStore(node);
	const { session, problem } = store.load(memory.session, nowMs);
	memory.session = session;
	if (problem) {
		node.__emitError(
			new NodeOperationError(node.getNode(), `The stored checkpoint cannot be used. ${problem}`, {
				description:
					'It was set aside in the workflow’s static data (“setAside”). Collection goes on from the last known times if there is a copy of them, else as at a first start; check for a gap or repeats around now.',
			}),
		);
	}
	selectTypes(session.state, parameters.contentTypes, parameters.startMs, nowMs);
	if (selectCounting(session.state, parameters.output === 'reference' ? 'blobs' : 'events')) {
		delete session.ready;
		session.downloads.clear();
	}
	return { node, memory, session, parameters, store, budgetMs, durable };
}

async function collectNow(context: PollContext): Promise<void> {
	const { node, memory, session, parameters, store, budgetMs, durable } = context;
	const ownMs = Math.max(SECOND_MS, budgetMs - BUDGET_MARGIN_MS);
	const deadlineMs = runtime.now() + ownMs;
	const client = await createNodeClient(node, {
		...parameters,
		logger: node.logger,
		deadlineMs,
		signal: AbortSignal.timeout(ownMs),
	});
	let reports: Report[] = [];
	let polling = true;
	const tellAll = () => {
		const all = reports;
		reports = [];
		tell(node, all);
	};
	const report = (each: Report) => {
		reports.push(each);
		// Runs may end after the poll has.
		if (!polling) tellAll();
	};
	// What was given up must be told before the checkpoint that forgets it is stored.
	const telling = {
		load: store.load,
		save(stored: StoredCheckpoint) {
			tellAll();
			store.save(stored);
		},
	};
	try {
		await seeToSubscriptions(context, client);
		const ports = createPorts({ ...context, store: telling, client, report });
		const { lookAhead } = memory;
		const options = {
			...parameters,
			deadlineMs,
			lookAhead: () => lookAhead.blobs(parameters.concurrency),
		};
		await collect({ session, ports, options });
	} finally {
		polling = false;
		tellAll();
	}
	if (durable && session.runs.size > 0) {
		node.logger.warn(
			'A run takes longer than a poll of n8n’s durable scheduler. If the next poll is made by another n8n process, its events are handed out again.',
		);
	}
}

function tell(node: IPollFunctions, reports: Report[]): void {
	for (const error of toErrors(node.getNode(), reports)) {
		node.logger.warn(error.message);
		node.__emitError(error);
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
	activation: boolean,
): void {
	const told = toNodeError(node.getNode(), error);
	const mode = node.getActivationMode();
	if (activation && mode !== 'init' && mode !== 'leadershipChange') throw told;
	node.logger.error(told.message);
	if (memory.problem === told.message) return;
	memory.problem = told.message;
	node.__emitError(told);
}
