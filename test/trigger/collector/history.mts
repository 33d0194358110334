import fc from 'fast-check';

import type { ContentType } from '../../../nodes/feed/types';
import { brokenPromises } from './promise.mts';
import { createWorld, DAY, HOUR, MINUTE, type Destination, type World } from './world.mts';

/** Kinds of blobs (`odd`); all others are plain. */
const NO_IDS = 1;
const REPEATED_IDS = 2;
const BROKEN = 3;

const TYPES: ContentType[] = ['Audit.Exchange', 'Audit.General'];

/** One thing that happens to the trigger. */
type Step =
	| { do: 'publish'; type: number; count: number; size: number; lateMs: number; odd: number }
	| { do: 'straggler'; type: number; lateMs: number }
	| { do: 'poll'; times: number; everyMs: number }
	| { do: 'destination'; mode: Destination }
	| { do: 'listing'; fails: number }
	| { do: 'reading'; mode: 'ok' | 'flaky' | 'down' | 'throttled' }
	| { do: 'kill'; timers: number }
	| { do: 'edit' }
	| { do: 'rollBack' };

export interface History {
	seed: number;
	skewMinutes: number;
	startBackHours: number;
	overlapMinutes: number;
	maxEvents: number;
	parallel: number;
	atMostOnce: boolean;
	budgetMinutes: number;
	steps: Step[];
}

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			do: fc.constant('publish' as const),
			type: fc.nat(1),
			count: fc.integer({ min: 1, max: 5 }),
			size: fc.integer({ min: 1, max: 12 }),
			lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 120 * MINUTE })),
			odd: fc.nat(9),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('straggler' as const),
			type: fc.nat(1),
			lateMs: fc.integer({ min: 2 * HOUR, max: 22 * HOUR }),
		}),
	},
	{
		weight: 8,
		arbitrary: fc.record({
			do: fc.constant('poll' as const),
			times: fc.integer({ min: 1, max: 6 }),
			everyMs: fc.constantFrom(MINUTE, 5 * MINUTE, 40 * MINUTE, 3 * HOUR),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant('destination' as const),
			mode: fc.constantFrom<Destination>('ok', 'ok', 'down', 'flaky', 'slow', 'hangs'),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('listing' as const), fails: fc.nat(3) }) },
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('reading' as const),
			mode: fc.constantFrom('ok' as const, 'ok' as const, 'flaky' as const, 'down' as const, 'throttled' as const),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant('kill' as const), timers: fc.nat(12) }),
	},
	{ weight: 1, arbitrary: fc.constant({ do: 'edit' as const }) },
	{ weight: 1, arbitrary: fc.constant({ do: 'rollBack' as const }) },
);

export const history: fc.Arbitrary<History> = fc.record({
	seed: fc.nat(),
	skewMinutes: fc.constantFrom(0, 0, -8, 8),
	startBackHours: fc.constantFrom(0, 1, 30, 150),
	overlapMinutes: fc.constantFrom(15, 120),
	maxEvents: fc.constantFrom(1, 3, 10, 1000),
	parallel: fc.constantFrom(1, 1, 3),
	atMostOnce: fc.constantFrom(false, false, false, true),
	budgetMinutes: fc.constantFrom(1, 5),
	steps: fc.array(step, { minLength: 4, maxLength: 40, size: 'max' }),
});

/** A small generator of its own, so that a history is the same whenever it is played. */
function randomOf(seed: number): () => number {
	let state = (seed ^ 0x9e3779b9) >>> 0;
	return () => {
		state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
		const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
		return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
	};
}

/** Plays a history to its end and beyond, until the trigger has had time to catch up. Returns what is broken. */
export async function play(plan: History): Promise<string[]> {
	const overlapMs = plan.overlapMinutes * MINUTE;
	const random = randomOf(plan.seed);
	const world = createWorld({
		types: TYPES,
		skewMs: plan.skewMinutes * MINUTE,
		startBackMs: plan.startBackHours * HOUR,
		pollBudgetMs: plan.budgetMinutes * MINUTE,
		random,
		options: {
			overlapMs,
			maxEventsPerExecution: plan.maxEvents,
			parallelExecutions: plan.parallel,
			delivery: plan.atMostOnce ? 'atMostOnce' : 'atLeastOnce',
			deliveryTimeoutMs: 3 * HOUR,
		},
	});
	const publish = createPublisher(world, random);
	// Windows begin on whole seconds, so this one is listed although it is too old.
	publish(0, 1, world.startMs() - 200, NO_IDS);
	for (const each of plan.steps) {
		// What another node writes over our checkpoint is gone if the process dies before the next run: nothing that
		// is stored could tell that the older copy is not the newest, so at most once cannot hold then.
		if (each.do === 'rollBack' && plan.atMostOnce) continue;
		await playStep(world, each, overlapMs, publish);
	}
	await comeToRest(world);
	return brokenPromises(world, overlapMs, plan.atMostOnce);
}

type Publish = (type: number, size: number, createdMs: number, odd: number) => void;

function createPublisher(world: World, random: () => number): Publish {
	const ids: string[] = [];
	return (type, size, createdMs, odd) => {
		const number = world.blobs.length;
		const events = Array.from({ length: size }, (_, index) => {
			const uid = `${number}.${index}`;
			if (odd === NO_IDS) return { uid };
			const repeat = odd === REPEATED_IDS && ids.length > 0 && random() < 0.5;
			const Id = repeat ? (ids[Math.floor(random() * ids.length)] ?? uid) : uid;
			ids.push(Id);
			return { Id, uid };
		});
		const contentType = TYPES[type] ?? 'Audit.General';
		const expiresMs = createdMs + 7 * DAY;
		world.publish({
			blob: {
				contentType,
				contentId: `blob-${number}$${contentType}`,
				contentCreated: new Date(createdMs).toISOString(),
				createdMs,
				contentExpiration: new Date(expiresMs).toISOString(),
				expiresMs,
			},
			events,
			visibleMs: world.time.now(),
			broken: odd === BROKEN,
		});
	};
}

async function playStep(world: World, each: Step, overlapMs: number, publish: Publish) {
	const now = world.time.now();
	switch (each.do) {
		case 'publish':
			for (let i = 0; i < each.count; i++) {
				publish(each.type, each.size, now - Math.min(each.lateMs, overlapMs), each.odd);
			}
			return;
		case 'straggler':
			return publish(each.type, 2, now - each.lateMs, NO_IDS);
		case 'poll':
			for (let i = 0; i < each.times; i++) {
				await world.poll();
				await world.advance(each.everyMs);
			}
			return;
		case 'destination':
			return world.setDestination(each.mode);
		case 'listing':
			return world.setListing(TYPES.filter((_, index) => (each.fails >> index) & 1));
		case 'reading':
			return world.setReading(each.mode);
		case 'kill':
			return await world.killDuringPoll(each.timers);
		case 'edit':
			return world.publishEdit();
		default:
			return world.rollBackStored();
	}
}

/** Everything works again; the longest back-off and the longest run pass; blobs that cannot be read expire. */
async function comeToRest(world: World): Promise<void> {
	world.setDestination('ok');
	world.setListing('none');
	world.setReading('ok');
	for (let polls = 0; polls < 26; polls++) {
		await world.poll();
		await world.advance(HOUR);
	}
	if (!world.blobs.some(({ broken }) => broken)) return;
	for (let polls = 0; polls < 40; polls++) {
		await world.poll();
		await world.advance(6 * HOUR);
	}
}
