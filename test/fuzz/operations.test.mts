import type { IDataObject } from 'n8n-workflow';
import fc from 'fast-check';

import { isRecord, parseJson } from '../../nodes/feed/parseBlob';
import { startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { createEngine, type ActionResult, type Engine } from '../engine/harness.mts';
import { ALL_TYPES } from '../engine/support/stage.mts';
import { fuzz } from './support/campaign.mts';
import { faultOf } from './support/clear.mts';
import { text as anyText } from './support/hostile.mts';
import { startHostileProxy, tampering, type HostileProxy } from './support/hostileProxy.mts';

/** Each operation asks some dozen times; what goes on for longer does not end. */
const MAX_REQUESTS = 400;

let engine: Engine;
let sim: Simulator;
let proxy: HostileProxy;
let credential: Record<string, string>;
let rejected: unknown[] = [];
const onRejected = (reason: unknown) => void rejected.push(reason);

beforeAll(async () => {
	engine = await createEngine();
	const clock = engine.fastClock();
	sim = await startSimulator({ clock, blobs: 14, days: 1, eventsPerBlob: 3, faults: { pageSize: 2 } });
	proxy = await startHostileProxy(sim.url);
	credential = { ...sim.tenant, cloud: 'custom', apiUrl: proxy.url, loginUrl: proxy.url };
	process.on('unhandledRejection', onRejected);
});
afterAll(async () => {
	process.off('unhandledRejection', onRejected);
	await engine.close();
	await sim.close();
	await proxy.close();
});

/** A token that a user writes into a parameter is not ours to hide. */
const text = anyText.filter((value) => !value.includes('eyJ'));

const range = { timeRange: 'last', lastAmount: 1, lastUnit: 'days' };
const contentTypes = fc.constantFrom<string[]>([...ALL_TYPES], ['Audit.Exchange'], ['Audit.General', 'DLP.All']);

/** Every operation of the node. */
const operation: fc.Arbitrary<IDataObject> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			resource: fc.constant('event'),
			operation: fc.constant('getAll'),
			contentTypes,
			...Object.fromEntries(Object.entries(range).map(([name, value]) => [name, fc.constant(value)])),
			returnAll: fc.boolean(),
			limit: fc.constantFrom(1, 5, 50),
			output: fc.constantFrom('events', 'events', 'content', 'file'),
			simplify: fc.boolean(),
			filters: fc.record({ operations: text, users: text }, { requiredKeys: [] }),
			options: fc.record(
				{
					normalize: fc.boolean(),
					compress: fc.boolean(),
					deduplicate: fc.boolean(),
					startMissingSubscriptions: fc.boolean(),
					unreadableContent: fc.constantFrom('report', 'fail', 'ignore'),
				},
				{ requiredKeys: [] },
			),
		}) as fc.Arbitrary<IDataObject>,
	},
	fc.constant({ resource: 'content', operation: 'getAll', contentTypes: [...ALL_TYPES], returnAll: true, ...range }),
	fc.boolean().map((simplify) => ({ resource: 'content', operation: 'get', contentId: sim.feed.blobs[0]!.contentId, simplify })),
	text.map((contentUri) => ({ resource: 'content', operation: 'get', contentUri })),
	fc.constantFrom('getAll', 'start', 'stop').map((name) => ({ resource: 'subscription', operation: name, contentType: 'Audit.General', returnAll: true })),
	fc.constant({ resource: 'notification', operation: 'getAll', contentTypes: ['Audit.Exchange'], returnAll: true, ...range }),
	text.map((language) => ({ resource: 'sensitiveType', operation: 'getAll', returnAll: true, options: { language } })),
	fc.constant({ resource: 'setup', operation: 'check', contentTypes: [...ALL_TYPES] }),
	fc.tuple(text, text).map(([resource, name]) => ({ resource, operation: name })),
);

const plan = fc.array(fc.option(tampering, { freq: 2, nil: undefined }), { minLength: 1, maxLength: 14 });

function expectClear(error: Error): void {
	expect(error.name).toMatch(/^Node(Api|Operation)Error$/);
	expect(faultOf(error.message)).toBeUndefined();
	const { description } = error as { description?: unknown };
	if (description !== undefined && description !== null) expect(faultOf(description)).toBeUndefined();
}

/** The records that were served, as text. */
function servedRecords(): Set<string> {
	const bodies = proxy.served.map(({ body }) => parseJson(body.toString('utf8')));
	return new Set(bodies.flatMap((body) => (Array.isArray(body) ? body : [body])).filter(isRecord).map(textOf));
}

function textOf(value: unknown): string {
	try {
		return JSON.stringify(value);
	} catch {
		return 'too deep';
	}
}

/** Untouched events are Microsoft's records with one key more. */
function expectServed({ items }: ActionResult): void {
	const served = servedRecords();
	for (const { json } of items) {
		const { _content, ...event } = json;
		if (_content !== undefined) expect(served).toContain(textOf(event));
	}
}

describe('an operation, whatever the server answers,', () => {
	fuzz('ends with what was served or one clear error, and sends the token nowhere else', 90, () => fc.tuple(operation, plan, fc.boolean()), async ([parameters, tampered, continueOnFail]) => {
		proxy.served.length = 0;
		proxy.plan.splice(0, Infinity, ...tampered);
		rejected = [];
		const logStart = engine.logs.length;
		const credentialId = engine.setCredential(credential);
		const result = await engine.runAction({ parameters, credentialId, continueOnFail });
		if (result.error) expectClear(result.error);
		for (const { json } of result.items) if (typeof json.error === 'string') expect(faultOf(json.error)).toBeUndefined();
		for (const { message } of result.hints) expect(faultOf(message)).toBeUndefined();
		expect(proxy.served.length).toBeLessThan(MAX_REQUESTS);
		expect(proxy.lured).toEqual([]);
		expect(rejected).toEqual([]);
		expect(engine.findLeaks({ error: result.error, hints: result.hints })).toEqual([]);
		const { simplify, options } = parameters as { simplify?: boolean; options?: { normalize?: boolean } };
		if (simplify === false && !options?.normalize) expectServed(result);
		engine.logs.splice(logStart);
	});
});
