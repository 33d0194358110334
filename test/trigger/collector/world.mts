import type { AuditEvent, ContentType } from '../../../nodes/feed/types';
import { endWaits } from '../../../nodes/feed/checkpoint/backOff';
import { selectCounting } from '../../../nodes/feed/checkpoint/counting';
import { selectTypes } from '../../../nodes/feed/checkpoint/state';
import { heedClock } from '../../../nodes/trigger/collector/clock';
import { collect } from '../../../nodes/trigger/collector/collect';
import { save } from '../../../nodes/trigger/collector/runs';
import type {
	BatchPart,
	CollectorOptions,
	CollectorPorts,
	Report,
	RunResult,
	Session,
} from '../../../nodes/trigger/collector/types';
import { readReference } from '../../../nodes/trigger/reference';
import type { CheckpointStore } from '../../../nodes/trigger/staticData';
import { createDestination, type Destination, type RunSetting, type WorldRun } from './destination.mts';
import { createStaticData, type LoadedWorkflow, type NodeIdentity } from './staticData.mts';
import { createTenant, type Tenant, type WorldBlob } from './tenant.mts';
import { HOUR, MINUTE } from './units.mts';
import { createVirtualTime, type VirtualTime } from './virtualTime.mts';

const START = Date.parse('2026-03-02T10:00:00.400Z');

/** The node's parameters, as far as a person may change them while the trigger is at work. */
export interface Setting extends RunSetting {
	matches(event: AuditEvent): boolean;
}

