import { DAY, MINUTE, type World, type WorldBlob, type WorldRun } from './world.mts';

/**
 * PRODUCT's promise about a history that has come to rest. Returns what is broken, in words.
 */
export function brokenPromises(world: World, overlapMs: number, atMostOnce: boolean): string[] {
	const broken = [...world.violations];
	const arrivals = arrivalsByEvent(world);
	if (!atMostOnce) broken.push(...missing(world, overlapMs, arrivals));
	broken.push(...repeated(world, arrivals, atMostOnce));
	broken.push(...tooEarly(world, arrivals), ...wronglyReported(world));
	if (world.largestStored > 96 * 1024) broken.push(`${world.largestStored} characters stored`);
	return broken;
}

/** Key of an event: its Id, or which event of which blob it is if it has none. */
export function keyOf(event: { Id?: unknown; uid?: unknown }): string {
	return typeof event.Id === 'string' ? `id ${event.Id}` : `uid ${String(event.uid)}`;
}

function arrivalsByEvent(world: World): Map<string, WorldRun[]> {
	const keys = new Map<string, string>();
	for (const { events } of world.blobs) {
		for (const event of events) keys.set(String(event.uid), keyOf(event));
	}
	const arrivals = new Map<string, WorldRun[]>();
	for (const run of world.runs) {
		if (!run.effective) continue;
		for (const uid of run.uids) {
			const key = keys.get(uid) ?? `unknown ${uid}`;
			arrivals.set(key, [...(arrivals.get(key) ?? []), run]);
		}
	}
	return arrivals;
}

function isPromised(world: World, { blob, visibleMs, broken }: WorldBlob, overlapMs: number) {
	const tooLate = world.reports.some(
		(report) =>
			report.kind === 'lostInterval' &&
			report.interval.contentType === blob.contentType &&
			report.interval.startMs <= blob.createdMs &&
			report.interval.endMs > blob.createdMs,
	);
	return !broken && !tooLate && blob.createdMs >= world.startMs() && visibleMs <= blob.createdMs + overlapMs;
}

function missing(world: World, overlapMs: number, arrivals: Map<string, WorldRun[]>): string[] {
	return world.blobs
		.filter((blob) => isPromised(world, blob, overlapMs))
		.flatMap(({ events }) => events)
		.filter((event) => !arrivals.has(keyOf(event)))
		.map((event) => `${keyOf(event)} never arrived (${String(event.uid)})`);
}

function repeated(
	world: World,
	arrivals: Map<string, WorldRun[]>,
	atMostOnce: boolean,
): string[] {
	const broken: string[] = [];
	for (const [key, runs] of arrivals) {
		runs.slice(1).forEach((run, index) => {
			const before = runs[index];
			if (before && (atMostOnce || !mayRepeat(world, before, run))) {
				broken.push(`${key} was delivered again without need`);
			}
		});
	}
	return broken;
}

/** Only if the process died before the success was stored, or the run took longer than it was allowed to. */
function mayRepeat(world: World, before: WorldRun, again: WorldRun): boolean {
	if (before === again) return false;
	if (before.overdue || before.knownAtSequence === undefined) return true;
	const { knownAtSequence, endedMs = Infinity } = before;
	return world.restarts.some(
		({ atMs, storedSequence }) =>
			atMs >= endedMs && atMs <= again.startedMs && storedSequence <= knownAtSequence,
	);
}

function tooEarly(world: World, arrivals: Map<string, WorldRun[]>): string[] {
	return world.blobs
		.filter(({ blob }) => blob.createdMs < world.startMs())
		.flatMap(({ events }) => events)
		.filter((event) => event.Id === undefined && arrivals.has(keyOf(event)))
		.map((event) => `${keyOf(event)} is older than the start`);
}

function wronglyReported(world: World): string[] {
	const broken: string[] = [];
	const told = new Map<string, number>();
	for (const report of world.reports) {
		if (report.kind === 'lostInterval') {
			const edgeMs = report.atMs + world.skewMs - 7 * DAY + 5 * MINUTE + 1_000;
			if (report.interval.endMs > edgeMs) broken.push('an interval that can be listed was reported');
		}
		if (report.kind === 'setAside') broken.push('something was given up');
		if (report.kind !== 'lostContent') continue;
		const { contentId } = report.blob;
		told.set(contentId, (told.get(contentId) ?? 0) + 1);
		const known = world.blobs.find(({ blob }) => blob.contentId === contentId);
		if (!known?.broken) broken.push(`${contentId} was reported as lost and can be read`);
	}
	for (const { blob, broken: unreadable } of world.blobs) {
		const expired = world.time.now() > (blob.expiresMs ?? Infinity) + DAY;
		const times = told.get(blob.contentId) ?? 0;
		// Told before it is stored that it was told: a kill in between makes it come again.
		const wrong = times === 0 || times > 1 + world.restarts.length;
		if (unreadable && expired && wrong && blob.createdMs >= world.startMs()) {
			broken.push(`the loss of ${blob.contentId} was reported ${times} times`);
		}
	}
	return broken;
}
