import type { IDataObject } from 'n8n-workflow';
import fc from 'fast-check';

import { decodeCheckpoint } from '../../nodes/feed/checkpoint/decodeCheckpoint';
import { bytesOf } from '../../nodes/feed/checkpoint/storedCheckpoint';
import { isRecord, parseJson } from '../../nodes/feed/parseBlob';
import { startSimulator } from '../../simulator/index.mts';
import type { Simulator } from '../../simulator/types.mts';
import { createEngine, type Emission, type Engine, type FastClock } from '../engine/harness.mts';
import { HOUR, MINUTE } from '../engine/support/stage.mts';
import { fuzz } from './support/campaign.mts';
import { faultOf } from './support/clear.mts';
import { startHostileProxy, tampering, type HostileProxy } from './support/hostileProxy.mts';

const MAX_STATIC_DATA = 256 * 1024;

let engine: Engine;
let sim: Simulator;
let proxy: HostileProxy;
let clock: FastClock;
let workflows = 0;
/** Answers that reached the trigger otherwise than they were sent. */
let spoiltAnswers = 0;

beforeAll(async () => {
	engine = await createEngine();
	clock = engine.fastClock();
	sim = await startSimulator({ clock, blobs: 0, quota: null });
	proxy = await startHostileProxy(sim.url);
});
afterAll(async () => {
	await engine.close();
	await sim.close();
	await proxy.close();
});

const plans = fc.array(fc.array(fc.option(tampering, { freq: 3, nil: undefined }), { maxLength: 8 }), { minLength: 1, maxLength: 4 });
const parameters = fc.record({
	output: fc.constantFrom('events', 'events', 'content', 'reference'),
	delivery: fc.constantFrom('atLeastOnce', 'atLeastOnce', 'atMostOnce'),
	options: fc.record({ maxEventsPerExecution: fc.constantFrom(1, 2, 1_000), parallelExecutions: fc.constantFrom(1, 3) }),
});
/** Which of the first runs do not succeed. */
const failures = fc.array(fc.boolean(), { maxLength: 3 });

/** Which blob a request was for. */
const contentIdIn = (path: string) => /\/audit\/([^?]+)/.exec(path)?.[1];

const textOf = (value: unknown) => {
	try {
		return JSON.stringify(value);
	} catch {
		return 'too deep';
	}
};

function servedRecords(): Set<string> {
	const bodies = proxy.served.map(({ body }) => parseJson(body.toString('utf8')));
	return new Set(bodies.flatMap((body) => (Array.isArray(body) ? body : [body])).filter(isRecord).map(textOf));
}

/** The events of an item, whatever Output is. */
function eventsOf(json: IDataObject): unknown[] {
	if (Array.isArray(json.events)) return json.events;
	const { _content, ...event } = json;
	return _content === undefined ? [] : [event];
}

describe('the trigger, whatever the server answers for a while,', () => {
	fuzz('delivers all that it was honestly served, once, and nothing else', 40, () => fc.tuple(plans, parameters, failures), async ([hostile, given, fails]) => {
		proxy.served.length = 0;
		const credentialId = engine.setCredential({ ...sim.tenant, cloud: 'custom', apiUrl: proxy.url, loginUrl: proxy.url });
		const logStart = engine.logs.length;
		const delivered: Emission[] = [];
		let runs = 0;
		const trigger = engine.createPoll({
			parameters: { contentTypes: ['Audit.Exchange', 'Audit.General'], ...given },
			credentialId,
			workflowId: `fuzzed-${(workflows += 1)}`,
			activation: 'init',
			onEmit(run) {
				const succeeds = run.items.length === 0 || fails[runs++] !== true;
				if (succeeds || given.delivery === 'atMostOnce') delivered.push(run);
				run.finish(succeeds ? 'success' : 'error');
			},
		});
		await trigger.activate();
		const added: Array<{ contentId: string; Id: string }> = [];
		async function pollAfter(ms: number): Promise<void> {
			clock.advance(ms);
			await trigger.tick();
		}
		for (const plan of hostile) {
			for (const contentType of ['Audit.Exchange', 'Audit.General'] as const) {
				const Id = `event-${workflows}-${added.length}`;
				const blob = sim.feed.addBlob({ contentType, createdMs: clock.now() + MINUTE, events: [{ Id, Operation: 'x' }] });
				added.push({ contentId: blob.contentId, Id });
			}
			clock.advance(2 * MINUTE);
			proxy.plan.splice(0, Infinity, ...plan);
			await pollAfter(3 * MINUTE);
		}
		proxy.plan.length = 0;
		// Waits are at most six hours (for a blob), and most are much shorter. Less than a day: the daily listing would hide a loss.
		for (const ms of [20 * MINUTE, 40 * MINUTE, HOUR, HOUR, 2 * HOUR, 7 * HOUR, HOUR, HOUR, HOUR]) await pollAfter(ms);

		const items = delivered.flatMap((emission) => emission.items.map(({ json }) => json));
		spoiltAnswers += proxy.served.filter(({ tampered }) => tampered).length;
		const spoilt = new Set(proxy.served.filter(({ tampered }) => tampered).map(({ path }) => contentIdIn(path)));
		const arrived = items.flatMap((json) => (given.output === 'reference' ? [json.contentId] : eventsOf(json).map((event) => (event as IDataObject).Id)));
		for (const { contentId, Id } of added) {
			const wanted = given.output === 'reference' ? contentId : Id;
			if (!spoilt.has(contentId)) expect(arrived.filter((each) => each === wanted)).toEqual([wanted]);
		}
		if (given.output !== 'reference') {
			const served = servedRecords();
			for (const event of items.flatMap(eventsOf)) expect(served).toContain(textOf(event));
		}
		for (const error of trigger.errors) {
			expect(error.constructor.name).toMatch(/^Node(Api|Operation)Error$/);
			expect(faultOf(error.message)).toBeUndefined();
		}
		const { checkpoint } = trigger.stored()['node:Trigger'] as IDataObject;
		expect(decodeCheckpoint(checkpoint)).not.toHaveProperty('problem');
		expect(bytesOf(trigger.stored())).toBeLessThan(MAX_STATIC_DATA);
		expect(proxy.lured).toEqual([]);
		expect(engine.findLeaks({ errors: trigger.errors, stored: trigger.stored() })).toEqual([]);
		engine.logs.splice(logStart);
	});

	it('has met many spoilt answers', () => {
		expect(spoiltAnswers).toBeGreaterThan(2 * workflows);
	});
});
