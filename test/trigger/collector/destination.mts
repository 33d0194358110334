import type { BatchPart, RunResult } from '../../../nodes/trigger/collector/types';
import type { Tenant } from './tenant.mts';
import { HOUR } from './units.mts';
import type { VirtualTime } from './virtualTime.mts';

/** How the workflow treats a run. */
export type DestinationMode = 'ok' | 'down' | 'flaky' | 'slow' | 'hangs';

/** What of the node's parameters a run depends on. */
export interface RunSetting {
	output: 'events' | 'reference';
	delivery: 'atLeastOnce' | 'atMostOnce';
	maxEventsPerExecution: number;
	parallelExecutions: number;
}

/** One run of the workflow, as the destination saw it. */
export interface WorldRun extends Pick<RunSetting, 'output' | 'delivery'> {
	/** Events that it carried; those of a whole blob, if it carried a reference to it. */
	uids: string[];
	startedMs: number;
	endedMs?: number;
	/** The process that began it. */
	epoch: number;
	/** The destination has its events. */
	effective: boolean;
	/** The collector was told its end, and not in time. */
	told: boolean;
	overdue: boolean;
}

export interface Destination {
	runs: WorldRun[];
	setMode(mode: DestinationMode): void;
	/** @param takesMs how long a run goes on until it fails because of it */
	poison(uid: string, takesMs?: number): void;
	heal(): void;
	isPoisoned(uid: string): boolean;
	/** @param isAlive false once the process has died; what it is told then nobody hears */
	run(parts: BatchPart[], setting: RunSetting, epoch: number, isAlive: () => boolean): Promise<RunResult>;
}

const RUN_MS = 100;

const never = new Promise<never>(() => undefined);

/** The workflow and what it writes to. */
export function createDestination(
	time: VirtualTime,
	tenant: Tenant,
	deliveryTimeoutMs: number,
	random: () => number,
	violations: string[],
): Destination {
	const runs: WorldRun[] = [];
	const poisoned = new Map<string, number>();
	let mode: DestinationMode = 'ok';

	const uidsOf = ({ blob, events }: BatchPart, output: RunSetting['output']): string[] =>
		(output === 'reference' ? (tenant.find(blob.contentId)?.events ?? []) : events).map(uidOf);

	function checkLimits(events: number, setting: RunSetting, epoch: number): void {
		if (events > setting.maxEventsPerExecution) violations.push('batch too large');
		const running = runs.filter(
			(run) =>
				run.epoch === epoch &&
				run.endedMs === undefined &&
				time.now() - run.startedMs < deliveryTimeoutMs,
		);
		if (running.length >= setting.parallelExecutions) violations.push('too many runs at once');
	}

	return {
		runs,
		setMode: (next) => void (mode = next),
		poison: (uid, takesMs = RUN_MS) => void poisoned.set(uid, takesMs),
		heal: () => poisoned.clear(),
		isPoisoned: (uid) => poisoned.has(uid),
		async run(parts, setting, epoch, isAlive) {
			checkLimits(parts.reduce((sum, { events }) => sum + events.length, 0), setting, epoch);
			const { output, delivery } = setting;
			const uids = parts.flatMap((part) => uidsOf(part, output));
			const startedMs = time.now();
			const run: WorldRun = {
				...{ output, delivery, uids, startedMs, epoch },
				...{ effective: false, told: false, overdue: false },
			};
			runs.push(run);
			const fails =
				mode === 'down' ||
				(mode === 'flaky' && random() < 0.4) ||
				uids.some((uid) => poisoned.has(uid));
			if (mode === 'hangs') return await never;
			const takesMs = Math.max(RUN_MS, ...uids.map((uid) => poisoned.get(uid) ?? 0));
			await time.after(mode === 'slow' ? random() * 8 * HOUR : takesMs);
			run.endedMs = time.now();
			// If the process died meanwhile, the run got as far as the destination or not.
			run.told = isAlive();
			run.effective = !fails && (run.told || random() < 0.5);
			run.overdue = run.endedMs - startedMs >= deliveryTimeoutMs;
			return fails ? 'failed' : 'delivered';
		},
	};
}

export function uidOf(event: { uid?: unknown }): string {
	return String(event.uid);
}
