import type { WorldRun } from './destination.mts';
import { eventsByUid, isDone, keyOf } from './promise.mts';
import type { WorldBlob } from './tenant.mts';
import type { World } from './world.mts';

/** Nothing arrives again, unless its run did not succeed or its success could not be stored. */
export function repeatedEvents(world: World): string[] {
	const byUid = eventsByUid(world);
	const asEvents = new Map<string, Arrival[]>();
	const asBlobs = new Map<string, Arrival[]>();
	for (const run of world.runs.filter(isDone)) {
		for (const uid of run.uids) {
			const known = byUid.get(uid);
			if (!known) continue;
			const { contentId } = known.of.blob;
			if (run.output === 'events') add(asEvents, keyOf(known.event), { run, of: known.of });
			if (asBlobs.get(contentId)?.at(-1)?.run !== run) add(asBlobs, contentId, { run, of: known.of });
		}
	}
	const doneMs = (of: WorldBlob, beforeMs: number) => isComplete(world, of, asEvents, asBlobs, beforeMs);
	/** The Output was changed when the blob was delivered in part: it comes again from its start. */
	const beganAgain = (of: WorldBlob, before: WorldRun, again: WorldRun) =>
		world.outputChanges.some(
			(atMs) => atMs >= before.startedMs && atMs <= again.startedMs && !doneMs(of, atMs),
		);
	const broken: string[] = [];
	for (const [key, arrivals] of asEvents) {
		for (const [before, again] of pairs(arrivals)) {
			if (mayRepeat(world, before.run, again.run) || beganAgain(before.of, before.run, again.run)) continue;
			broken.push(`${key} was delivered again without need`);
		}
	}
	for (const [contentId, arrivals] of asBlobs) {
		for (const [before, again] of pairs(arrivals)) {
			// Different parts of a blob come in different runs.
			if (before.run.output === 'events' && again.run.output === 'events') continue;
			if (mayRepeat(world, before.run, again.run) || beganAgain(before.of, before.run, again.run)) continue;
			broken.push(`${contentId} was delivered again without need, as ${again.run.output}`);
		}
	}
	return broken;
}

interface Arrival {
	run: WorldRun;
	of: WorldBlob;
}

function add(arrivals: Map<string, Arrival[]>, key: string, arrival: Arrival): void {
	const known = arrivals.get(key);
	if (known) known.push(arrival);
	else arrivals.set(key, [arrival]);
}

function* pairs(arrivals: Arrival[]): Generator<[Arrival, Arrival]> {
	for (let index = 1; index < arrivals.length; index++) yield [arrivals[index - 1]!, arrivals[index]!];
}

/** Everything of the blob was known to have arrived at that time. */
function isComplete(
	world: World,
	{ events, blob }: WorldBlob,
	asEvents: Map<string, Arrival[]>,
	asBlobs: Map<string, Arrival[]>,
	atMs: number,
): boolean {
	const wasKnown = ({ run }: Arrival) =>
		run.delivery === 'atMostOnce' ? run.startedMs < atMs : run.told && (run.endedMs ?? Infinity) < atMs;
	if (asBlobs.get(blob.contentId)?.some((each) => each.run.output === 'reference' && wasKnown(each))) return true;
	return events.every((event) => {
		if (asEvents.get(keyOf(event))?.some(wasKnown)) return true;
		const filters = world.settings.filter(({ fromMs }) => fromMs <= atMs);
		return filters.every(({ setting }) => !setting.matches(event));
	});
}

/** Only if the process died before the success was stored, or the run took longer than it was allowed to. */
function mayRepeat(world: World, before: WorldRun, again: WorldRun): boolean {
	if (before === again) return false;
	const handedOver = before.delivery === 'atMostOnce';
	if (!handedOver && (before.overdue || !before.told)) return true;
	const { startedMs, endedMs = Infinity } = before;
	const doneMs = handedOver ? startedMs : endedMs;
	return world.restarts.some(
		({ atMs, known, lostMemory }) =>
			atMs >= doneMs &&
			atMs <= again.startedMs &&
			(lostMemory || (!handedOver && !known.includes(before))),
	);
}
