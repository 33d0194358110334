import { createNodeClient } from '../actions/common/context';
import { attempt } from '../feed/attempt';
import { endWaits } from '../feed/checkpoint/backOff';
import type { FailureKind } from '../feed/failure';
import { SECOND_MS } from '../feed/time';
import type { FeedClient } from '../transport/client';
import { runtime } from '../transport/runtime';
import { save } from './collector/runs';
import type { PollContext } from './pollContext';
import { tellFailedStarts } from './seeToSubscriptions';
import { keepStarted } from './subscriptions';

/** n8n waits for the first poll before it goes on (1.x: before it starts anything else). */
const CHECK_MS = 8 * SECOND_MS;

/** What only a person can mend. */
const PERMANENT: ReadonlySet<FailureKind> = new Set([
	'signIn',
	'permission',
	'auditingOff',
	'badRequest',
]);

/**
 * The first poll of an activation: one quick check whether the feed can be read, and the start is fixed. Delivers nothing.
 *
 * @throws FeedFailure, UserError for what a person must mend; whatever may pass by itself is only logged
 */
export async function activate(context: PollContext): Promise<void> {
	const { node, session, parameters, store } = context;
	const mode = node.getActivationMode();
	const byPerson = mode !== 'init' && mode !== 'leadershipChange';
	// Somebody may have mended what was wrong, and wants to see it.
	if (byPerson) endWaits(session.state);
	save({ session, ports: { save: store.save, runtime } });
	const checked = await attempt(async () => {
		const client = await createNodeClient(node, {
			...parameters,
			logger: node.logger,
			deadlineMs: runtime.now() + CHECK_MS,
			signal: AbortSignal.timeout(CHECK_MS),
		});
		await check(context, client, byPerson);
	});
	if (checked.ok) return;
	const { failure } = checked;
	if (PERMANENT.has(failure.kind)) throw failure;
	node.logger.warn(`The check at activation did not succeed, polls will try again: ${failure.message}`);
}

async function check(
	{ node, memory, session, parameters }: PollContext,
	client: FeedClient,
	byPerson: boolean,
): Promise<void> {
	// A person ends the wait after a start that was refused, but not that of Microsoft's start throttle.
	const untilMs = byPerson ? memory.subscriptions.throttledUntilMs : session.state.startNotBeforeMs;
	if (!parameters.startMissingSubscriptions || runtime.now() < untilMs) {
		await client.listSubscriptions();
		return;
	}
	const { failures } = await keepStarted(client, session, memory.subscriptions, runtime);
	// One refused type must not keep the others from being collected.
	const permanent = failures.find(({ failure }) => PERMANENT.has(failure.kind));
	if (permanent && failures.length === parameters.contentTypes.length) throw permanent.failure;
	tellFailedStarts(node, memory.subscriptions, failures);
}
