import type { BlobRecord, EventRecord, LedgerBook, Violation } from './ledger.mts';

export interface VerdictOptions {
	/** True (default): the client drops duplicates, so each Id is due once. False: each place it was served in is due. */
	deduplicate?: boolean;
	/** By the simulator's clock; blobs that are past their expiration by then need not have been fetched. */
	nowMs?: number;
}

export interface EventVerdict {
	id?: string;
	contentId: string;
	due: number;
	delivered: number;
}

export interface Verdict {
	/** Nothing lost, repeated or unfetched, nothing delivered that was not served, no rule of the API broken. */
	ok: boolean;
	/** Different events that were served in complete answers. */
	eventsServed: number;
	/** Those delivered exactly as often as due. */
	deliveredOnce: number;
	lost: EventVerdict[];
	repeated: EventVerdict[];
	/** Delivered, but never served: the first 200 characters each. */
	unknown: string[];
	/** Listed, asked for, never served whole. */
	unreadableBlobs: string[];
	/** Listed, not expired, never asked for. */
	unfetchedBlobs: string[];
	/** Unreadable blobs that the client did not report exactly once, and reported ones that were readable. */
	misreportedBlobs: string[];
	violations: readonly Violation[];
	foreignRequestsWithToken: number;
}

/** Judges what was delivered against what was served. */
export function judge(book: LedgerBook, options: VerdictOptions = {}): Verdict {
	const { deduplicate = true, nowMs = 0 } = options;
	const due = (event: EventRecord) => (deduplicate && event.id !== undefined ? 1 : event.served);
	const judged = [...book.events.values()].map((event) => ({ event, due: due(event) }));
	const outcome = ({ event: { served: _served, ...event }, due }: (typeof judged)[number]) => ({
		...event,
		due,
	});
	const lost = judged.filter(({ event, due }) => event.delivered < due).map(outcome);
	const repeated = judged.filter(({ event, due }) => event.delivered > due).map(outcome);
	const listed = [...book.blobs.values()].filter((blob) => blob.listed > 0 && blob.fetched === 0);
	const unreadable = listed.filter((blob) => blob.failed > 0);
	const unfetched = listed.filter((blob) => blob.failed === 0 && blob.expiresMs > nowMs);
	const violations = book.violations;
	const ok =
		[lost, repeated, unfetched, violations, book.unknownItems].every((list) => list.length === 0) &&
		book.foreignRequestsWithToken === 0;
	return {
		ok,
		eventsServed: judged.length,
		deliveredOnce: judged.length - lost.length - repeated.length,
		lost,
		repeated,
		unknown: [...book.unknownItems],
		unreadableBlobs: unreadable.map((blob) => blob.contentId),
		unfetchedBlobs: unfetched.map((blob) => blob.contentId),
		misreportedBlobs: misreported(book, unreadable),
		violations,
		foreignRequestsWithToken: book.foreignRequestsWithToken,
	};
}

function misreported(book: LedgerBook, unreadable: BlobRecord[]): string[] {
	const wrongly = [...book.reportedBlobs.keys()].filter((contentId) => {
		const blob = book.blobs.get(contentId);
		return !blob || blob.fetched > 0;
	});
	const notOnce = unreadable
		.map((blob) => blob.contentId)
		.filter((contentId) => book.reportedBlobs.get(contentId) !== 1);
	return [...wrongly, ...notOnce];
}

/** The ledger for people. */
export function summarize(book: LedgerBook, verdict: Verdict): string {
	const blobs = [...book.blobs.values()];
	const times = (count: (blob: BlobRecord) => number) => {
		const of = (test: (n: number) => boolean) => blobs.filter((blob) => test(count(blob))).length;
		return `never ${of((n) => n === 0)}, once ${of((n) => n === 1)}, repeatedly ${of((n) => n > 1)}`;
	};
	const rules = new Map<string, number>();
	for (const { rule } of book.violations) rules.set(rule, (rules.get(rule) ?? 0) + 1);
	return [
		`Ledger: ${verdict.ok ? 'OK' : 'NOT OK'}`,
		`  blobs listed      ${times((blob) => blob.listed)}`,
		`  blobs fetched     ${times((blob) => blob.fetched)} (${verdict.unreadableBlobs.length} could not be read)`,
		`  events served     ${verdict.eventsServed}`,
		`  events delivered  once ${verdict.deliveredOnce}, lost ${verdict.lost.length}, repeated ${verdict.repeated.length}, never served ${verdict.unknown.length}`,
		`  requests          ${book.requests} (at most ${book.peakRequestsPerSecond} a second, ${book.peakRequestsPerMinute} a minute), ${book.tokensIssued} tokens issued`,
		`  throttled         ${book.throttled}`,
		`  foreign host      ${book.foreignRequests} requests, ${book.foreignRequestsWithToken} with a token`,
		`  rules broken      ${[...rules].map(([rule, n]) => `${rule} (${n})`).join(', ') || 'none'}`,
	].join('\n');
}
