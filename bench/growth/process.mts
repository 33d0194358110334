/** One measured run of the node or the trigger against a tenant in memory. */
import { readFileSync } from 'node:fs';

import { createEngine } from '../../test/engine/harness.mts';
import type { Engine } from '../../test/engine/harness.mts';
import { credentialFor } from '../../scripts/simulatedTenant.mts';
import { NODE_EVENTS, NODE_FILE } from '../contestants/node.mts';
import type { ContestantStage } from '../contestants/types.mts';
import { createDeliveryChecker } from '../load/checkDelivery.mts';
import { loadOf } from '../load/types.mts';
import type { Load } from '../load/types.mts';
import { NO_LIMIT } from '../noLimit.mts';
import { checkDelivered } from '../run/checkDelivered.mts';
import { measure } from '../run/measure.mts';
import { createMemoryTenant } from './memoryTenant.mts';
import type { MemoryTenant } from './memoryTenant.mts';
import { runTrigger } from './runTrigger.mts';
import type { GrowthAnswer, GrowthOrder } from './types.mts';

interface WithHelpers {
	helpers: Record<string, unknown>;
}
type NodeFunction = (this: WithHelpers) => Promise<unknown>;

const CLASSES = {
	execute: 'Office365Management',
	poll: 'Office365ManagementTrigger',
} as const;

/** Lets our nodes ask the tenant of `current` instead of the network. */
function replaceRequests(engine: Engine, current: () => MemoryTenant): void {
	for (const [method, name] of Object.entries(CLASSES)) {
		const loaded = engine.load<Record<string, { prototype: Record<string, NodeFunction> }>>(
			`dist/nodes/${name}/${name}.node.js`,
		);
		const prototype = loaded[name]?.prototype;
		const original = prototype?.[method];
		if (!prototype || !original) throw new Error(`${name} has no ${method}`);
		prototype[method] = async function () {
			this.helpers['httpRequestWithAuthentication'] = current().request;
			return await original.call(this);
		};
	}
}

const IDENTITY = {
	tenantId: '22222222-2222-4222-a222-222222222222',
	clientId: '33333333-3333-4333-a333-333333333333',
	clientSecret: 'not a secret',
};
const URL = 'http://127.0.0.1:9';

async function run({ subject, load, templatesFile }: GrowthOrder): Promise<GrowthAnswer> {
	const templates = JSON.parse(readFileSync(templatesFile, 'utf8')) as string[];
	const engine = await createEngine({ binaryDataMode: 'filesystem' });
	let tenant: MemoryTenant;
	replaceRequests(engine, () => tenant);
	const credentialId = engine.setCredential(
		credentialFor({ tenant: IDENTITY, url: URL }) as never,
	);
	const stageOf = (of: Load): ContestantStage => ({
		engine,
		credentialId,
		load: of,
		tenant: { url: URL, ...IDENTITY },
		settings: { maxRequestsPerMinute: NO_LIMIT },
	});

	async function once(of: Load): Promise<GrowthAnswer> {
		tenant = createMemoryTenant(of, templates);
		if (subject === 'trigger') {
			const checker = createDeliveryChecker(of, templates);
			const { result, measured } = await measure(
				async () => await runTrigger(engine, credentialId, of, checker),
			);
			const { servedPerBlob } = tenant;
			return { measured, ...checker.result(), servedPerBlob, checkpointBytes: result };
		}
		const contestant = subject === 'node-file' ? NODE_FILE : NODE_EVENTS;
		const { result, measured } = await measure(async () => await contestant.run(stageOf(of)));
		const check = await checkDelivered(of, templates, result);
		return { measured, ...check, servedPerBlob: tenant.servedPerBlob, checkpointBytes: 0 };
	}

	try {
		await once(loadOf(100, load.eventsPerBlob));
		return await once(load);
	} finally {
		await engine.close();
	}
}

process.once('message', (order: GrowthOrder) => {
	run(order).then(
		(answer) => process.send?.(answer),
		(error: unknown) => {
			console.error(error);
			process.exit(1);
		},
	);
});
process.once('disconnect', () => process.exit(0));
