import type { IDataObject } from 'n8n-workflow';

import { startSimulator } from '../../../simulator/index.mts';
import { createEngine, type Emission, type Poll } from '../../engine/harness.mts';

/** What a release left in n8n's database in the middle of its work, and what it had done until then. */
export interface RecordedState {
	staticData: IDataObject;
	/** Ids whose delivery is stored: they must not come again. */
	stored: string[];
	/** Ids whose runs did not succeed: they must come again. */
	failed: string[];
}

export const START_MS = Date.parse('2026-11-02T08:00:00Z');
const MINUTE = 60_000;

/** Each blob is a list of Ids; its number is the minutes after the start at which it is created. */
const BEFORE: ReadonlyArray<[minute: number, ids: string[]]> = [
	[1, ['a1', 'a2']],
	[2, ['b1', 'a2']],
	// Delivered in part: each run takes two events.
	[3, ['c1', 'c2', 'failing-c3', 'c4', 'c5']],
	[4, ['failing-d1']],
	[6, ['e1', 'e2']],
	[8, ['f1']],
];
export const AFTER: ReadonlyArray<[minute: number, ids: string[]]> = [
	[12, ['g1', 'a1']],
	[13, ['h1', 'h2', 'h3']],
];
export const UPGRADE_MINUTE = 10;

let workflows = 0;

export const idsOf = ({ items }: Pick<Emission, 'items'>) => items.map(({ json }) => String(json.Id));

export interface Scene {
	/** The trigger with this in n8n's database. */
	createTrigger(staticData?: IDataObject): Poll;
	/** Goes on to that minute, adds the blobs on the way, and polls every minute. */
	play(trigger: Poll, untilMinute: number, blobs?: typeof BEFORE): Promise<void>;
	/** What goes wrong: runs with an Id that begins with `failing`. */
	failing: boolean;
	close(): Promise<void>;
}

/** The same tenant at the same time in every release. */
export async function openScene(startMinute = 0): Promise<Scene> {
	const engine = await createEngine();
	const clock = engine.fastClock({ startMs: START_MS + startMinute * MINUTE });
	const sim = await startSimulator({ blobs: 0, clock, subscriptions: 'enabled' });
	const credentialId = engine.setCredential({
		...sim.tenant,
		cloud: 'custom',
		apiUrl: sim.url,
		loginUrl: sim.url,
	});
	const addBlob = ([minute, ids]: (typeof BEFORE)[number]) =>
		sim.feed.addBlob({
			contentType: 'Audit.General',
			createdMs: START_MS + minute * MINUTE,
			events: ids.map((Id) => ({ Id })),
		});
	// A tenant that is joined later has been there before.
	for (const blob of BEFORE.filter(([minute]) => minute < startMinute)) addBlob(blob);
	const scene: Scene = {
		failing: true,
		createTrigger: (staticData) =>
			engine.createPoll({
				parameters: {
					contentTypes: ['Audit.General'],
					options: { maxEventsPerExecution: 2 },
				},
				credentialId,
				// What an earlier one left in memory is gone.
				workflowId: `upgraded-${(workflows += 1)}`,
				staticData,
				activation: staticData ? 'init' : 'activate',
				onEmit: (emission) => {
					const fails = scene.failing && idsOf(emission).some((id) => id.startsWith('failing'));
					emission.finish(fails ? 'error' : 'success');
				},
			}),
		async play(trigger, untilMinute, blobs = BEFORE) {
			const minuteNow = () => Math.round((clock.now() - START_MS) / MINUTE);
			while (minuteNow() < untilMinute) {
				const due = blobs.filter(([minute]) => minute === minuteNow());
				due.forEach(addBlob);
				clock.advance(MINUTE);
				await trigger.tick();
			}
		},
		async close() {
			await engine.close();
			await sim.close();
		},
	};
	return scene;
}
