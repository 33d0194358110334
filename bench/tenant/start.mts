import { forkModule } from '../run/forkModule.mts';
import type { TenantConnection, TenantMessage, TenantReport, TenantSetup } from './types.mts';

/** A simulated tenant in a process of its own. */
export interface RunningTenant {
	connection: TenantConnection;
	/** What it has seen so far. */
	report(): Promise<TenantReport>;
	end(): Promise<void>;
}

const PROCESS = new URL('./process.mts', import.meta.url);

export async function startTenant(setup: TenantSetup): Promise<RunningTenant> {
	const process = forkModule<TenantMessage>(PROCESS);
	const first = await process.ask(setup);
	if (!('connection' in first)) throw new Error('The tenant did not say where it is');
	return {
		connection: first.connection,
		async report() {
			const answer = await process.ask({});
			if (!('report' in answer)) throw new Error('The tenant gave no report');
			return answer.report;
		},
		end: async () => await process.end(),
	};
}

/** A tenant in real time without latency or quota. */
export function plainTenant(load: TenantSetup['load'], templatesFile: string): TenantSetup {
	return {
		load,
		templatesFile,
		tls: false,
		latencyMs: { mean: 0, jitter: 0 },
		quotaPerMinute: null,
		timeScale: 1,
		epochMs: Date.now(),
		seed: 1,
	};
}
