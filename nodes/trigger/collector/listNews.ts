import { recordFailure, resetBackOff } from '../../feed/checkpoint/backOff';
import { beginPass, MIN_WINDOW_MS, nextWindow, type ListingPass, type LostInterval } from '../../feed/checkpoint/listingPlan';
import { finishPass, recordFound, recordListing, skipLostInterval, stepOver } from '../../feed/checkpoint/recordListing';
import type { TypeState } from '../../feed/checkpoint/state';
import { attempt } from '../../feed/attempt';
import { FeedFailure } from '../../feed/failure';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../feed/time';
import { EndlessList } from '../../feed/listing';
import type { ContentBlob, TimeWindow } from '../../feed/types';
import { retentionEdge } from '../../feed/windows';
import { timeLeft } from './clock';
import type { Work } from './types';

/**
 * While so many listed blobs of one type wait in memory, some 400 bytes each, no further window is listed. A single window may bring
 * more: up to the half million at which its list is taken to have no end.
 */
const MAX_OPEN_BLOBS = 4_000;

/** With those in trouble: of a busy tenant where every blob has an event that fails, what is published in seven days. */
const MAX_OPEN_IN_ALL = 50_000;

/** A window with more blobs than this makes the next one half as long, so that a backlog comes in portions. */
const FULL_WINDOW_BLOBS = 2_000;

/** Longest wait before a content type is listed again that could not be. */
const MAX_WAIT_MS = HOUR_MS / 4;

/** What usually passes is told only when it lasts: some five hours, with the waits in between. */
const FAILURES_UNTIL_TOLD = 24;

const MAX_REASON_CHARACTERS = 40;

/** Lists all content types side by side, as far as there is room; none of them holds up the others. */
export async function listNews(work: Work): Promise<void> {
	const types = [...work.session.state.types.values()];
	const ends = await Promise.allSettled(types.map((type) => listType(work, type).catch(endAll)));
	for (const end of ends) if (end.status === 'rejected') throw end.reason;

	/** A fault of ours: the others are not to go on behind it. */
	function endAll(fault: unknown): never {
		work.ports.cancel();
		throw fault;
	}
}

/** True if there is content to list and room for it again. */
export function canListMore({ session, ports }: Work): boolean {
	return [...session.passes.values()].some(({ contentType, interrupted }) => {
		const type = session.state.types.get(contentType);
		if (interrupted || !type || type.listing.notBeforeMs > ports.runtime.now()) return false;
		return hasRoomFor(type, MAX_OPEN_BLOBS / 2);
	});
}

/** What the last poll did not get to the end of goes on. */
export function resumePasses({ session: { passes, state } }: Work): void {
	for (const [contentType, pass] of passes) {
		if (state.types.has(contentType)) passes.set(contentType, { ...pass, advanced: false, interrupted: false });
		else passes.delete(contentType);
	}
}

/** Counts what can be worked on: blobs that cannot be read now, or of which only failed events are left, must not keep new ones out. */
function hasRoomFor({ open }: TypeState, untroubled: number): boolean {
	let count = 0;
	for (const { reading, ranges } of open.values()) {
		if (reading.failures === 0 && ranges.some(({ batch }) => batch === undefined)) count++;
	}
	return count < untroubled && open.size < MAX_OPEN_IN_ALL;
}

async function listType(work: Work, type: TypeState): Promise<void> {
	const { session, ports } = work;
	if (type.listing.notBeforeMs > ports.runtime.now()) return;
	const pass = session.passes.get(type.contentType) ?? beginPass(type, ports.runtime.now());
	session.passes.set(type.contentType, pass);
	if (pass.interrupted) return;
	while (hasRoomFor(type, MAX_OPEN_BLOBS) && timeLeft(work) > 0) {
		const { window, lost } = nextWindow(pass, ports.runtime.now());
		// While a type cannot be listed the edge moves on with every try: what that cuts off is told by the day.
		if (lost && lost.endMs - type.finalMs >= DAY_MS) reportLost(work, type, lost);
		if (!window) {
			const unending = finishPass(type, pass);
			if (unending) {
				reportLost(work, type, { ...unending, unending: true });
				endTrouble(type);
			}
			session.passes.delete(type.contentType);
			return;
		}
		if (!(await listOne(work, type, pass, window, lost))) return;
	}
}

