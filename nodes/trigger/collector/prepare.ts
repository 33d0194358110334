import { fingerprint } from '../../feed/checkpoint/fingerprint';
import { freshSize } from '../../feed/checkpoint/freshSize';
import { freshBlobs, isDown, isFresh, rangesOfBatch } from '../../feed/checkpoint/nextWork';
import { forgetEmptyBatch } from '../../feed/checkpoint/outcome';
import { closeRange, cutRange, knownLength } from '../../feed/checkpoint/ranges';
import { isNewTrouble, recordRead, recordUnread } from '../../feed/checkpoint/readOutcome';
import type { EventRange, OpenBlob, TypeState } from '../../feed/checkpoint/state';
import { attempt } from '../../feed/attempt';
import { FeedFailure } from '../../feed/failure';
import { mapAsReady } from '../../feed/mapAsReady';
import { SECOND_MS } from '../../feed/time';
import type { AuditEvent } from '../../feed/types';
import { timeLeft } from './clock';
import type { PreparedBatch, Work } from './types';

/**
 * A batch is handed out although it is not full when no blob has become ready for so long: one that is downloaded again and
 * again, or throttled, must not hold up the others, nor the news. It goes on, and joins a later batch.
 */
const PATIENCE_MS = 10 * SECOND_MS;

/** A batch in the making. */
interface Draft {
	batch: PreparedBatch;
	maxEvents: number;
	/** Ids that are on their way in another run or in this batch. */
	underway: Set<string>;
}

function newDraft({ session, options }: Work, failed?: number): Draft {
	const underway = new Set<string>();
	for (const run of session.runs) for (const id of run.batch.ids) underway.add(id);
	const batch: PreparedBatch = { taken: [], ids: [], parts: [], eventCount: 0 };
	const { maxEventsPerExecution: most } = options;
	if (failed !== undefined) return { batch: { ...batch, failed }, maxEvents: most, underway };
	return { batch, maxEvents: freshSize(session.state, most), underway };
}

const isFull = ({ batch, maxEvents }: Draft): boolean => batch.eventCount >= maxEvents;

/**
 * Reads new blobs, oldest first (newest first while everything fails: what is wrong may be the oldest events), until a batch is full, or there are none that become ready soon.
 *
 * @returns `slow` if none has become ready for a while, but some are still being downloaded
 */
export async function prepareFresh(work: Work): Promise<PreparedBatch | 'slow' | undefined> {
	const { session, ports, options } = work;
	const draft = newDraft(work);
	const candidates = freshBlobs(session.state, ports.runtime.now());
	if (isDown(session.state)) candidates.reverse();
	const read = async (open: OpenBlob) => ({ open, events: await readBlob(work, open) });
	for await (const { open, events } of mapAsReady(candidates, read, options.lookAhead, patienceOf(work))) {
		const type = session.state.types.get(open.blob.contentType);
		if (!type || !events) continue;
		for (const range of open.ranges.filter(isFresh)) {
			if (isFull(draft)) break;
			take(work, draft, { type, open, range, events });
		}
		if (!open.ranges.some(isFresh)) session.downloads.delete(open.blob.contentId);
		if (isFull(draft) || timeLeft(work) === 0) break;
	}
	if (draft.batch.taken.length > 0) return draft.batch;
	return candidates.some(({ blob }) => session.downloads.has(blob.contentId)) ? 'slow' : undefined;
}

/**
 * Reads the events of a failed batch again. What has no room leaves the batch; what cannot be read now, or not soon, stays in it
 * for another time, so that the batch keeps its history and what is wrong with it stays apart from other events.
 *
 * @returns as {@link prepareFresh}
 */
export async function prepareRetry(work: Work, failed: number): Promise<PreparedBatch | 'slow' | undefined> {
	const { session, options } = work;
	const draft = newDraft(work, failed);
	const left = new Set(rangesOfBatch(session.state, failed));
	const read = async (item: Ranged) => ({ item, events: await readBlob(work, item.open) });
	for await (const { item, events } of mapAsReady([...left], read, options.lookAhead, patienceOf(work))) {
		left.delete(item);
		session.downloads.delete(item.open.blob.contentId);
		if (events && item.open.ranges.includes(item.range)) take(work, draft, { ...item, events });
		if (isFull(draft) || timeLeft(work) === 0) break;
	}
	if (isFull(draft)) for (const { range } of left) delete range.batch;
	if (draft.batch.taken.length > 0) return draft.batch;
	forgetEmptyBatch(session.state, failed);
	return [...left].some(({ open }) => session.downloads.has(open.blob.contentId)) ? 'slow' : undefined;
}

