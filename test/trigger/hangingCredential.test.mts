import { jest } from '@jest/globals';

import { MINUTE } from '../engine/support/stage.mts';
import { idsOf, stageForEachTest } from './stage.mts';

interface Alarm {
	ms: number;
	ring: () => void;
}

describe('a credential that n8n does not get to read', () => {
	const given = stageForEachTest();
	let alarms: Alarm[];

	beforeEach(() => {
		alarms = [];
		const module = given.stage.engine.load<{ setAlarm: (ms: number, ring: () => void) => () => void }>(
			'dist/nodes/transport/alarm.js',
		);
		jest.spyOn(module, 'setAlarm').mockImplementation((ms, ring) => {
			const alarm = { ms, ring };
			alarms.push(alarm);
			return () => void (alarms = alarms.filter((each) => each !== alarm));
		});
	});
	afterEach(() => jest.restoreAllMocks());

	/** Time passes until the first of them rings. */
	async function ringFirst(work: Promise<unknown>): Promise<number> {
		await new Promise((resolve) => setImmediate(resolve));
		const first = alarms.reduce((a, b) => (b.ms < a.ms ? b : a));
		first.ring();
		await work;
		return first.ms;
	}

	it('ends the poll, is told once, and the next polls go on by themselves', async () => {
		const trigger = given.stage.createTrigger();
		await trigger.activate();
		given.stage.clock.advance(5 * MINUTE);
		given.publish('a');
		given.stage.engine.hangCredentials(true);
		expect([await ringFirst(trigger.tick()), await ringFirst(trigger.tick())]).toEqual([30_000, 30_000]);
		expect(trigger.errors.map(({ message }) => message)).toEqual([
			'n8n did not read the credential within the time there was',
		]);
		given.stage.engine.hangCredentials(false);
		await trigger.tick();
		expect(idsOf(trigger)).toEqual(['a']);
	});

	it('does not keep n8n waiting at an activation, nor refuse it: it may pass by itself', async () => {
		const trigger = given.stage.createTrigger();
		given.stage.engine.hangCredentials(true);
		const activation = trigger.activate();
		expect(await ringFirst(activation)).toBeLessThanOrEqual(4_000);
		await expect(activation).resolves.toBeUndefined();
		expect(trigger.staticData()).toHaveProperty('checkpoint');
	});

	it('is told as what it is while somebody waits for test events', async () => {
		given.stage.engine.hangCredentials(true);
		const fetching = given.stage.createTrigger().fetchTestEvent().catch((error: Error) => error);
		await ringFirst(fetching);
		expect(await fetching).toMatchObject({ message: 'n8n did not read the credential within the time there was' });
	});
});
