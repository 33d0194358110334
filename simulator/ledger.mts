import { createHash } from 'node:crypto';
import type { Clock } from './clock.mts';
import type { FeedBlob } from './feed.mts';
import { judge, summarize } from './ledgerVerdict.mts';
import type { Verdict, VerdictOptions } from './ledgerVerdict.mts';
import { createRateMeter } from './rateMeter.mts';

export interface Violation {
	/** Which rule of the API was broken. */
	rule: string;
	detail: string;
	atMs: number;
}

export interface BlobRecord {
	contentId: string;
	contentType: string;
	/** Past this time (milliseconds since 1970) it cannot be fetched. */
	expiresMs: number;
	/** In how many listing pages it stood. */
	listed: number;
	/** Complete, readable answers. */
	fetched: number;
	/** Answers that were errors, broken or unreadable. */
	failed: number;
	events: number;
}

export interface EventRecord {
	id?: string;
	contentId: string;
	/** In how many places (blob and position) it was served; a blob fetched again counts once. */
	served: number;
	delivered: number;
}

/** What happened so far; `Ledger` adds the means to change and to judge it. */
export interface LedgerBook {
	blobs: ReadonlyMap<string, BlobRecord>;
	/** By `Id`, or by a hash of the content for events without one. */
	events: ReadonlyMap<string, EventRecord>;
	/** Delivered items that were never served. */
	unknownItems: string[];
	/** Blobs that the client under test reported as unreadable, and how often. */
	reportedBlobs: ReadonlyMap<string, number>;
	violations: readonly Violation[];
	requests: number;
	tokenRequests: number;
	tokensIssued: number;
	throttled: number;
	foreignRequests: number;
	foreignRequestsWithToken: number;
	/** The most requests within any 60 seconds of the simulator's clock. */
	peakRequestsPerMinute: number;
	/** The most requests within one second of the simulator's clock. */
	peakRequestsPerSecond: number;
}

export interface Ledger extends LedgerBook {
	/** Marks what the client under test handed on: events, or `{ error, contentId }` for an unreadable blob. */
	recordDelivered(items: readonly unknown[]): void;
	verdict(options?: VerdictOptions): Verdict;
	summary(options?: VerdictOptions): string;
	/** Forgets what was delivered, for several clients in a row. */
	forgetDelivered(): void;
	recordListed(blob: FeedBlob): void;
	recordFetched(blob: FeedBlob, events: readonly unknown[]): void;
	/** A complete answer whose events are only counted: they are no part of the verdict. */
	recordStreamed(blob: FeedBlob, events: number): void;
	recordFailed(blob: FeedBlob): void;
	recordRequest(atMs: number): void;
	recordViolation(rule: string, detail: string, atMs: number): void;
	count(
		what:
			| 'tokenRequests'
			| 'tokensIssued'
			| 'throttled'
			| 'foreignRequests'
			| 'foreignRequestsWithToken',
	): void;
}

export function createLedger(clock: Clock): Ledger {
	const blobs = new Map<string, BlobRecord>();
	const events = new Map<string, EventRecord>();
	const reportedBlobs = new Map<string, number>();
	const perMinute = createRateMeter(60_000);
	const perSecond = createRateMeter(1000);

	function recordOf({ contentId, contentType, expiresMs }: FeedBlob): BlobRecord {
		let record = blobs.get(contentId);
		if (!record) {
			record = { contentId, contentType, expiresMs, listed: 0, fetched: 0, failed: 0, events: 0 };
			blobs.set(contentId, record);
		}
		return record;
	}

	const ledger: Ledger = {
		blobs,
		events,
		unknownItems: [],
		reportedBlobs,
		violations: [],
		requests: 0,
		tokenRequests: 0,
		tokensIssued: 0,
		throttled: 0,
		foreignRequests: 0,
		foreignRequestsWithToken: 0,
		peakRequestsPerMinute: 0,
		peakRequestsPerSecond: 0,
		recordListed(blob) {
			recordOf(blob).listed++;
		},
		recordFetched(blob, served) {
			const record = recordOf(blob);
			if (record.fetched++ > 0) return;
			record.events = served.length;
			for (const event of served) {
				const key = eventKey(event);
				const known = events.get(key);
				if (known) known.served++;
				else
					events.set(key, { ...idOf(event), contentId: blob.contentId, served: 1, delivered: 0 });
			}
		},
		recordStreamed(blob, events) {
			const record = recordOf(blob);
			record.fetched++;
			record.events = events;
		},
		recordFailed(blob) {
			recordOf(blob).failed++;
		},
		recordRequest(atMs) {
			ledger.requests++;
			perMinute.record(atMs);
			perSecond.record(atMs);
			ledger.peakRequestsPerMinute = perMinute.peak;
			ledger.peakRequestsPerSecond = perSecond.peak;
		},
		recordViolation(rule, detail, atMs) {
			(ledger.violations as Violation[]).push({ rule, detail, atMs });
		},
		count(what) {
			ledger[what]++;
		},
		recordDelivered(items) {
			for (const item of items) {
				const contentId = reportedBlob(item);
				if (contentId !== undefined) {
					reportedBlobs.set(contentId, (reportedBlobs.get(contentId) ?? 0) + 1);
					continue;
				}
				const known = events.get(eventKey(item));
				if (known) known.delivered++;
				else ledger.unknownItems.push(JSON.stringify(item)?.slice(0, 200) ?? String(item));
			}
		},
		forgetDelivered() {
			for (const event of events.values()) event.delivered = 0;
			reportedBlobs.clear();
			ledger.unknownItems.length = 0;
		},
		verdict: (options) => judge(ledger, { nowMs: clock.now(), ...options }),
		summary: (options) => summarize(ledger, ledger.verdict(options)),
	};
	return ledger;
}

/** The item a client emits for a blob it could not read: `{ error, contentId, contentType }`. */
function reportedBlob(item: unknown): string | undefined {
	const { error, contentId, Operation } = (item ?? {}) as Record<string, unknown>;
	return error !== undefined && typeof contentId === 'string' && Operation === undefined
		? contentId
		: undefined;
}

function idOf(event: unknown): { id?: string } {
	const id = (event as { Id?: unknown } | null)?.Id;
	return typeof id === 'string' && id !== '' ? { id } : {};
}

/** `Id` if present, else a hash of the content, whatever the order of keys and without the client's `_content`. */
export function eventKey(event: unknown): string {
	const { id } = idOf(event);
	return id === undefined
		? `hash:${createHash('sha256').update(canonicalJson(event, true)).digest('hex')}`
		: `id:${id}`;
}

function canonicalJson(value: unknown, top = false): string {
	if (Array.isArray(value)) return `[${value.map((v) => canonicalJson(v)).join(',')}]`;
	if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
	const members = Object.keys(value)
		.filter((key) => !(top && key === '_content'))
		.sort()
		.map(
			(key) => `${JSON.stringify(key)}:${canonicalJson((value as Record<string, unknown>)[key])}`,
		);
	return `{${members.join(',')}}`;
}
