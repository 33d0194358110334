import { oldestBucketEnd } from '../../../nodes/feed/checkpoint/contentMemory';
import type { WorldRun } from './destination.mts';
import { uidOf } from './destination.mts';
import { repeatedEvents } from './repeats.mts';
import { wrongReports } from './reported.mts';
import type { WorldBlob } from './tenant.mts';
import { HOUR, MINUTE } from './units.mts';
import type { World } from './world.mts';

/** What a history was played with, as far as the promise depends on it. */
export interface Terms {
	overlapMs: number;
	maxDeliveryAttempts: number;
}

/** The bound of the stored checkpoint, for tenants as small as these. */
const MAX_STORED = 96 * 1024;

/**
 * PRODUCT's promise about a history that has come to rest. Returns what is broken, in words.
 */
export function brokenPromises(world: World, terms: Terms): string[] {
	const broken = [...world.violations];
	broken.push(...missing(world, terms), ...repeatedEvents(world));
	broken.push(...unwanted(world), ...hasty(world), ...wrongReports(world, terms), ...leftOver(world));
	if (world.largestStored > MAX_STORED) broken.push(`${world.largestStored} characters stored`);
	return broken;
}

/** Settled blobs are remembered until the daily listing after the next one, and buckets have a width. */
const REMEMBERED_MS = 50 * HOUR;

/** After all has been delivered, given up or has expired, the checkpoint holds nothing any more but what is needed. */
function leftOver(world: World): string[] {
	const { state, runs, ready, downloads } = world.session();
	const left: string[] = [];
	if (runs.size > 0 || ready || downloads.size > 0) left.push('a run or a batch is left over');
	if (state.failedBatches.size > 0) left.push('a failed batch is left over');
	const oldestMs = world.time.now() + world.skewMs - REMEMBERED_MS;
	for (const { open, settled } of state.types.values()) {
		for (const contentId of open.keys()) left.push(`${contentId} is left over`);
		if ((oldestBucketEnd(settled) ?? Infinity) < oldestMs) left.push('content is remembered for too long');
	}
	return left;
}

/** Key of an event: its Id, or which event of which blob it is if it has none. */
export function keyOf(event: { Id?: unknown; uid?: unknown }): string {
	return typeof event.Id === 'string' ? `id ${event.Id}` : `uid ${uidOf(event)}`;
}

/** Events by uid, with the blobs they are in. */
export function eventsByUid(world: World): Map<string, { event: { Id?: unknown }; of: WorldBlob }> {
	const events = new Map<string, { event: { Id?: unknown }; of: WorldBlob }>();
	for (const of of world.blobs) for (const event of of.events) events.set(uidOf(event), { event, of });
	return events;
}

/** With `atMostOnce` an event is done with when it is handed over, whatever becomes of the run. */
export function isDone({ effective, delivery }: WorldRun): boolean {
	return effective || delivery === 'atMostOnce';
}

/** No event is missing that was promised, but those that the user was told of. */
function missing(world: World, { overlapMs, maxDeliveryAttempts }: Terms): string[] {
	const byUid = eventsByUid(world);
	const carried = new Map<string, WorldRun[]>();
	for (const run of world.runs) {
		for (const uid of run.uids) {
			const known = byUid.get(uid);
			const key = known ? keyOf(known.event) : uid;
			carried.set(key, [...(carried.get(key) ?? []), run]);
		}
	}
	const { lost, setAside } = toldContentIds(world);
	const toldOf = (ids: Set<string>) =>
		new Set(world.blobs.filter(({ blob }) => ids.has(blob.contentId)).flatMap(({ events }) => events.map(keyOf)));
	const lostKeys = toldOf(lost);
	const setAsideKeys = toldOf(setAside);
	const broken: string[] = [];
	for (const of of world.blobs.filter((each) => isPromised(world, each, overlapMs))) {
		for (const event of of.events) {
			const key = keyOf(event);
			const runs = carried.get(key) ?? [];
			if (runs.some(isDone) || lostKeys.has(key) || mayBeUnwanted(world, of, event)) continue;
			if (!setAsideKeys.has(key)) broken.push(`${key} never arrived (${uidOf(event)})`);
			else if (maxDeliveryAttempts === 0 || runs.length < maxDeliveryAttempts) {
				broken.push(`${key} was set aside after ${runs.length} of ${maxDeliveryAttempts} attempts`);
			}
		}
	}
	return broken;
}

