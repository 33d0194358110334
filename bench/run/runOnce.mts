import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadOf } from '../load/types.mts';
import type { Load } from '../load/types.mts';
import { startTenant } from '../tenant/start.mts';
import type { RunningTenant } from '../tenant/start.mts';
import type { TenantReport, TenantSetup } from '../tenant/types.mts';
import { forkModule, ProcessEnded } from './forkModule.mts';
import { judge } from './judge.mts';
import type { RunAnswer, RunOrder, RunSettings } from './types.mts';

/** One run: a contestant, a tenant, and under what conditions. */
export interface RunSpec {
	/** A name, or the URL of a module whose default export is a contestant. */
	contestant: string;
	load: Load;
	settings?: RunSettings;
	tls?: boolean;
	latencyMs?: TenantSetup['latencyMs'];
	/** In 60 seconds of the tenant's clock. */
	quotaPerMinute?: number;
	/** How much faster than real time the tenant and our node live. */
	timeScale?: number;
	/** Heap limit of the contestant's process. */
	heapMb?: number;
	/** False for runs that begin cold. */
	warmUp?: boolean;
	/** A failure is a result of this benchmark, not of its harness. */
	mayFail?: boolean;
}

export type RunOutcome =
	| { ok: true; answer: RunAnswer; report: TenantReport }
	| { ok: false; failure: string; report: TenantReport; answer?: RunAnswer };

const CONTESTANT = new URL('./contestantProcess.mts', import.meta.url);
const WARM_UP: Load = loadOf(40, 20);

/**
 * Starts a tenant and a contestant, each in a process of its own, and checks what was delivered.
 *
 * @throws NotDelivered if it is not exactly what was served; Error if the run failed and must not
 */
export async function runOnce(spec: RunSpec, templatesFile: string): Promise<RunOutcome> {
	const { contestant, load, settings = {}, tls = false, timeScale = 1, mayFail = false } = spec;
	const epochMs = Date.now();
	const common = { templatesFile, tls, timeScale, epochMs };
	const setup: TenantSetup = {
		...common,
		load,
		latencyMs: spec.latencyMs ?? { mean: 0, jitter: 0 },
		quotaPerMinute: spec.quotaPerMinute ?? null,
		seed: 1,
	};
	const warm: TenantSetup = {
		...setup,
		load: WARM_UP,
		latencyMs: { mean: 0, jitter: 0 },
		quotaPerMinute: null,
		seed: 2,
		// Its certificate authority would have the same name as the other one's, and be taken for it.
		tls: false,
	};
	const folder = await mkdtemp(join(tmpdir(), 'bench-run-'));
	const tenants: RunningTenant[] = [];
	try {
		const tenant = await startTenant(setup);
		tenants.push(tenant);
		const warmUp = spec.warmUp === false ? undefined : await startTenant(warm);
		if (warmUp) tenants.push(warmUp);
		const order: RunOrder = {
			...common,
			contestant,
			load,
			settings,
			tenant: tenant.connection,
			...(warmUp && { warmUp: { tenant: warmUp.connection, load: WARM_UP } }),
		};
		const answer = await runContestant(order, spec, folder);
		const report = await tenant.report();
		if (typeof answer === 'string') {
			if (!mayFail) throw new Error(`${contestant}: ${answer}`);
			return { ok: false, failure: answer, report };
		}
		if (answer.failure !== undefined) {
			if (!mayFail) throw new Error(`${contestant}: ${answer.failure}`);
			return { ok: false, failure: answer.failure, report, answer };
		}
		judge(contestant, answer, report, load);
		return { ok: true, answer, report };
	} finally {
		await Promise.all(tenants.map(async (tenant) => await tenant.end()));
		await rm(folder, { recursive: true, force: true });
	}
}

/** The answer, or how the process died. */
async function runContestant(
	order: RunOrder,
	{ heapMb }: RunSpec,
	folder: string,
): Promise<RunAnswer | string> {
	const { certificateAuthority } = order.tenant;
	const caFile = join(folder, 'ca.pem');
	if (certificateAuthority) await writeFile(caFile, certificateAuthority);
	const process = forkModule<RunAnswer>(CONTESTANT, {
		execArgv: ['--expose-gc', ...(heapMb ? [`--max-old-space-size=${heapMb}`] : [])],
		env: { TMPDIR: folder, ...(certificateAuthority && { NODE_EXTRA_CA_CERTS: caFile }) },
	});
	try {
		return await process.ask(order);
	} catch (error) {
		if (error instanceof ProcessEnded) return describeEnd(error.message);
		throw error;
	} finally {
		await process.end();
	}
}

function describeEnd(text: string): string {
	return /heap out of memory|heap limit/i.test(text) ? 'out of memory' : text;
}