async function listOne(
	work: Work,
	type: TypeState,
	pass: ListingPass,
	window: TimeWindow,
	cutOff: TimeWindow | undefined,
): Promise<boolean> {
	const { session, ports, options } = work;
	const listedMs = ports.runtime.now();
	const found = (blobs: ContentBlob[]) => recordFound(type, { listedMs, blobs });
	const listed = await attempt(async () => await ports.list(type.contentType, window, found));
	if (!listed.ok) {
		const { failure } = listed;
		const isEndless = failure instanceof EndlessList;
		if (isEndless || failure.kind === 'cancelled') {
			if (!interrupt(pass, window)) {
				stepOver(type, pass, window);
				typeFailed(work, type, isEndless ? failure : tooSlow());
			}
		} else {
			session.passes.delete(type.contentType);
			typeFailed(work, type, failure);
		}
		return false;
	}
	const { blobs, lost } = listed.value;
	for (const each of [cutOff, lost]) if (each) reportLost(work, type, each);
	recordListing(session.state, type, { window, listedMs, blobs }, options.overlapMs);
	pass.atMs = window.endMs;
	pass.advanced = true;
	if (pass.steppedOver) pass.listedBehind = true;
	if (blobs.length > FULL_WINDOW_BLOBS) shorten(pass, pass.maxWindowMs);
	// While content before it cannot be listed, the type is not well.
	if (type.unending === undefined) endTrouble(type);
	return true;
}

/**
 * The time of the poll ran out, or the list had no end. What it has brought is kept. A window that takes longer than a poll would
 * never be listed to its end: the next one asks for half of it.
 *
 * @returns false if even the shortest window took longer
 */
function interrupt(pass: ListingPass, { startMs, endMs }: TimeWindow): boolean {
	pass.interrupted = true;
	if (pass.advanced) return true;
	shorten(pass, endMs - startMs);
	return endMs - startMs > MIN_WINDOW_MS;
}

function endTrouble(type: TypeState): void {
	resetBackOff(type.listing);
	delete type.reported;
}

function tooSlow(): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: 'Microsoft did not list its content within the time of a poll',
		advice: 'If it stays, raise Max Requests per Minute, or let other tools use less of the tenant’s quota.',
	});
}

function shorten(pass: ListingPass, windowMs: number): void {
	const halfMs = Math.floor(windowMs / 2 / SECOND_MS) * SECOND_MS;
	pass.maxWindowMs = Math.max(halfMs, MIN_WINDOW_MS);
}

function reportLost({ session, ports }: Work, type: TypeState, lost: TimeWindow & Pick<LostInterval, 'unending'>): void {
	// "The last 7 days" are a little less by the time of the first listing: nothing that anybody had. Until it has ended,
	// dayListedMs is when the type was begun; what could still be listed then is a loss like any other.
	const firstMs = Math.min(type.startMs, retentionEdge(type.dayListedMs));
	const atStart = !lost.unending && type.overlapListedMs === 0 && lost.endMs - firstMs <= HOUR_MS;
	const interval = {
		...lost,
		contentType: type.contentType,
		// Nothing is final behind it, wherever the pass is: it may have stepped over content that it could not list.
		startMs: type.finalMs,
	};
	const news = interval.endMs > interval.startMs;
	skipLostInterval(session.state, type, interval);
	if (news && !atStart) ports.report({ kind: 'lostInterval', interval });
}

function typeFailed({ session, ports }: Work, type: TypeState, error: FeedFailure): void {
	recordFailure(type.listing, ports.runtime.now(), MAX_WAIT_MS, error.retryAfterMs);
	const mayPass = error.kind === 'transient' || error.kind === 'throttled';
	const passing = mayPass && type.listing.failures < FAILURES_UNTIL_TOLD;
	// It is stored.
	const reason = (error.code ?? error.kind).slice(0, MAX_REASON_CHARACTERS);
	if (passing || type.reported === reason || ports.isBeingMended(error)) return;
	type.reported = reason;
	session.state.unstored = 'urgent';
	ports.report({ kind: 'typeFailed', contentType: type.contentType, failure: error });
}
