import { FeedFailure } from '../../../nodes/feed/failure';
import type { AuditEvent, ContentBlob, ContentType, TimeWindow } from '../../../nodes/feed/types';
import { selectTypes } from '../../../nodes/feed/checkpoint/state';
import { collect } from '../../../nodes/trigger/collector/collect';
import { newSession, resumeSession } from '../../../nodes/trigger/collector/session';
import { createCheckpoint } from '../../../nodes/feed/checkpoint/state';
import type {
	BatchPart,
	CollectorOptions,
	CollectorPorts,
	Report,
	RunResult,
	Session,
} from '../../../nodes/trigger/collector/types';
import { createVirtualTime, type VirtualTime } from './virtualTime.mts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.parse('2026-03-02T10:00:00.400Z');

/** A blob of the pretended tenant; `uids` name its events, whatever their Ids are. */
export interface WorldBlob {
	blob: ContentBlob;
	events: AuditEvent[];
	visibleMs: number;
	/** Cannot be read, ever. */
	broken: boolean;
}

/** How the workflow treats a run. */
export type Destination = 'ok' | 'down' | 'flaky' | 'slow' | 'hangs';

/** One run of the workflow, as the destination saw it. */
export interface WorldRun {
	uids: string[];
	ids: string[];
	startedMs: number;
	endedMs?: number;
	/** The destination has its events. */
	effective: boolean;
	/** The collector was told so in time; the first save that can hold the success has a greater sequence. */
	knownAtSequence?: number;
	overdue: boolean;
}

export interface Restart {
	atMs: number;
	storedSequence: number;
	/** Runs that were begun before it. */
	runsBefore: number;
}

/** What the user was told, and when (true time). */
export type WorldReport = Report & { atMs: number };

export interface WorldSettings {
	types: ContentType[];
	options: Partial<Omit<CollectorOptions, 'deadlineMs'>>;
	skewMs: number;
	startBackMs: number;
	pollBudgetMs: number;
	matches?: (event: AuditEvent) => boolean;
	random: () => number;
}

export interface World {
	skewMs: number;
	time: VirtualTime;
	blobs: WorldBlob[];
	runs: WorldRun[];
	reports: WorldReport[];
	restarts: Restart[];
	violations: string[];
	/** Largest stored checkpoint, in characters of JSON. */
	largestStored: number;
	emptyRuns: number;
	reads: Map<string, number>;
	session(): Session;
	startMs(): number;
	publish(blob: Omit<WorldBlob, 'broken'> & { broken?: boolean }): void;
	setDestination(mode: Destination): void;
	setListing(fails: ContentType[] | 'none'): void;
	setReading(mode: 'ok' | 'flaky' | 'down' | 'throttled'): void;
	poison(uid: string): void;
	poll(): Promise<void>;
	/** Starts a poll and kills the process in the middle of it. */
	killDuringPoll(timers: number): Promise<void>;
	kill(): void;
	/** n8n loads a copy of the static data from its database; the process goes on. */
	publishEdit(): void;
	/** Another node of the workflow stores the static data it was started with. */
	rollBackStored(): void;
	advance(ms: number): Promise<void>;
}

const DEFAULTS: Omit<CollectorOptions, 'deadlineMs'> = {
	delivery: 'atLeastOnce',
	maxEventsPerExecution: 1_000,
	parallelExecutions: 1,
	overlapMs: 2 * HOUR,
	deliveryTimeoutMs: 6 * HOUR,
	maxDeliveryAttempts: 0,
	lookAhead: () => 4,
};

/** Ports of a dead process never answer. */
const never = new Promise<never>(() => undefined);

