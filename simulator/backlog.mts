import { contentTypeOfEvent } from './contentId.mts';
import type { ContentType } from './contentTypes.mts';
import type { AddBlob, FeedInput } from './feed.mts';
import type { ResolvedOptions } from './options.mts';
import type { NewBlobs } from './types.mts';

const DAY_MS = 24 * 3_600_000;
/** What is created in this moment is not listed in the same one. */
const NEWEST_AGE_MS = 60_000;

function contentTypeAt({ contentTypes }: ResolvedOptions, index: number): ContentType {
	return contentTypes[index % contentTypes.length] as ContentType;
}

/** The blobs that are there at the start, spread over the days before it. */
export function backlogPlan({ options, chance, faults }: FeedInput, startMs: number): AddBlob[] {
	const spanMs = options.days * DAY_MS;
	const plan: AddBlob[] = [];
	let previousMs = 0;
	for (let i = 0; i < options.blobs; i++) {
		const share = (i + chance.of('spread', i)) / options.blobs;
		const together = i > 0 && chance.of('same', i) < faults.sameMillisecond;
		const createdMs = together
			? previousMs
			: Math.round(startMs - spanMs + share * (spanMs - NEWEST_AGE_MS));
		const expired = chance.of('expired', i) < faults.expiredEntries;
		plan.push({
			contentType: contentTypeAt(options, i),
			createdMs,
			...(expired ? { expiresMs: Math.min(createdMs + 60_000, startMs - 1000) } : {}),
		});
		previousMs = createdMs;
	}
	return plan;
}

/** Given events in as many blobs as they fill, each in the content type of its workload. */
export function givenEventsPlan(
	options: ResolvedOptions,
	events: readonly unknown[],
	startMs: number,
): AddBlob[] {
	const texts = new Map<ContentType, string[]>();
	for (const event of events) {
		const text = typeof event === 'string' ? event : JSON.stringify(event);
		const contentType = contentTypeOfEvent(JSON.parse(text));
		const list = texts.get(contentType) ?? [];
		list.push(text);
		texts.set(contentType, list);
	}
	const perBlob = Math.max(1, Math.round(options.eventsPerBlob));
	const chunks = [...texts].flatMap(([contentType, all]) =>
		Array.from({ length: Math.ceil(all.length / perBlob) }, (_, i) => ({
			contentType,
			events: all.slice(i * perBlob, (i + 1) * perBlob),
		})),
	);
	const spanMs = options.days * DAY_MS - NEWEST_AGE_MS;
	return chunks.map((chunk, i) => ({
		...chunk,
		createdMs: Math.round(startMs - NEWEST_AGE_MS - spanMs * (1 - (i + 0.5) / chunks.length)),
	}));
}

/** The blob of one tick of time. */
export function newBlobPlan(
	{ options, chance }: FeedInput,
	plan: NewBlobs,
	startMs: number,
	tick: number,
): AddBlob {
	const late = chance.of('late', tick) < (plan.lateFraction ?? 0);
	return {
		contentType: contentTypeAt(options, chance.integer(0, 9999, 'type', tick)),
		createdMs: Math.round(startMs + (tick + chance.of('tick', tick)) * plan.everyMs),
		listedAfterMs: late ? Math.round(chance.of('lateBy', tick) * (plan.lateByMs ?? 0)) : 0,
	};
}
