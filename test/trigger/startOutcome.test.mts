import { FeedFailure, type FailureKind } from '../../nodes/feed/failure';
import { createCheckpoint, selectTypes } from '../../nodes/feed/checkpoint/state';
import { newSession } from '../../nodes/trigger/collector/session';
import type { PollContext } from '../../nodes/trigger/pollContext';
import { seeToSubscriptions } from '../../nodes/trigger/seeToSubscriptions';
import { isCheckDue, keepStarted, newSubscriptionState } from '../../nodes/trigger/subscriptions';

const NOW = Date.UTC(2026, 2, 10, 12);
const HOUR = 3_600_000;
const runtime = { now: () => NOW };

/** One content type whose subscription is missing, and a Microsoft that answers starts as told. */
function scene() {
	const state = createCheckpoint(NOW);
	selectTypes(state, ['Audit.General'], NOW, NOW);
	const type = state.types.get('Audit.General')!;
	const session = newSession(state);
	const known = newSubscriptionState();
	const listed: unknown[] = [];
	let answer: FeedFailure | undefined;
	const source = {
		listSubscriptions: async () => await Promise.resolve(listed),
		startSubscription: async () => await (answer ? Promise.reject(answer) : Promise.resolve({})),
	};
	return {
		...{ state, type, session, known, listed },
		answerWith: (failure: FeedFailure) => (answer = failure),
		look: async () => await keepStarted(source, session, known, runtime),
	};
}

const failed = (kind: FailureKind, status?: number) => new FeedFailure({ kind, message: 'no', status });

describe('a start of a subscription', () => {
	it.each([
		['our patience', failed('cancelled')],
		['the request\'s own time limit', failed('transient')],
	])('that gets no answer is no refusal, though %s ended the wait: a later look tries again', async (_, failure) => {
		const { state, session, known, answerWith, look } = scene();
		answerWith(failure);
		expect((await look()).failures).toEqual([]);
		expect(state.startNotBeforeMs).toBe(0);
		expect([NOW + 59_999, NOW + 60_000].map((nowMs) => isCheckDue(session, known, nowMs))).toEqual([false, true]);
	});

	it('that was answered with a passing failure is told, and waits', async () => {
		const { state, answerWith, look } = scene();
		answerWith(failed('transient', 503));
		expect((await look()).failures).toHaveLength(1);
		expect(state.startNotBeforeMs).toBe(NOW + HOUR / 4);
	});

	it.each([
		['started', undefined],
		['reappeared', true],
	] as const)('that took effect without an answer counts as %s when it is found enabled', async (news, subscribed) => {
		const { type, listed, answerWith, look } = scene();
		if (subscribed) type.subscribed = true;
		answerWith(failed('transient'));
		await look();
		listed.push({ contentType: 'Audit.General', status: 'enabled' });
		expect(await look()).toMatchObject({ [news]: ['Audit.General'] });
		expect(type.freshUntilMs).toBe(NOW + 12 * HOUR);
		expect(await look()).toEqual({ started: [], restarted: [], reappeared: [], failures: [] });
	});
});

describe('seeing to subscriptions before a poll collects', () => {
	function pollContext() {
		const { session, known } = scene();
		const errors: string[] = [];
		const context = {
			node: { logger: { error: (message: string) => errors.push(message), debug: () => undefined } },
			memory: { subscriptions: known },
			session,
			parameters: { startMissingSubscriptions: true },
			budgetMs: 1,
		} as unknown as PollContext;
		return { context, errors, known };
	}

	it('logs a fault of the program as an error, goes on, and leaves the next try to a later poll', async () => {
		const { context, errors, known } = pollContext();
		const within = () => ({
			listSubscriptions: () => Promise.reject(new TypeError('undefined is not a function')),
		});
		await seeToSubscriptions(context, { within } as never);
		expect(errors).toEqual([expect.stringContaining('undefined is not a function')]);
		expect(known.looking.failures).toBe(1);
	});

	it('cancels what is still asked when its time is over', async () => {
		const { context, errors } = pollContext();
		const within = ({ signal }: { signal: AbortSignal }) => ({
			listSubscriptions: () =>
				new Promise((_, reject) => signal.addEventListener('abort', () => reject(failed('cancelled')))),
		});
		const ended = seeToSubscriptions(context, { within } as never).then(() => 'ended');
		const waiting = new Promise((resolve) => setTimeout(resolve, 2_000, 'waiting').unref());
		expect(await Promise.race([ended, waiting])).toBe('ended');
		expect(errors).toEqual([]);
	});
});
