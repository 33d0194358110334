import { createChance } from '../../simulator/random.mts';
import { median } from '../results/statistics.mts';
import { runVirtual, type PolicyModule, type VirtualReader, type VirtualRequest, type VirtualRun } from './virtual.mts';

/** A situation in which the policy is measured, at true scale: 2,000 requests in 60 seconds. */
export interface QuotaCase {
	name: string;
	/** What the server really allows in 60 seconds. */
	perMinute: number;
	readers: VirtualReader[];
}

export interface QuotaFigures {
	name: string;
	window: 'fixed' | 'sliding';
	/** Share of the quota that was used, and of the answers that were refusals, from the fourth window to the last full one. */
	used: number;
	throttled: number;
	/** The first window of which at least 95% were used, 1 being the one in which the reader started cold. */
	reachedInWindow: number;
	/** Share used in each window. */
	usedInWindow: number[];
	/** Share of each reader of what all of them used, in the same windows as `used`. */
	readers: number[];
}

const WINDOW_MS = 60_000;
const SETTLED = 3;
/** 20,000 requests at 2,000 a minute. */
const WINDOWS = 10;
const LATENCY_MS = { mean: 120, jitter: 60 };
/** More than can be read in this time, so that every window is full. */
const BACKLOG = 100_000;

export const QUOTA_CASES: readonly QuotaCase[] = [
	{ name: 'as assumed', perMinute: 2_000, readers: [{ maxPerMinute: 2_000, backlog: BACKLOG }] },
	{ name: 'half of what was assumed', perMinute: 1_000, readers: [{ maxPerMinute: 2_000, backlog: BACKLOG }] },
	{ name: 'setting twice the quota', perMinute: 2_000, readers: [{ maxPerMinute: 4_000, backlog: BACKLOG }] },
	{
		name: 'double of what was assumed',
		perMinute: 2_000,
		readers: [{ maxPerMinute: 2_000, backlog: BACKLOG, believes: 1_000 }],
	},
	{
		name: 'shared with another process',
		perMinute: 2_000,
		readers: [
			{ maxPerMinute: 2_000, backlog: BACKLOG },
			{ maxPerMinute: 2_000, backlog: BACKLOG },
		],
	},
];

type Played = Omit<QuotaFigures, 'name' | 'window'>;

/** One run. The seed decides, among other things, at which moment of the server's window it begins. */
export function playQuota(
	module: PolicyModule,
	{ perMinute, readers }: QuotaCase,
	window: QuotaFigures['window'],
	seed: number,
): Played {
	const chance = createChance(seed);
	let count = 0;
	const run: VirtualRun = {
		quota: { window, perMinute: () => perMinute, phaseMs: window === 'fixed' ? chance.integer(0, WINDOW_MS - 1) : 0 },
		readers,
		latencyMs: LATENCY_MS,
		untilMs: (WINDOWS + 1) * WINDOW_MS,
		random: () => chance.of(count++),
	};
	return figuresOf(run, perMinute, runVirtual(module, run));
}

/** @returns the median of each figure over the repeats */
export function measureQuota(
	module: PolicyModule,
	quotaCase: QuotaCase,
	window: QuotaFigures['window'],
	repeats: number,
): QuotaFigures {
	const runs = Array.from({ length: repeats }, (_, seed) => playQuota(module, quotaCase, window, seed));
	const each = (pick: (figures: Played) => number) => median(runs.map(pick));
	const all = (key: 'usedInWindow' | 'readers') => runs[0]![key].map((_, index) => each((run) => run[key][index]!));
	return {
		name: quotaCase.name,
		window,
		used: each(({ used }) => used),
		throttled: each(({ throttled }) => throttled),
		reachedInWindow: each(({ reachedInWindow }) => reachedInWindow),
		usedInWindow: all('usedInWindow'),
		readers: all('readers'),
	};
}

function figuresOf({ quota, readers }: VirtualRun, perMinute: number, requests: VirtualRequest[]) {
	// Windows as the server counts them; the first full one begins at most a minute after the start.
	const beginMs = (window: number) => (quota.phaseMs ?? 0) + window * WINDOW_MS;
	const between = (from: number, to: number) =>
		requests.filter(({ arrivedMs }) => arrivedMs >= beginMs(from) && arrivedMs < beginMs(to));
	const accepted = (list: VirtualRequest[]) => list.filter((request) => request.accepted).length;
	const usedInWindow = Array.from(
		{ length: WINDOWS },
		(_, window) => accepted(between(window, window + 1)) / perMinute,
	);
	const settled = between(SETTLED, WINDOWS);
	const used = accepted(settled);
	return {
		used: used / perMinute / (WINDOWS - SETTLED),
		throttled: 1 - used / settled.length,
		reachedInWindow: usedInWindow.findIndex((share) => share >= 0.95) + 1 || Infinity,
		usedInWindow,
		readers: readers.map((_, reader) => accepted(settled.filter((request) => request.reader === reader)) / used),
	};
}
