import { setTimeout as sleep } from 'node:timers/promises';

import { readableTime } from '../n8n/progress.mts';
import { followDeliveries } from './deliveries.mts';
import { lookAtStaticData, lookFromOutside, lookInside } from './look.mts';
import type { SoakStage } from './stage.mts';
import type { Sample } from './types.mts';

const LOOK_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
const RUNNING = ['new', 'running', 'waiting'];

/** How much a count has grown within the last so many milliseconds, as far as it was followed. */
function growthWithin(windowMs: number): (count: number, nowMs: number) => number {
	const seen: Array<{ atMs: number; count: number }> = [];
	return (count, nowMs) => {
		seen.push({ atMs: nowMs, count });
		while ((seen[1]?.atMs ?? Infinity) <= nowMs - windowMs) seen.shift();
		return count - (seen[0]?.count ?? 0);
	};
}

function line(sample: Sample): string {
	const { rssMb, heapMb, descriptors, sockets, handles, staticKb, failed } = sample;
	const { delayP50Ms, delayP99Ms, cpuPercent, eventsPerMinute, lagSeconds, databaseMb } = sample;
	return (
		`${rssMb.toFixed(0)} MB resident, ${heapMb.toFixed(1)} MB heap, ${descriptors} descriptors ` +
		`(${sockets} sockets), ${handles} handles, ${staticKb.toFixed(1)} KB static data, ` +
		`delay ${delayP50Ms.toFixed(1)}/${delayP99Ms.toFixed(0)} ms, ${cpuPercent.toFixed(0)}% of a core, ` +
		`${eventsPerMinute} events a minute, lag ${lagSeconds.toFixed(0)} s, ${failed} failed lately, ` +
		`database ${databaseMb.toFixed(0)} MB`
	);
}

/** Looks at n8n every few seconds for the whole time. @throws Error if n8n ends */
export async function watch(stage: SoakStage, minutes: number): Promise<Sample[]> {
	const { subject, say } = stage;
	const startedMs = Date.now();
	const follow = followDeliveries(stage.postgres, stage.tenant);
	const rowsWithin = growthWithin(MINUTE_MS);
	const failedWithin = growthWithin((minutes * MINUTE_MS) / 6);
	const samples: Sample[] = [];
	let failed = 0;
	for (let saidMs = startedMs; Date.now() - startedMs < minutes * MINUTE_MS; ) {
		await sleep(LOOK_EVERY_MS);
		const nowMs = Date.now();
		const isMinute = nowMs - saidMs >= MINUTE_MS;
		if (isMinute) {
			// n8n has pruned nothing yet that was not listed here before.
			const ended = (await stage.runs()).filter(({ status }) => !RUNNING.includes(status));
			failed = ended.filter(({ status }) => status !== 'success').length;
			saidMs += MINUTE_MS;
		}
		const { rows, newestMs } = await follow();
		const sample: Sample = {
			minute: (nowMs - startedMs) / MINUTE_MS,
			...lookFromOutside(subject.pid(), subject.folder),
			...lookInside(subject.folder),
			...(await lookAtStaticData(stage)),
			eventsPerMinute: rowsWithin(rows, nowMs),
			lagSeconds: (Date.now() - newestMs) / 1000,
			failed: failedWithin(failed, nowMs),
		};
		samples.push(sample);
		if (isMinute) say(`${readableTime(nowMs - startedMs)}: ${line(sample)}`);
	}
	return samples;
}
