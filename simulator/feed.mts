import type { BlobFault } from './blobFaults.mts';
import type { Clock } from './clock.mts';
import { CONTENT_TYPES } from './contentTypes.mts';
import type { ContentType } from './contentTypes.mts';
import { contentIdFor, contentTypeOfEvent } from './contentId.mts';
import { reorderKeys } from './events/generateEvent.mts';
import type { GenerateEvent } from './events/generateEvent.mts';
import type { Faults } from './faults.mts';
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
	/** Events as JSON texts, made when first asked for. */
	events: () => string[];
	/** Sent instead of the events' array. */
	body?: string | Buffer;
	headers?: Record<string, string>;
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

interface FeedInput {
	options: ResolvedOptions;
	chance: Chance;
	clock: Clock;
	faults: Faults;
	generateEvent: GenerateEvent;
}

export function createFeed({ options, chance, clock, faults, generateEvent }: FeedInput): Feed {
	const blobs: FeedBlob[] = [];
	const byId = new Map<string, FeedBlob[]>();
	const byType = new Map<ContentType, FeedBlob[]>(CONTENT_TYPES.map((type) => [type, []]));
	/** Keeps listings fast whatever the size of the feed. */
	const byHour = new Map<string, FeedBlob[]>();
	const placeInType = new Map<FeedBlob, number>();
	let oldestMs = Infinity;
	let newestMs = -Infinity;
	const startMs = clock.now();
	let ticks = 0;

	function add(blob: AddBlob, eventsOf: (blob: FeedBlob) => string[]): FeedBlob {
		const index = blobs.length;
		const contentType = blob.contentType ?? 'Audit.General';
		const createdMs = blob.createdMs ?? clock.now();
		const expiresMs = blob.expiresMs ?? createdMs + faults.expirationDays * DAY_MS;
		let texts: string[] | undefined;
		const created: FeedBlob = {
			index,
			contentType,
			contentId: blob.contentId ?? contentIdFor(contentType, createdMs, index),
			createdMs,
			listedMs: createdMs + (blob.listedAfterMs ?? 0),
			expiresMs,
			contentCreated: new Date(createdMs).toISOString(),
			contentExpiration: new Date(expiresMs).toISOString(),
			attempts: 0,
			events: () => (texts ??= eventsOf(created)),
			...(blob.fault === undefined ? {} : { fault: blob.fault }),
			...(blob.failures === undefined ? {} : { failures: blob.failures }),
			...(blob.body === undefined ? {} : { body: blob.body }),
			...(blob.headers === undefined ? {} : { headers: blob.headers }),
		};
		blobs.push(created);
		const siblings = byType.get(contentType) as FeedBlob[];
		placeInType.set(created, siblings.push(created) - 1);
		oldestMs = Math.min(oldestMs, createdMs);
		newestMs = Math.max(newestMs, createdMs);
		const hour = `${contentType} ${Math.floor(createdMs / HOUR_MS)}`;
		byHour.set(hour, [...(byHour.get(hour) ?? []), created]);
		byId.set(created.contentId, [...(byId.get(created.contentId) ?? []), created]);
		return created;
	}

	/** Between 1 and twice the mean. */
	const countOf = (index: number) =>
		Math.max(1, chance.integer(1, Math.max(1, 2 * options.eventsPerBlob - 1), 'count', index));

	const eventAt = (blob: FeedBlob, position: number) =>
		generateEvent({
			contentType: blob.contentType,
			blobIndex: blob.index,
			position,
			createdMs: blob.createdMs,
		});

	/** Duplicates repeat an event of this or of the previous blob of the type, keys in another order. */
	function generated(blob: FeedBlob): string[] {
		const siblings = byType.get(blob.contentType) ?? [];
		const place = placeInType.get(blob) as number;
		return Array.from({ length: countOf(blob.index) }, (_, position) => {
			if (chance.of('duplicate', blob.index, position) >= faults.duplicateEvents)
				return eventAt(blob, position);
			const within = position > 0 && chance.of('within', blob.index, position) < 0.5;
			const source = within ? blob : siblings[place - 1];
			if (!source) return eventAt(blob, position);
			const from = within
				? position - 1
				: chance.integer(0, countOf(source.index) - 1, 'source', blob.index, position);
			return reorderKeys(eventAt(source, from));
		});
	}

	function typeAt(index: number): ContentType {
		return options.contentTypes[index % options.contentTypes.length] as ContentType;
	}

	function addBacklog(): void {
		// The newest is one minute old: what is created "now" is not listed in the same moment.
		const spanMs = options.days * DAY_MS;
		let previousMs = 0;
		for (let i = 0; i < options.blobs; i++) {
			const share = (i + chance.of('spread', i)) / options.blobs;
			const same = i > 0 && chance.of('same', i) < faults.sameMillisecond;
			const createdMs = same
				? previousMs
				: Math.round(startMs - spanMs + share * (spanMs - 60_000));
			previousMs = createdMs;
			const expired = chance.of('expired', i) < faults.expiredEntries;
			const expiry = expired ? { expiresMs: Math.min(createdMs + 60_000, startMs - 1000) } : {};
			add({ contentType: typeAt(i), createdMs, ...expiry }, generated);
		}
	}

	/** Given events, by content type, spread over as many blobs as asked for. */
	function addGivenEvents(events: readonly unknown[]): void {
		const texts = new Map<ContentType, string[]>();
		for (const event of events) {
			const text = typeof event === 'string' ? event : JSON.stringify(event);
			const contentType = contentTypeOfEvent(JSON.parse(text));
			texts.set(contentType, [...(texts.get(contentType) ?? []), text]);
		}
		const perBlob = Math.max(1, options.eventsPerBlob);
		const chunks = [...texts].flatMap(([contentType, all]) =>
			Array.from({ length: Math.ceil(all.length / perBlob) }, (_, i) => ({
				contentType,
				texts: all.slice(i * perBlob, (i + 1) * perBlob),
			})),
		);
		chunks.forEach((chunk, i) => {
			const share = (i + 0.5) / chunks.length;
			const createdMs = Math.round(startMs - options.days * DAY_MS * (1 - share) * 0.99 - 60_000);
			add({ contentType: chunk.contentType, createdMs }, () => chunk.texts);
		});
	}

	function catchUp(): void {
		const plan = options.newBlobs;
		if (!plan) return;
		const due = Math.min(
			Math.floor((clock.now() - startMs) / plan.everyMs),
			plan.atMost ?? Infinity,
		);
		for (; ticks < due; ticks++) {
			const createdMs = Math.round(startMs + (ticks + chance.of('tick', ticks)) * plan.everyMs);
			const late = chance.of('late', ticks) < (plan.lateFraction ?? 0);
			const listedAfterMs = late
				? Math.round(chance.of('lateBy', ticks) * (plan.lateByMs ?? 0))
				: 0;
			add(
				{ contentType: typeAt(chance.integer(0, 9999, 'type', ticks)), createdMs, listedAfterMs },
				generated,
			);
		}
	}

	if (options.events) addGivenEvents(options.events);
	else addBacklog();

	return {
		addBlob(blob = {}) {
			const texts = (blob.events ?? []).map((e) => (typeof e === 'string' ? e : JSON.stringify(e)));
			return add(blob, blob.events || blob.body !== undefined ? () => texts : generated);
		},
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
		between(contentType, startMs, endMs) {
			catchUp();
			const found: FeedBlob[] = [];
			const lastMs = Math.min(endMs, newestMs + 1);
			for (
				let hour = Math.floor(Math.max(startMs, oldestMs) / HOUR_MS);
				hour * HOUR_MS < lastMs;
				hour++
			) {
				for (const blob of byHour.get(`${contentType} ${hour}`) ?? []) {
					if (blob.createdMs >= startMs && blob.createdMs < endMs) found.push(blob);
				}
			}
			return found;
		},
	};
}