/** When the first of a batch's downloads has ended, of those that are under way. */
export async function firstRead({ session }: Work, failed: number): Promise<void> {
	const { downloads, state } = session;
	const reads = rangesOfBatch(state, failed).flatMap(({ open }) => downloads.get(open.blob.contentId) ?? []);
	if (reads.length > 0) await Promise.race(reads);
}

function patienceOf({ ports }: Work): () => Promise<void> {
	return async () => await ports.runtime.sleep(PATIENCE_MS);
}

/** @returns undefined if the blob cannot be read now */
async function readBlob(work: Work, open: OpenBlob): Promise<AuditEvent[] | undefined> {
	const { session, ports } = work;
	const { contentId, contentType } = open.blob;
	const type = session.state.types.get(contentType);
	const now = ports.runtime.now();
	if (!type || type.reading.notBeforeMs > now || open.reading.notBeforeMs > now) return undefined;
	return await (session.downloads.get(contentId) ?? download(work, type, open));
}

/** What becomes of it is recorded at once, whether somebody still waits for it or not: it may be a wait for all others. */
function download({ session, ports }: Work, type: TypeState, open: OpenBlob): Promise<AuditEvent[] | undefined> {
	const { state, downloads } = session;
	const { blob } = open;
	const { contentId } = blob;
	const begun = attempt(async () => whole(open, await ports.read(blob))).then((read) => {
		// What ends after its poll is nobody's business any more.
		if (downloads.get(contentId) !== begun) return undefined;
		if (read.ok) {
			recordRead(state, type, open, ports.runtime.now());
			open.length = read.value.length;
			return read.value;
		}
		downloads.delete(contentId);
		const fate = recordUnread(state, type, open, read.failure, ports.runtime.now());
		if (fate === 'lost') ports.report({ kind: 'lostContent', blob, failure: read.failure });
		else tellTrouble(ports, type, read.failure);
		return undefined;
	});
	downloads.set(contentId, begun);
	return begun;
}

function tellTrouble({ runtime, isBeingMended, report }: Work['ports'], type: TypeState, failure: FeedFailure): void {
	if (isBeingMended(failure) || !isNewTrouble(type, failure, runtime.now())) return;
	report({ kind: 'typeFailed', contentType: type.contentType, failure });
}

/** @throws FeedFailure if events are missing that were there before: what was not handed out yet must not count as done */
function whole(open: OpenBlob, events: AuditEvent[]): AuditEvent[] {
	const least = knownLength(open);
	if (events.length >= least) return events;
	throw new FeedFailure({
		kind: 'unreadable',
		message: `Microsoft sent ${events.length} events of this content, and at least ${least} before`,
		advice: 'Try again in a few minutes.',
	});
}

interface Ranged {
	type: TypeState;
	open: OpenBlob;
	range: EventRange;
}

interface Source extends Ranged {
	events: AuditEvent[];
}

/** Moves events of one range into the batch; a range without any that are wanted is done with. */
function take(
	{ session, ports }: Work,
	{ batch, maxEvents, underway }: Draft,
	{ type, open, range, events }: Source,
): void {
	const end = range.to ?? events.length;
	const kept: AuditEvent[] = [];
	let at = range.from;
	for (; at < end; at++) {
		const event = events[at];
		// The download is as long as every range (whole).
		if (event === undefined || !ports.matches(event)) continue;
		const id = idOf(event);
		if (id !== undefined && (session.state.seenEvents.has(id) || underway.has(id))) continue;
		// What is left must be something that is wanted: a rest of repeats would keep the blob open.
		if (batch.eventCount + kept.length >= maxEvents) break;
		if (id !== undefined) {
			underway.add(id);
			batch.ids.push(id);
		}
		kept.push(event);
	}
	if (at < end) cutRange(open, range, at);
	else range.to = end;
	if (kept.length === 0) {
		closeRange(session.state, type, open, range);
		return;
	}
	range.taken = true;
	batch.taken.push({ open, range: range as EventRange & { to: number } });
	batch.eventCount += kept.length;
	const part = batch.parts.find(({ blob }) => blob === open.blob);
	if (part) for (const event of kept) part.events.push(event);
	else batch.parts.push({ blob: open.blob, events: kept });
}

/** Events without an Id cannot be told apart: they always pass. */
function idOf({ Id }: AuditEvent): string | undefined {
	return typeof Id === 'string' && Id !== '' ? fingerprint(Id) : undefined;
}