export function createWorld(settings: WorldSettings): World {
	const time = createVirtualTime(START);
	const options = { ...DEFAULTS, ...settings.options };
	const poisoned = new Set<string>();
	let destination: Destination = 'ok';
	let refused: ContentType[] = [];
	let reading: 'ok' | 'flaky' | 'down' | 'throttled' = 'ok';
	let epoch = 0;
	let stored: string | undefined;
	const storedHistory: string[] = [];
	let saved: string | undefined;
	let session: Session | undefined;
	let polling: Promise<void> | undefined;

	const world: World = {
		skewMs: settings.skewMs,
		time,
		blobs: [],
		runs: [],
		reports: [],
		restarts: [],
		violations: [],
		largestStored: 0,
		emptyRuns: 0,
		reads: new Map(),
		session: () => open(),
		startMs: () => START + settings.skewMs - settings.startBackMs,
		publish: (blob) => void world.blobs.push({ broken: false, ...blob }),
		setDestination: (mode) => void (destination = mode),
		setListing: (fails) => void (refused = fails === 'none' ? [] : fails),
		setReading: (mode) => void (reading = mode),
		poison: (uid) => void poisoned.add(uid),
		poll: async () => {
			if (!polling) startPoll();
			if (polling && (await time.settle(polling, time.now() + settings.pollBudgetMs + MINUTE))) {
				polling = undefined;
			} else {
				world.violations.push('a poll did not end within its budget');
			}
		},
		killDuringPoll: async (timers) => {
			if (!polling) startPoll();
			if (polling) await time.partly(polling, timers);
			world.kill();
		},
		kill,
		publishEdit: () => void (session = resume(open())),
		rollBackStored: () => void (stored = storedHistory[storedHistory.length - 2] ?? stored),
		advance: async (ms) => await time.advanceTo(time.now() + ms),
	};
	const now = () => time.now() + settings.skewMs;
	return world;

	function resume(memory: Session | undefined): Session {
		const resumed = resumeSession(memory, parse(stored), now());
		if (!('problem' in resumed)) return resumed;
		throw new Error(resumed.problem);
	}

	function open(): Session {
		if (!session) {
			session = resume(undefined);
			noteLoaded();
			// The activation poll fixed the start; what is not stored yet is fixed anew by the same rule.
			if (!stored) session = newSession(createCheckpoint(now()));
		}
		selectTypes(session.state, settings.types, world.startMs(), now());
		return session;
	}

	/** What survived is what is loaded now; somebody else may have written it after the kill. */
	function noteLoaded(): void {
		const restart = world.restarts[world.restarts.length - 1];
		const copy = parse(stored) as { sequence: number } | undefined;
		if (restart) restart.storedSequence = Math.min(restart.storedSequence, copy?.sequence ?? 0);
	}

	function startPoll(): void {
		const work = { session: open(), ports: ports(epoch), options: pollOptions() };
		polling = collect(work);
		polling.catch((error: Error) => world.violations.push(`a poll threw: ${error.stack}`));
	}

	function pollOptions(): CollectorOptions {
		return { ...options, deadlineMs: now() + settings.pollBudgetMs };
	}

	function kill(): void {
		epoch++;
		session = undefined;
		polling = undefined;
		const storedSequence = (parse(stored) as { sequence: number } | undefined)?.sequence ?? 0;
		world.restarts.push({
			atMs: time.now(),
			storedSequence,
			runsBefore: world.runs.length,
		});
	}

	function ports(mine: number): CollectorPorts {
		const alive = async <T,>(work: () => Promise<T>): Promise<T> => {
			if (mine !== epoch) return await never;
			const result = await work().then(
				(value) => ({ value }),
				(error: unknown) => ({ error }),
			);
			if (mine !== epoch) return await never;
			if ('error' in result) throw result.error;
			return result.value;
		};
		return {
			list: async (contentType, window) => await alive(async () => await list(contentType, window)),
			read: async (blob) => await alive(async () => await read(blob)),
			matches: settings.matches ?? (() => true),
			emit: async (parts) => await alive(async () => await emit(parts, mine)),
			save: (copy) => {
				if (mine === epoch) saved = JSON.stringify(copy);
			},
			report: (report) => {
				if (mine === epoch) world.reports.push({ ...report, atMs: time.now() });
			},
			runtime: time.runtime(settings.skewMs),
			isBeingMended: () => false,
			storesOnReturn: false,
		};
	}

	async function list(contentType: ContentType, window: TimeWindow) {
		checkWindow(window);
		await time.after(50);
		if (refused.includes(contentType)) {
			throw new FeedFailure({ kind: 'permission', code: 'AF10001', message: 'refused' });
		}
		const found = world.blobs
			.filter(
				({ blob, visibleMs }) =>
					blob.contentType === contentType &&
					blob.createdMs >= window.startMs &&
					blob.createdMs < window.endMs &&
					visibleMs <= time.now(),
			)
			.map(({ blob }) => blob);
		return { blobs: found.reverse() };
	}

	function checkWindow({ startMs, endMs }: TimeWindow): void {
		if (startMs % 1000 !== 0 || endMs % 1000 !== 0) world.violations.push('part of a second');
		if (endMs - startMs > DAY || endMs <= startMs) world.violations.push('window length');
		if (startMs < now() - 7 * DAY) world.violations.push('beyond the seven days');
	}

	async function read(wanted: ContentBlob): Promise<AuditEvent[]> {
		world.reads.set(wanted.contentId, (world.reads.get(wanted.contentId) ?? 0) + 1);
		await time.after(20);
		const found = world.blobs.find(({ blob }) => blob.contentId === wanted.contentId);
		if (!found || found.broken || time.now() >= (wanted.expiresMs ?? Infinity)) {
			throw new FeedFailure({ kind: 'contentGone', code: 'AF20050', message: 'gone' });
		}
		if (reading === 'throttled') {
			throw new FeedFailure({ kind: 'throttled', code: 'AF429', message: 'throttled' });
		}
		if (reading === 'down' || (reading === 'flaky' && settings.random() < 0.5)) {
			throw new FeedFailure({ kind: 'transient', code: 'AF50000', message: 'internal' });
		}
		return found.events;
	}

	async function emit(parts: BatchPart[], mine: number): Promise<RunResult> {
		stored = saved;
		if (stored) storedHistory.push(stored);
		world.largestStored = Math.max(world.largestStored, stored?.length ?? 0);
		const events = parts.flatMap((part) => part.events);
		if (events.length === 0) {
			world.emptyRuns++;
			return 'delivered';
		}
		const run: WorldRun = {
			uids: events.map(uidOf),
			ids: events.flatMap(({ Id }) => (typeof Id === 'string' ? [Id] : [])),
			startedMs: time.now(),
			effective: false,
			overdue: false,
		};
		checkRun(run);
		world.runs.push(run);
		const mode = destination;
		const fails =
			mode === 'down' ||
			(mode === 'flaky' && settings.random() < 0.4) ||
			run.uids.some((uid) => poisoned.has(uid));
		if (mode === 'hangs') return await never;
		await time.after(mode === 'slow' ? settings.random() * 8 * HOUR : 100);
		run.endedMs = time.now();
		if (mine !== epoch) {
			// The process died meanwhile: the run got as far as the destination or not.
			run.effective = !fails && settings.random() < 0.5;
			return await never;
		}
		run.effective = !fails;
		run.overdue = run.endedMs - run.startedMs >= options.deliveryTimeoutMs;
		run.knownAtSequence = session?.state.sequence;
		return fails ? 'failed' : 'delivered';
	}

	function checkRun(run: WorldRun): void {
		if (run.uids.length > options.maxEventsPerExecution) world.violations.push('batch too large');
		const running = world.runs.filter(
			({ startedMs, endedMs }) =>
				endedMs === undefined && time.now() - startedMs < options.deliveryTimeoutMs,
		);
		const lastRestart = world.restarts[world.restarts.length - 1]?.runsBefore ?? 0;
		const mine = running.filter((other) => world.runs.indexOf(other) >= lastRestart);
		if (mine.length >= options.parallelExecutions) world.violations.push('too many runs at once');
	}
}

export function uidOf(event: AuditEvent): string {
	return String(event.uid);
}

function parse(text: string | undefined): unknown {
	return text === undefined ? undefined : JSON.parse(text);
}
