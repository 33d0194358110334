import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { eventKey } from '../../../simulator/ledger.mts';
import { MINUTE, type StageOptions } from '../../../test/engine/support/stage.mts';
import type { ActionResult } from '../../../test/engine/harness.mts';
import { nothingTold } from '../outcome.mts';
import type { Due, MomentName, Outcome, Scene, Subject } from '../types.mts';

export interface ActionSpec {
	name: string;
	moments: readonly MomentName[];
	options?: StageOptions;
	parameters(scene: Scene): IDataObject;
	due(scene: Scene): Due[];
	/** The keys of what the items hold. */
	arrived(items: INodeExecutionData[], scene: Scene): Promise<string[]> | string[];
	/** What else the result says; items with `error` are read for all. */
	read?(result: ActionResult, outcome: Outcome): void;
}

/** Runs after the fault: one would do, but starts of subscriptions are throttled for a quarter of an hour. */
const PATIENCE = 3;
const PAUSE_MS = 16 * MINUTE;

const isReport = ({ json }: INodeExecutionData) =>
	json.error !== undefined && (json.contentId ?? json.contentType) !== undefined;

/** Each run stands for itself: only messages add up. */
async function runOnce(spec: ActionSpec, scene: Scene, outcome: Outcome): Promise<void> {
	const result = await scene.stage.run(spec.parameters(scene));
	outcome.told = nothingTold();
	outcome.raw.push(result.run);
	const { items, error, hints } = result;
	outcome.arrived = await spec.arrived(
		items.filter((item) => !isReport(item)),
		scene,
	);
	for (const { json } of items.filter(isReport)) readReport(json, outcome);
	for (const { message } of hints) readHint(message, outcome);
	if (error) {
		const { message, description } = error as Error & { description?: string };
		outcome.messages.push({ kind: 'error', text: message, ...(description ? { advice: description } : {}) });
		outcome.told.everything = true;
	}
	spec.read?.(result, outcome);
}

function readReport({ error, contentId, contentType }: IDataObject, { messages, told }: Outcome): void {
	messages.push({ kind: 'item', text: String(error) });
	if (contentId !== undefined) told.contentIds.add(String(contentId));
	else told.contentTypes.add(String(contentType));
}

/** Some gaps are told by a hint alone: entries that cannot be asked for, a range that is too old. */
function readHint(text: string, { messages, told }: Outcome): void {
	messages.push({ kind: 'hint', text });
	const type = /^((?:Audit|DLP)\.\w+): /.exec(text)?.[1];
	if (type) told.contentTypes.add(type);
}

export function actionSubject(spec: ActionSpec): Subject {
	return {
		name: spec.name,
		kind: 'action',
		moments: spec.moments,
		...(spec.options ? { options: spec.options } : {}),
		due: spec.due,
		async start(scene) {
			return {
				during: async (outcome) => await runOnce(spec, scene, outcome),
				async again(outcome) {
					scene.stage.clock.advance(PAUSE_MS);
					await runOnce(spec, scene, outcome);
				},
				patience: PATIENCE,
			};
		},
	};
}

export const keysOfEvents = (events: readonly unknown[]): string[] => events.map(eventKey);
