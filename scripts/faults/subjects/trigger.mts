import type { IDataObject } from 'n8n-workflow';

import { eventKey } from '../../../simulator/ledger.mts';
import type { Poll } from '../../../test/engine/harness.mts';
import { HOUR, MINUTE } from '../../../test/engine/support/stage.mts';
import { entriesOf, eventsOf, onceEach } from '../outcome.mts';
import { CONTENT_TYPES } from '../scene.mts';
import type { Outcome, Scene, Subject, Use } from '../types.mts';

const PARAMETERS = { contentTypes: [...CONTENT_TYPES], startFrom: 'last', lastAmount: 1, lastUnit: 'days' };
/** Small batches, and little read ahead of them: so there are requests while events are handed over. */
const OPTIONS = { concurrency: 1, maxEventsPerExecution: 4 };

const POLL_EVERY_MS = 15 * MINUTE;
/** Polls afterwards: what was listed very late comes with the daily look at the last 24 hours. */
const PATIENCE = (30 * HOUR) / POLL_EVERY_MS;
/** Content expires after seven days, and is tried every six hours by then. */
const PATIENCE_UNTIL_EXPIRY = (8 * 24 * HOUR) / POLL_EVERY_MS;

type Output = 'events' | 'reference';

interface Watched {
	poll: Poll;
	/** Reads what has been handed over or told since the last time. */
	look(outcome: Outcome): void;
}

const keyOf: Record<Output, (json: IDataObject) => string> = {
	events: eventKey,
	reference: ({ contentId }) => `entry:${String(contentId)}`,
};

function watch(scene: Scene, output: Output): Watched {
	const poll = scene.stage.createPoll(
		{ ...PARAMETERS, output, options: OPTIONS },
		{
			onEmit(emission) {
				if (emission.items.length > 0) {
					scene.onEmission?.();
					delete scene.onEmission;
				}
				// The run is under way for a moment, while the next batch is fetched.
				setImmediate(() => emission.finish('success'));
			},
		},
	);
	let emissions = 0;
	let errors = 0;
	return {
		poll,
		look(outcome) {
			for (const { items } of poll.emissions.slice(emissions)) {
				for (const { json } of items) outcome.arrived.push(keyOf[output](json));
			}
			for (const error of poll.errors.slice(errors)) readError(error, scene, outcome);
			emissions = poll.emissions.length;
			errors = poll.errors.length;
			outcome.raw = [poll.emissions, poll.errors, poll.stored(), poll.staticData()];
		},
	};
}

function readError(error: Error, { blobs }: Scene, { messages, told }: Outcome): void {
	const { message, description } = error as Error & { description?: string };
	messages.push({ kind: 'error', text: message, ...(description ? { advice: description } : {}) });
	const all = `${message}\n${description ?? ''}`;
	for (const { contentId, contentType } of blobs) {
		if (all.includes(contentId)) told.contentIds.add(contentId);
		if (message.includes(contentType)) told.contentTypes.add(contentType);
	}
}

async function pollOnce({ poll, look }: Watched, outcome: Outcome): Promise<void> {
	await poll.tick();
	look(outcome);
}

function polling(scene: Scene, watched: Watched): Use {
	const { clock } = scene.stage;
	async function later(outcome: Outcome): Promise<void> {
		clock.advance(POLL_EVERY_MS);
		await pollOnce(watched, outcome);
	}
	return {
		async during(outcome, lastingMs, isDone) {
			const untilMs = clock.now() + lastingMs;
			await pollOnce(watched, outcome);
			while (clock.now() < untilMs && !isDone()) await later(outcome);
		},
		again: later,
		patience: PATIENCE,
		patienceUntilExpiry: PATIENCE_UNTIL_EXPIRY,
	};
}

const due: Record<Output, Subject['due']> = {
	events: (scene) => onceEach(scene.blobs.flatMap(eventsOf)),
	reference: entriesOf,
};

const pollSubject = (output: Output): Subject => ({
	name: `Trigger: poll (${output})`,
	kind: 'trigger',
	moments: [
		'token call',
		'first call',
		'listing',
		'page n',
		...(output === 'events' ? (['blob n', 'last blob', 'while emitting'] as const) : []),
		'throughout',
	],
	due: due[output],
	async start(scene) {
		const watched = watch(scene, output);
		await watched.poll.activate().catch(() => undefined);
		scene.stage.sim.revokeTokens();
		return polling(scene, watched);
	},
});

/** Activation as a person does it: what it throws is shown at once, and it is switched on again later. */
const activation: Subject = {
	name: 'Trigger: activation',
	kind: 'trigger',
	moments: ['token call', 'first call', 'throughout'],
	due: due.events,
	async start(scene) {
		const watched = watch(scene, 'events');
		const use = polling(scene, watched);
		let isActive = false;
		async function activate(outcome: Outcome): Promise<void> {
			await watched.poll.activate().then(
				() => void (isActive = true),
				(error: Error) => {
					readError(error, scene, outcome);
					outcome.told.everything = true;
				},
			);
			watched.look(outcome);
		}
		return {
			...use,
			during: activate,
			async again(outcome) {
				if (isActive) return await use.again(outcome);
				scene.stage.clock.advance(POLL_EVERY_MS);
				await activate(outcome);
			},
		};
	},
};

/** Shows a few of the newest events; which, nobody is promised. */
const testEvent: Subject = {
	name: 'Trigger: fetch test event',
	kind: 'trigger',
	moments: ['token call', 'listing', 'page n', 'last blob', 'throughout'],
	due: () => [{ key: 'some events' }],
	async start(scene) {
		const { poll } = watch(scene, 'events');
		async function fetch(outcome: Outcome): Promise<void> {
			outcome.arrived = [];
			try {
				const items = await poll.fetchTestEvent();
				outcome.raw.push(items);
				if (items) outcome.arrived = ['some events'];
			} catch (error) {
				outcome.raw.push(error);
				readError(error as Error, scene, outcome);
				outcome.told.everything = true;
			}
		}
		return { during: fetch, again: fetch, patience: 3 };
	},
};

/** The trigger in all its roles. */
export const TRIGGER_SUBJECTS: readonly Subject[] = [
	activation,
	pollSubject('events'),
	pollSubject('reference'),
	testEvent,
];
