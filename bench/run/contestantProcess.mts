/** One measured run of one contestant in a process of its own. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { createEngine } from '../../test/engine/harness.mts';
import type { Engine } from '../../test/engine/harness.mts';
import { findContestant } from '../contestants/index.mts';
import type { Contestant, ContestantStage, Delivered } from '../contestants/types.mts';
import { credentialFor } from '../../scripts/simulatedTenant.mts';
import { scaledClock } from '../tenant/scaledClock.mts';
import { checkDelivered } from './checkDelivered.mts';
import { measure } from './measure.mts';
import type { RunAnswer, RunOrder } from './types.mts';

interface ProductRuntime {
	now(): number;
	sleep(ms: number): Promise<void>;
}

/** The product lives on the tenant's clock. */
function scaleTime(engine: Engine, { timeScale, epochMs }: RunOrder): void {
	if (timeScale === 1) return;
	const { runtime } = engine.load<{ runtime: ProductRuntime }>('dist/nodes/transport/runtime.js');
	runtime.now = scaledClock(timeScale, epochMs).now;
	runtime.sleep = async (ms) => await sleep(ms / timeScale);
}

function stageFor(
	engine: Engine,
	order: Pick<RunOrder, 'tenant' | 'load' | 'settings'>,
): ContestantStage {
	const { tenant, load, settings } = order;
	const { certificateAuthority: _ca, url, ...identity } = tenant;
	const credential = credentialFor({ tenant: identity, url });
	return { engine, tenant, load, settings, credentialId: engine.setCredential(credential as never) };
}

/** The run, with the failure of the contestant as a value. */
async function tryRun(contestant: Contestant, stage: ContestantStage): Promise<Delivered | Error> {
	try {
		return await contestant.run(stage);
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

/** What n8n would show; a failed HTTP Request may have an object for its message. */
function describe(error: Error & { httpCode?: unknown; description?: unknown }): string {
	const texts = [error.httpCode && `HTTP ${String(error.httpCode)}`, error.message, error.description];
	const shown = texts.filter((text) => typeof text === 'string' && text !== '[object Object]');
	return shown.join(': ') || error.name;
}

async function run(order: RunOrder): Promise<RunAnswer> {
	const contestant = await findContestant(order.contestant);
	const engine = await createEngine({
		binaryDataMode: 'filesystem',
		nodeTypes: contestant.nodeTypes?.(),
	});
	scaleTime(engine, order);
	try {
		if (order.warmUp) await contestant.run(stageFor(engine, { ...order.warmUp, settings: {} }));
		const stage = stageFor(engine, order);
		const { result, measured } = await measure(async () => await tryRun(contestant, stage));
		if (result instanceof Error) {
			const failure = describe(result);
			return { measured, perBlob: [], events: 0, problems: [], failure };
		}
		const templates = JSON.parse(readFileSync(order.templatesFile, 'utf8')) as string[];
		return { measured, ...(await checkDelivered(order.load, templates, result)) };
	} finally {
		await engine.close();
	}
}

process.once('message', (order: RunOrder) => {
	run(order).then(
		(answer) => process.send?.(answer),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
});
process.once('disconnect', () => process.exit(0));