export interface Restart {
	atMs: number;
	/** Runs whose success had survived. */
	known: readonly WorldRun[];
	/** Renamed while n8n was off: only the copy of the watermarks was found. */
	lostMemory: boolean;
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

export interface World extends Pick<Tenant, 'blobs' | 'reads' | 'setReading' | 'throttle'> {
	skewMs: number;
	time: VirtualTime;
	destination: Destination;
	runs: WorldRun[];
	reports: WorldReport[];
	restarts: Restart[];
	/** Every setting there was, from when on it may have been in force (true time). */
	settings: Array<{ fromMs: number; setting: Setting }>;
	/** When the change of the Output took effect (true time). */
	outputChanges: number[];
	violations: string[];
	/** Largest stored checkpoint, in characters of JSON. */
	largestStored: number;
	emptyRuns: number;
	session(): Session;
	startMs(): number;
	/** When the trigger was switched on, by its clock. */
	begunMs(): number;
	publish(blob: Omit<WorldBlob, 'broken'> & { broken?: boolean }): void;
	setListing(refused: ContentType[] | 'none', slow?: ContentType[]): void;
	poll(): Promise<void>;
	/** Starts a poll and kills the process in the middle of it. */
	killDuringPoll(timers: number): Promise<void>;
	kill(): void;
	/** A person changes the node and publishes: n8n loads the workflow from its database, the process goes on. */
	publishEdit(change?: Partial<Setting>): void;
	/** Our clock is wrong by so much from now on. */
	setClock(skewMs: number): void;
	/** As {@link publishEdit}, in the middle of a poll, which goes on as it was. */
	editDuringPoll(timers: number, change?: Partial<Setting>): Promise<void>;
	/** The node gets another name; `twin` is the name of a duplicate that is at work, too. */
	rename(to: 'new' | 'former' | 'twin'): void;
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

/** A poll at work: the copy of the workflow, the name and the setting that it began with. */
interface Context {
	epoch: number;
	workflow: LoadedWorkflow;
	store: CheckpointStore;
	nodeName: string;
	setting: Setting;
	/** When the poll has to be over (true time). */
	deadlineMs: number;
}

/** The trigger with all that is around it: n8n, the workflow, the tenant. */
export function createWorld(settings: WorldSettings): World {
	const { random } = settings;
	let { skewMs } = settings;
	const time = createVirtualTime(START);
	const violations: string[] = [];
	const options = { ...DEFAULTS, ...settings.options };
	const tenant = createTenant(time, () => skewMs, random, violations);
	const destination = createDestination(time, tenant, options.deliveryTimeoutMs, random, violations);
	const staticData = createStaticData();
	const { delivery, maxEventsPerExecution, parallelExecutions } = options;
	let setting: Setting = {
		...{ output: 'events', delivery, maxEventsPerExecution, parallelExecutions },
		matches: settings.matches ?? (() => true),
	};
	const node: NodeIdentity = { id: 'node-1', name: 'Trigger' };
	const twin: NodeIdentity = { id: 'node-2', name: 'Trigger1' };
	let renamed = 0;
	let hasTwin = false;
	/** Under these the checkpoint of another node may be found, which the user is told. */
	const foreignNames = new Set<string>();
	let epoch = 0;
	let workflow = staticData.load();
	/** The process: what it remembers of the trigger, and the runs that it saw succeed. */
	let session: Session | undefined;
	let known: readonly WorldRun[] = [];
	let polling: Promise<void> | undefined;
	let activated = false;

	const world: World = {
		...{ skewMs, time, destination, violations, runs: destination.runs },
		...{ blobs: tenant.blobs, reads: tenant.reads },
		...{ setReading: tenant.setReading, throttle: tenant.throttle },
		...{ reports: [], restarts: [], outputChanges: [], largestStored: 0, emptyRuns: 0 },
		settings: [{ fromMs: -Infinity, setting }],
		session: () => open().session,
		startMs: () => START + settings.skewMs - settings.startBackMs,
		begunMs: () => START + settings.skewMs,
		publish: (blob) => tenant.publish({ broken: false, ...blob }),
		setListing: (refused, slow) => tenant.setListing(refused === 'none' ? [] : refused, slow),
		async poll() {
			startPoll();
			if (polling && (await time.settle(polling, time.now() + settings.pollBudgetMs + MINUTE))) {
				polling = undefined;
			} else {
				violations.push('a poll did not end within its budget');
			}
		},
		async killDuringPoll(timers) {
			startPoll();
			if (polling) await time.partly(polling, timers);
			world.kill();
		},
		kill,
		publishEdit,
		setClock: (ms) => void (world.skewMs = skewMs = ms),
		async editDuringPoll(timers, change) {
			startPoll();
			if (polling && (await time.partly(polling, timers))) polling = undefined;
			publishEdit(change);
			await world.poll();
		},
		rename,
		rollBackStored: staticData.rollBack,
		advance: async (ms) => await time.advanceTo(time.now() + ms),
	};
	const now = () => time.now() + skewMs;
	return world;

	/** What every poll begins with: the checkpoint is loaded and brought in line with the parameters. */
	function open(): { session: Session; context: Context } {
		if (!session) startProcess();
		const store = staticData.open(workflow, node);
		const loaded = store.load(session, now());
		if (loaded.problem && !foreignNames.has(node.name)) violations.push(loaded.problem);
		session = loaded.session;
		heedClock(session, now(), setting.delivery);
		selectTypes(session.state, settings.types, world.startMs(), now());
		if (selectCounting(session.state, setting.output === 'reference' ? 'blobs' : 'events')) {
			world.outputChanges.push(time.now());
			delete session.ready;
			session.downloads.clear();
		}
		const deadlineMs = time.now() + settings.pollBudgetMs;
		return { session, context: { epoch, workflow, store, nodeName: node.name, setting, deadlineMs } };
	}

	function startProcess(): void {
		workflow = staticData.load();
		const lostMemory = workflow.savedAs !== node.name;
		known = lostMemory ? [] : workflow.known;
		const restart = world.restarts[world.restarts.length - 1];
		if (restart) Object.assign(restart, { known, lostMemory });
	}

	/** The first poll of an activation. n8n stores the static data after it. */
	function activate(byPerson: boolean): void {
		if (polling) return;
		const { session: opened, context } = open();
		activated = true;
		if (byPerson) {
			endWaits(opened.state);
			tenant.forgetWaits();
		}
		save({ session: opened, ports: portsOf(context) });
		storeNow(context);
	}

	function startPoll(): void {
		if (polling) return;
		if (!activated) activate(false);
		const { session: opened, context } = open();
		const { matches, ...changed } = setting;
		const work = {
			session: opened,
			ports: portsOf(context),
			options: { ...options, ...changed, deadlineMs: now() + settings.pollBudgetMs },
		};
		polling = collect(work);
		polling.catch((error: Error) => violations.push(`a poll threw: ${error.stack}`));
	}

	function kill(): void {
		epoch++;
		session = undefined;
		polling = undefined;
		activated = false;
		tenant.forgetWaits();
		world.restarts.push({ atMs: time.now(), known: [], lostMemory: false });
	}

	function publishEdit(change: Partial<Setting> = {}): void {
		setting = { ...setting, ...change };
		world.settings.push({ fromMs: time.now(), setting });
		if (!session) return;
		workflow = staticData.load();
		activate(true);
	}

	function rename(to: 'new' | 'former' | 'twin'): void {
		const formerName = node.name;
		if (to === 'twin') {
			createTwin();
			node.name = twin.name;
			twin.name = formerName;
		} else {
			node.name = to === 'former' ? 'Trigger' : `Renamed ${++renamed}`;
			if (node.name === twin.name) twin.name = formerName;
		}
		if (hasTwin) foreignNames.add(twin.name).add(node.name);
		publishEdit();
	}

	/** A duplicate of the node in the same workflow: it must begin afresh and leave our place alone. */
	function createTwin(): void {
		const { context } = open();
		const store = staticData.open(context.workflow, twin);
		const { session: fresh } = store.load(undefined, now());
		if (!hasTwin && fresh.state.types.size > 0) violations.push('a duplicate did not begin afresh');
		hasTwin = true;
		selectTypes(fresh.state, settings.types, now(), now());
		fresh.state.sequence += 1_000_000;
		save({ session: fresh, ports: { save: store.save, runtime: time.runtime(() => skewMs) } });
		storeNow(context);
	}

	function storeNow({ workflow: mine }: Context): void {
		world.largestStored = Math.max(world.largestStored, staticData.store(mine));
	}

	function portsOf(context: Context): CollectorPorts {
		const isAlive = () => context.epoch === epoch;
		const alive = async <T,>(work: () => Promise<T>): Promise<T> => {
			if (!isAlive()) return await never;
			const result = await work().then(
				(value) => ({ value }),
				(error: unknown) => ({ error }),
			);
			if (!isAlive()) return await never;
			if ('error' in result) throw result.error;
			return result.value;
		};
		return {
			list: async (contentType, window, found) =>
				await alive(
					async () =>
						await tenant.list(contentType, window, context.deadlineMs, (blobs) => {
							if (isAlive()) found(blobs);
						}),
				),
			read: async (blob) => await alive(async () => await read(context, blob)),
			matches: (event) => context.setting.output === 'reference' || context.setting.matches(event),
			emit: async (parts) => await alive(async () => await emit(context, parts)),
			save(copy) {
				if (!isAlive()) return;
				context.store.save(copy);
				context.workflow.known = known;
				context.workflow.savedAs = context.nodeName;
			},
			report(report) {
				if (isAlive()) world.reports.push({ ...report, atMs: time.now() });
			},
			runtime: time.runtime(() => skewMs),
			isBeingMended: () => false,
			cancel: () => undefined,
			storesOnReturn: false,
		};
	}

	async function read(context: Context, blob: WorldBlob['blob']): Promise<AuditEvent[]> {
		return context.setting.output === 'reference' ? readReference(blob, now()) : await tenant.read(blob);
	}

	async function emit(context: Context, parts: BatchPart[]): Promise<RunResult> {
		storeNow(context);
		if (parts.length === 0) {
			world.emptyRuns++;
			return 'delivered';
		}
		const { epoch: mine } = context;
		const count = destination.runs.length;
		const result = await destination.run(parts, context.setting, mine, () => mine === epoch);
		const run = destination.runs[count];
		if (run && result === 'delivered' && run.told && !run.overdue) known = [...known, run];
		return result;
	}
}
