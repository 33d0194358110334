import type { StreamedBody } from './answer.mts';
import type { BlobFault } from './blobFaults.mts';
import type { ContentType } from './contentTypes.mts';
import { backlogPlan, givenEventsPlan, newBlobPlan } from './backlog.mts';
import { contentIdFor } from './contentId.mts';
import { createEventSource } from './blobEvents.mts';
import type { GenerateEvent } from './events/generateEvent.mts';
import type { Faults } from './faults.mts';
import { hostileContentId } from './hostileContentId.mts';
import type { ResolvedOptions } from './options.mts';
import type { Chance } from './random.mts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A content blob, whether it is listed yet or not. Times in milliseconds since 1970. */
export interface FeedBlob {
	/** Running number in the order of creation. */
	index: number;
	contentType: ContentType;
	contentId: string;
	createdMs: number;
	/** From when it appears in listings. */
	listedMs: number;
	expiresMs: number;
	/** What the listing says. */
	contentCreated: string;
	contentExpiration: string;
	/** The blob's own fault; without one it follows from the faults' fractions. */
	fault?: BlobFault;
	/** How often it fails before it is served, instead of `blobFailures`. */
	failures?: number;
	/** Fetches answered so far, good or bad. */
	attempts: number;
	/** Events as JSON texts. */
	events: () => string[];
	/** Sent instead of the events' array. */
	body?: string | Buffer;
	/** Sent instead of all that. */
	stream?: StreamedEvents;
	headers?: Record<string, string>;
}

/** A blob too large to be held: its events are counted by the ledger, not remembered one by one. */
export interface StreamedEvents extends StreamedBody {
	events: number;
}

export interface AddBlob {
	contentType?: ContentType;
	contentId?: string;
	/** Default: now. */
	createdMs?: number;
	/** How long after `createdMs` it is listed. Default 0. */
	listedAfterMs?: number;
	expiresMs?: number;
	/** A string is the JSON text of one event. */
	events?: readonly unknown[];
	/** The exact body. Events are still counted if it is a JSON array or object. */
	body?: string | Buffer;
	/** Made while it is sent. Faults of the blob have no effect. */
	stream?: StreamedEvents;
	/** Added to the answer's headers. */
	headers?: Record<string, string>;
	fault?: BlobFault;
	failures?: number;
}

export interface Feed {
	addBlob(blob?: AddBlob): FeedBlob;
	/** All blobs that exist by now, in the order of creation. */
	readonly blobs: readonly FeedBlob[];
	/** By contentId. When several blobs share one, they are found in turn. */
	find(contentId: string): FeedBlob | undefined;
	/** Those of a content type with a creation time in the interval, listed or not. */
	between(contentType: ContentType, startMs: number, endMs: number): FeedBlob[];
}

export interface FeedInput {
	options: ResolvedOptions;
	chance: Chance;
	faults: Faults;
	generateEvent: GenerateEvent;
}

/** The blobs of the tenant: a backlog at the start, then new ones as time goes on. */
export function createFeed(input: FeedInput): Feed {
	const { options, faults, chance } = input;
	const { clock, newBlobs } = options;
	const startMs = clock.now();
	const blobs: FeedBlob[] = [];
	const byId = new Map<string, FeedBlob[]>();
	/** Keeps listings fast whatever the size of the feed. */
	const byHour = new Map<string, FeedBlob[]>();
	const eventsOf = createEventSource(input);
	let oldestMs = Infinity;
	let newestMs = -Infinity;
	let ticks = 0;

	function build(blob: AddBlob): FeedBlob {
		const {
			contentType = 'Audit.General',
			createdMs = clock.now(),
			events,
			listedAfterMs = 0,
			...given
		} = blob;
		const index = blobs.length;
		const expiresMs = blob.expiresMs ?? createdMs + faults.expirationDays * DAY_MS;
		const texts = events?.map((event) =>
			typeof event === 'string' ? event : JSON.stringify(event),
		);
		const fixed = texts ?? (blob.body ?? blob.stream ? [] : undefined);
		const built: FeedBlob = {
			...given,
			index,
			contentType,
			contentId: blob.contentId ?? newContentId(contentType, createdMs),
			createdMs,
			listedMs: createdMs + listedAfterMs,
			expiresMs,
			contentCreated: new Date(createdMs).toISOString(),
			contentExpiration: new Date(expiresMs).toISOString(),
			attempts: 0,
			// Generated anew each time: a large backlog would not fit into memory.
			events: () => fixed ?? eventsOf.make(built),
		};
		return built;
	}

	function newContentId(contentType: ContentType, createdMs: number): string {
		const index = blobs.length;
		const other = blobs.findLast((blob) => blob.contentType === contentType);
		if (other && chance.of('sharedId', index) < faults.sharedContentIds) return other.contentId;
		const id = contentIdFor(contentType, createdMs, index);
		return chance.of('hostileId', index) < faults.hostileContentIds
			? hostileContentId(id, faults.contentIdTrick, index)
			: id;
	}

	function addBlob(blob: AddBlob = {}): FeedBlob {
		const built = build(blob);
		blobs.push(built);
		eventsOf.register(built);
		push(byId, built.contentId, built);
		push(byHour, `${built.contentType} ${Math.floor(built.createdMs / HOUR_MS)}`, built);
		oldestMs = Math.min(oldestMs, built.createdMs);
		newestMs = Math.max(newestMs, built.createdMs);
		return built;
	}

	function catchUp(): void {
		if (!newBlobs) return;
		const passed = Math.floor((clock.now() - startMs) / newBlobs.everyMs);
		const due = Math.min(passed, newBlobs.atMost ?? Infinity);
		for (; ticks < due; ticks++) addBlob(newBlobPlan(input, newBlobs, startMs, ticks));
	}

	const plan = options.events
		? givenEventsPlan(options, options.events, startMs)
		: backlogPlan(input, startMs);
	for (const blob of plan) addBlob(blob);

	return {
		addBlob,
		get blobs() {
			catchUp();
			return blobs;
		},
		find(contentId) {
			catchUp();
			const [first, ...others] = byId.get(contentId) ?? [];
			return others.reduce(
				(least, blob) => (blob.attempts < (least?.attempts ?? 0) ? blob : least),
				first,
			);
		},
		between(contentType, fromMs, toMs) {
			catchUp();
			const lastMs = Math.min(toMs, newestMs + 1);
			const found: FeedBlob[] = [];
			for (
				let hour = Math.floor(Math.max(fromMs, oldestMs) / HOUR_MS);
				hour * HOUR_MS < lastMs;
				hour++
			) {
				const inHour = byHour.get(`${contentType} ${hour}`) ?? [];
				found.push(...inHour.filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs));
			}
			return found;
		},
	};
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
	const list = lists.get(key);
	if (list) list.push(value);
	else lists.set(key, [value]);
}
