import { isDone, isPromised, keyOf, type Terms } from './promise.mts';
import { uidOf } from './destination.mts';
import { DAY, MINUTE } from './units.mts';
import type { World } from './world.mts';

/** What the user is told is true, and what is lost is told. */
export function wrongReports(world: World, { overlapMs }: Terms): string[] {
	const broken: string[] = [];
	for (const report of world.reports) {
		if (report.kind === 'lostInterval') {
			const edgeMs = report.atMs + world.skewMs - 7 * DAY + 5 * MINUTE + 1_000;
			if (report.interval.endMs > edgeMs) broken.push('an interval that can be listed was reported');
			// What could be listed when the trigger was switched on is a loss, also if its list never came.
			if (report.interval.endMs <= world.begunMs() - 7 * DAY + 10 * MINUTE) {
				broken.push('what the first listing cannot reach was reported: nobody had it');
			}
		}
		if (report.kind === 'setAside') broken.push(...wronglySetAside(world, report.contentIds));
		if (report.kind !== 'lostContent') continue;
		const { contentId, expiresMs = Infinity } = report.blob;
		const known = world.blobs.find(({ blob }) => blob.contentId === contentId);
		const expired = report.atMs + Math.max(0, world.skewMs) >= expiresMs;
		if (!known?.broken && !expired) broken.push(`${contentId} was reported as lost and can be read`);
	}
	return [...broken, ...toldAgain(world), ...untoldLosses(world, overlapMs)];
}

/** One process tells of an interval once. */
function toldAgain({ reports, restarts }: World): string[] {
	const intervals = reports.filter((report) => report.kind === 'lostInterval');
	return intervals.flatMap(({ interval, atMs }, index) => {
		const again = intervals
			.slice(index + 1)
			.find(
				(later) =>
					later.interval.contentType === interval.contentType &&
					later.interval.startMs < interval.endMs &&
					!restarts.some((restart) => restart.atMs >= atMs && restart.atMs <= later.atMs),
			);
		return again ? ['a lost interval was told again'] : [];
	});
}

/** Only what some run had failed with. */
function wronglySetAside({ blobs, runs }: World, contentIds: string[]): string[] {
	const carried = new Set(runs.flatMap(({ uids }) => uids));
	return blobs
		.filter(({ blob, events }) => contentIds.includes(blob.contentId) && !events.some((event) => carried.has(uidOf(event))))
		.map(({ blob }) => `${blob.contentId} was set aside untried`);
}

/** The loss of content that cannot be read is told, and once for each process that learned of it. */
function untoldLosses(world: World, overlapMs: number): string[] {
	const broken: string[] = [];
	const done = new Set<string>();
	for (const run of world.runs.filter(isDone)) for (const uid of run.uids) done.add(uid);
	for (const each of world.blobs) {
		const { blob, events, broken: unreadable } = each;
		const { contentId } = blob;
		const times = world.reports.filter(
			(report) => report.kind === 'lostContent' && report.blob.contentId === contentId,
		).length;
		const setAside = world.reports.some(
			(report) => report.kind === 'setAside' && report.contentIds.includes(contentId),
		);
		// Told before it is stored that it was told: a kill in between makes it come again.
		if (times > 1 + world.restarts.length) broken.push(`the loss of ${contentId} was told ${times} times`);
		const expired = world.time.now() > (blob.expiresMs ?? Infinity) + DAY;
		const delivered = events.every((event) => done.has(uidOf(event)));
		if (unreadable && expired && !delivered && !setAside && times === 0 && isPromised(world, each, overlapMs)) {
			broken.push(`the loss of ${contentId} was not told (${events.map(keyOf).join()})`);
		}
	}
	return broken;
}
