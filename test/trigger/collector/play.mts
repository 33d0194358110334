import type { ContentType } from '../../../nodes/feed/types';
import {
	BROKEN,
	NO_IDS,
	POISON,
	REPEATED_IDS,
	SHORT_LIVED,
	SLOW_TO_APPEAR,
	UNDATED,
	type Edit,
	type History,
	type Step,
} from './history.mts';
import { brokenPromises } from './promise.mts';
import { DAY, HOUR, MINUTE } from './units.mts';
import { createWorld, type Setting, type World } from './world.mts';

const TYPES: ContentType[] = ['Audit.Exchange', 'Audit.General'];

/** One bit for each content type. */
const typesOf = (bits: number) => TYPES.filter((_, index) => (bits >> index) & 1);

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
	const { maxDeliveryAttempts } = plan;
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
			maxDeliveryAttempts,
		},
	});
	const publish = createPublisher(world, random);
	// Windows begin on whole seconds, so this one is listed although it is too old.
	publish(0, 1, world.startMs() - 200, NO_IDS);
	for (const each of plan.steps) await playStep(world, each, overlapMs, publish);
	await comeToRest(world);
	return brokenPromises(world, { overlapMs, maxDeliveryAttempts });
}

type Publish = (type: number, size: number, createdMs: number, odd: number) => void;

function createPublisher(world: World, random: () => number): Publish {
	const ids: string[] = [];
	return (type, size, createdMs, odd) => {
		const number = world.blobs.length;
		const events = Array.from({ length: size }, (_, index) => {
			const uid = `${number}.${index}`;
			const kind = (number + index) % KINDS;
			if (odd === NO_IDS) return { uid, kind };
			const repeat = odd === REPEATED_IDS && ids.length > 0 && random() < 0.5;
			const Id = repeat ? (ids[Math.floor(random() * ids.length)] ?? uid) : uid;
			ids.push(Id);
			return { Id, uid, kind };
		});
		if (odd === POISON) world.destination.poison(`${number}.${Math.floor(random() * size)}`);
		const contentType = TYPES[type] ?? 'Audit.General';
		const expiresMs = createdMs + (odd === SHORT_LIVED ? 1.5 : 7) * DAY;
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
			...(odd === UNDATED ? { undated: true as const } : {}),
			...(odd === SLOW_TO_APPEAR ? { readableMs: world.time.now() + 20 * MINUTE } : {}),
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
			return await polls(world, each.times, each.everyMs);
		case 'destination':
			return world.destination.setMode(each.mode);
		case 'listing':
			return world.setListing(typesOf(each.fails), typesOf(each.slow));
		case 'reading':
			return world.setReading(each.mode);
		case 'throttle':
			return world.throttle(each);
		case 'kill':
			return await world.killDuringPoll(each.timers);
		case 'off':
			await world.killDuringPoll(each.timers);
			return await world.advance(each.hours * HOUR);
		case 'edit':
			return await edit(world, each);
		case 'renameWhileOff':
			await world.killDuringPoll(each.timers);
			return rename(world, each.value);
		case 'heal':
			return world.destination.heal();
		default:
			return rollBack(world);
	}
}

async function polls(world: World, times: number, everyMs: number): Promise<void> {
	for (let i = 0; i < times; i++) {
		await world.poll();
		await world.advance(everyMs);
	}
}

async function edit(world: World, { change, value, timers }: Extract<Step, { do: 'edit' }>): Promise<void> {
	if (change === 'name') return rename(world, value);
	const changed = SETTINGS[change](value);
	if (timers > 0) await world.editDuringPoll(timers, changed);
	else world.publishEdit(changed);
}

/** Events are of one of these many kinds, and a filter shuts out one of them or none. */
const KINDS = 3;

const SETTINGS: Record<Exclude<Edit, 'name'>, (value: number) => Partial<Setting>> = {
	nothing: () => ({}),
	output: (value) => ({ output: value % 2 === 0 ? 'events' : 'reference' }),
	filters: (value) => ({ matches: ({ kind }) => kind !== value }),
	delivery: (value) => ({ delivery: value % 2 === 0 ? 'atLeastOnce' : 'atMostOnce' }),
	limits: (value) => ({ maxEventsPerExecution: [1, 4, 1000][value % 3], parallelExecutions: 1 + (value % 2) }),
};

function rename(world: World, value: number): void {
	world.rename((['new', 'former', 'twin'] as const)[value % 3] ?? 'new');
}

/**
 * What another node writes over our checkpoint is gone if the process dies before the next run: nothing that is stored
 * could tell that the older copy is not the newest, so at most once cannot hold then.
 */
function rollBack(world: World): void {
	if (world.settings.every(({ setting }) => setting.delivery === 'atLeastOnce')) world.rollBackStored();
}

/** Everything works again; the longest back-off and the longest run pass; what cannot be delivered expires. */
async function comeToRest(world: World): Promise<void> {
	world.destination.setMode('ok');
	world.setListing('none');
	world.setReading('ok');
	await polls(world, 26, HOUR);
	const doomed = ({ broken, events }: World['blobs'][number]) =>
		broken || events.some(({ uid }) => world.destination.isPoisoned(String(uid)));
	if (world.blobs.some(doomed)) await polls(world, 40, 6 * HOUR);
}
