import { CONTENT_TYPES, startSimulator } from '../../simulator/index.mts';
import type { FeedBlob } from '../../simulator/index.mts';
import type { Faults } from '../../simulator/faults.mts';
import { createChance } from '../../simulator/random.mts';
import type { Simulator } from '../../simulator/types.mts';

/** A tenant that gets new content as long as it is busy. */
export interface BusyTenant {
	simulator: Simulator;
	/** No more new blobs. Those that are listed late still appear. */
	quieten(): void;
	/** Blobs that can be fetched and have not been, although they are listed. */
	unfetched(): FeedBlob[];
	/** When the last late blob appears in the listings. */
	lastListedMs(): number;
	close(): Promise<void>;
}

/** What makes one busy tenant differ from another. */
export interface Busyness {
	/** On top of the usual ones. */
	faults?: Partial<Faults>;
	/** How late a blob may be listed. */
	maxLateMs?: number;
	/** After this time blobs that can never be fetched are not to be had any more. Default: seven days. */
	goneExpireAfterMs?: number;
}

const EVERY_MS = 1_000;
/** One of so many new blobs is listed late. */
const LATE = 0.15;
/** One of so many is listed but can never be fetched. */
const GONE = 0.005;
/** Less than the trigger's overlap, which is what is promised. */
const MAX_LATE_MS = 10 * 60_000;

const rate = 0.005;

/**
 * Whatever may go wrong on the wire, but seldom enough for the runs to follow one another: a kill that meets none proves
 * little. Broken blobs recover at the fifth try, some of them in a later poll.
 */
const FAULTS = {
	pageSize: 20,
	duplicateEntries: 0.05,
	sameMillisecond: 0.2,
	garbageEntries: 0.02,
	duplicateEvents: 0.1,
	eventsWithoutId: 0.03,
	awkwardEvents: 0.3,
	blobByteOrderMark: rate,
	blobGzip: 0.1,
	blobTruncatedBody: rate,
	blobTruncatedJson: rate,
	blobHtml: rate,
	blobErrorObject: rate,
	blobReset: rate,
	blobInternalError: rate,
	blobUnavailable: rate,
	blobFailures: 4,
	internalErrors: 0.02,
	resets: 0.01,
	throttledRequests: 0.001,
	nextPageStale: 1,
	tokenLifeSeconds: 240,
};

/** Starts a tenant with an hour's backlog and one new blob each second, some late, some broken, with duplicates. */
export async function startBusyTenant(
	seed: number,
	minutes: number,
	{ faults, maxLateMs = MAX_LATE_MS, goneExpireAfterMs }: Busyness = {},
): Promise<BusyTenant> {
	const chance = createChance(seed);
	const simulator = await startSimulator({
		seed,
		blobs: 60,
		days: 1 / 24,
		eventsPerBlob: 5,
		faults: { ...FAULTS, ...faults },
		latencyMs: { mean: 30, jitter: 30 },
	});
	const { feed, ledger } = simulator;
	const lateByMs = Math.min(maxLateMs, (minutes * 60_000) / 3);
	const startedMs = Date.now();
	let added = 0;
	const add = () => {
		const late = chance.of('late', added) < LATE;
		const gone = chance.of('gone', added) < GONE;
		const expires =
			goneExpireAfterMs === undefined ? {} : { expiresMs: Date.now() + goneExpireAfterMs };
		feed.addBlob({
			contentType: chance.pick(CONTENT_TYPES, 'type', added),
			listedAfterMs: late ? Math.round(chance.of('by', added) * lateByMs) : 0,
			...(gone ? { fault: 'NotFound', ...expires } : {}),
		});
		added++;
	};
	const timer = setInterval(() => {
		while (added * EVERY_MS < Date.now() - startedMs) add();
	}, EVERY_MS / 4);
	const quieten = () => clearInterval(timer);
	return {
		simulator,
		quieten,
		unfetched: () =>
			feed.blobs.filter(
				({ contentId, fault, listedMs }) =>
					fault !== 'NotFound' &&
					listedMs <= Date.now() &&
					!(ledger.blobs.get(contentId)?.fetched ?? 0),
			),
		lastListedMs: () => feed.blobs.reduce((last, { listedMs }) => Math.max(last, listedMs), 0),
		async close() {
			quieten();
			await simulator.close();
		},
	};
}
