import { isDown, nextWork, type Underway } from '../../feed/checkpoint/nextWork';
import { forgetDestination } from '../../feed/checkpoint/outcome';
import type { Unstored } from '../../feed/checkpoint/state';
import { HOUR_MS, SECOND_MS } from '../../feed/time';
import { timeLeft } from './clock';
import { canListMore, listNews, resumePasses } from './listNews';
import { firstRead, prepareFresh, prepareRetry } from './prepare';
import { dropReady, endOverdueRuns, handOut, heedFault, save, saveForStorage, waitForRun } from './runs';
import type { PreparedBatch, Work } from './types';

/**
 * How long progress may stay in memory before an empty run makes n8n store it. What is settled would be read again
 * after a restart, so it must not get older than the overlap; mere times would only cost a longer listing.
 */
const STORE_AFTER_MS: Record<Unstored, number> = {
	nothing: Infinity,
	times: 4 * HOUR_MS,
	settled: HOUR_MS,
	urgent: 0,
};

/** A content type whose list takes longer must not hold up the others: what they have is handed out meanwhile. */
const PATIENCE_MS = 10 * SECOND_MS;

/**
 * One poll: lists what is new, hands it out in batches, waits for the runs as long as the poll may last. A run that
 * takes longer goes on; the next poll waits for it.
 */
export async function collect(work: Work): Promise<void> {
	const { session, ports, options } = work;
	resumePasses(work);
	endOverdueRuns(work);
	if (options.delivery === 'atMostOnce') forgetDestination(session.state);
	// Prepared by a former poll, before the limit was lowered.
	if ((session.ready?.eventCount ?? 0) > options.maxEventsPerExecution) dropReady(work);
	const listing: Listing = { ended: true, end: Promise.resolve() };
	let ended = false;
	try {
		await deliver(work, listing);
		await listing.end;
		ended = true;
	} finally {
		// A fault of ours: nothing may go on behind the back of the poll that ends with it.
		if (!ended) ports.cancel();
		await Promise.allSettled([listing.end]);
		if (session.runs.size === 0) dropReady(work);
		await endDownloads(work);
	}
	await store(work);
}

/** Hands out what is listed, and lists what is new, until there is no more or the poll has to end. */
async function deliver(work: Work, listing: Listing): Promise<void> {
	const { session, options } = work;
	await list(work, listing);
	const retries: Retries = { fruitless: new Set(), slow: new Map() };
	while (timeLeft(work) > 0) {
		endOverdueRuns(work);
		heedFault(work);
		const hasRoom = () => session.runs.size < options.parallelExecutions;
		// The poll may wait for minutes for one slow blob or run: what n8n's ticks ask for meanwhile must not.
		const isNewsDue = session.newsDue && hasRoom();
		if (listing.ended && (isNewsDue || canListMore(work))) await list(work, listing);
		const next = await prepareNext(work, retries);
		if (next === 'slow') continue;
		session.ready = next;
		if (session.ready && hasRoom()) {
			handOut(work, session.ready);
			delete session.ready;
		} else if (!listing.ended && hasRoom()) {
			await giveTime(work, listing);
		} else if (session.runs.size > 0) {
			await waitForRun(work);
		} else if (!canListMore(work)) {
			return;
		}
	}
}

/** The poll's end cancels what is still being downloaded; how that ended has to be recorded before all is stored. */
async function endDownloads({ session: { downloads }, ports }: Work): Promise<void> {
	if (downloads.size > 0) {
		await Promise.race([Promise.allSettled(downloads.values()), ports.runtime.sleep(SECOND_MS)]);
	}
	downloads.clear();
}

/** What is being listed beside everything else. */
interface Listing {
	ended: boolean;
	end: Promise<void>;
}

/** Lists what is new. @throws what the listing before ended with */
async function list(work: Work, listing: Listing): Promise<void> {
	await listing.end;
	work.session.newsDue = false;
	listing.ended = false;
	listing.end = listNews(work).finally(() => {
		listing.ended = true;
	});
	// It is waited for at the end of the poll; a fault before that must not end the process.
	listing.end.catch(() => undefined);
	await giveTime(work, listing);
}

/** Waits until all types are listed, or as long as the others may be kept waiting. */
async function giveTime(work: Work, listing: Listing): Promise<void> {
	await Promise.race([listing.end, work.ports.runtime.sleep(Math.min(PATIENCE_MS, timeLeft(work)))]);
}

/** Failed batches that need not be tried again now. */
interface Retries {
	/** Of these, nothing can be read within this poll. */
	fruitless: Set<number>;
	/** These are being read, which takes long; each with the end of the first of its downloads. */
	slow: Map<number, Promise<void>>;
}

/** The batch that comes next, or undefined. A prepared one is kept as long as it is its turn. */
async function prepareNext(work: Work, { fruitless, slow }: Retries): Promise<PreparedBatch | 'slow' | undefined> {
	const { session, ports } = work;
	const busy = new Set([...fruitless, ...slow.keys()]);
	let probing = 0;
	for (const { batch } of session.runs) {
		if (batch.failed !== undefined) busy.add(batch.failed);
		if (batch.probe) probing++;
	}
	const { ready } = session;
	let fresh: Underway['fresh'] = ready && ready.failed === undefined ? 'ready' : 'untried';
	let isFreshSlow = false;
	for (;;) {
		const next = nextWork(session.state, ports.runtime.now(), { probing, busy, fresh, afterRetry: session.afterRetry });
		const retry = next?.kind === 'retry' ? next.batch : undefined;
		if (session.ready && next && session.ready.failed === retry) return session.ready;
		dropReady(work);
		if (fresh === 'ready') fresh = 'untried';
		if (!next && isFreshSlow) return 'slow';
		if (!next) return slow.size > 0 && session.runs.size === 0 ? await waitForOne(work, slow) : undefined;
		const wasDown = isDown(session.state);
		const batch = retry === undefined ? await prepareFresh(work) : await prepareRetry(work, retry);
		const isSlow = batch === 'slow';
		if (batch && !isSlow && isDown(session.state) !== wasDown) {
			// Other runs have ended meanwhile, and it may be time for something else, or for nothing.
			session.ready = batch;
			if (retry === undefined) fresh = 'ready';
			continue;
		}
		if ((batch && !isSlow) || timeLeft(work) === 0) return batch;
		if (retry === undefined) {
			// A turn is used by what is ready, not by what may become so.
			isFreshSlow ||= isSlow;
			fresh = 'none';
			continue;
		}
		if (isSlow) slow.set(retry, firstRead(work, retry).then(() => void slow.delete(retry)));
		else fruitless.add(retry);
		busy.add(retry);
	}
}

async function waitForOne({ ports }: Work, slow: Retries['slow']): Promise<'slow'> {
	await Promise.race([...slow.values(), ports.runtime.sleep(PATIENCE_MS)]);
	return 'slow';
}

async function store(work: Work): Promise<void> {
	const { session, ports } = work;
	const { storedMs, unstored } = session.state;
	const afterMs = unstored === 'settled' ? work.options.overlapMs : Infinity;
	if (ports.storesOnReturn) {
		saveForStorage(work);
	} else if (ports.runtime.now() - storedMs >= Math.min(STORE_AFTER_MS[unstored], afterMs)) {
		saveForStorage(work);
		void ports.emit([]).catch(() => undefined);
	} else {
		save(work);
	}
}