function toldContentIds({ reports }: World): { lost: Set<string>; setAside: Set<string> } {
	const lost = new Set<string>();
	const setAside = new Set<string>();
	for (const report of reports) {
		if (report.kind === 'lostContent') lost.add(report.blob.contentId);
		if (report.kind === 'setAside') for (const id of report.contentIds) setAside.add(id);
	}
	return { lost, setAside };
}

/** Listed within the overlap of its contentCreated, and not in an interval of which the user was told that it is lost. */
export function isPromised(world: World, { blob, visibleMs }: WorldBlob, overlapMs: number): boolean {
	const tooLate = world.reports.some(
		(report) =>
			report.kind === 'lostInterval' &&
			report.interval.contentType === blob.contentType &&
			report.interval.startMs <= blob.createdMs &&
			report.interval.endMs > blob.createdMs,
	);
	return !tooLate && blob.createdMs >= world.startMs() && visibleMs <= blob.createdMs + overlapMs;
}

/** Some filter that was in force since it was listed shuts it out. */
function mayBeUnwanted(world: World, { visibleMs }: WorldBlob, event: { uid?: unknown }): boolean {
	return settingsBetween(world, visibleMs, Infinity).some(({ matches }) => !matches(event));
}

/** The settings that may have been in force at some time between the two. */
export function settingsBetween({ settings }: World, fromMs: number, toMs: number) {
	return settings
		.filter(({ fromMs: since }, index) => {
			const until = settings[index + 1]?.fromMs ?? Infinity;
			return since <= toMs && until >= fromMs;
		})
		.map(({ setting }) => setting);
}

/**
 * What failed is left in peace for a minute, unless a person changes something or n8n is started again. A change of the Output
 * while the run was under way counts, too: the blob begins anew then.
 */
function hasty({ runs, restarts, settings, outputChanges }: World): string[] {
	const failedMs = new Map<string, number>();
	const begunMs = new Map<string, number>();
	const broken: string[] = [];
	const events = [...runs].sort((a, b) => a.startedMs - b.startedMs);
	for (const { uids, startedMs, endedMs, effective, told, overdue } of events) {
		const since = Math.max(...uids.map((uid) => failedMs.get(uid) ?? -Infinity));
		const begun = Math.max(...uids.map((uid) => begunMs.get(uid) ?? -Infinity));
		const disturbed =
			restarts.some(({ atMs }) => atMs >= since) ||
			settings.some(({ fromMs }) => fromMs >= since) ||
			outputChanges.some((atMs) => atMs >= begun);
		if (startedMs - since < MINUTE && !disturbed) broken.push('a batch was handed out again as soon as it had failed');
		if (effective || !told || overdue || endedMs === undefined) continue;
		for (const uid of uids) {
			failedMs.set(uid, endedMs);
			begunMs.set(uid, startedMs);
		}
	}
	return broken;
}

/** Nothing arrives that is older than the start, or that no filter in force has let through. */
function unwanted(world: World): string[] {
	const byUid = eventsByUid(world);
	const broken: string[] = [];
	for (const run of world.runs) {
		for (const uid of run.uids) {
			const known = byUid.get(uid);
			if (!known) broken.push(`${uid} is unknown`);
			else if (known.of.blob.createdMs < world.startMs()) broken.push(`${uid} is older than the start`);
			else if (run.output === 'events') {
				const settings = settingsBetween(world, known.of.visibleMs, run.startedMs);
				if (!settings.some(({ matches }) => matches(known.event))) broken.push(`${uid} was filtered out`);
			}
		}
	}
	return broken;
}
