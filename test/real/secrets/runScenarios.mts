import { FETCH_NODE, fetchWorkflow } from '../../../scripts/fetchWorkflow.mts';
import { runWorkflow } from '../../../scripts/n8n/executions.mts';
import { importWorkflow } from '../../../scripts/n8n/workflows.mts';
import { parametersOf } from './scenarios.mts';
import type { Scenario } from './scenarios.mts';
import type { Stage } from './stage.mts';

/** Most of them wait for something most of the time. */
const AT_ONCE = 10;

/** What a person would see of it: the items, or the error; nothing if what was arranged did not happen. */
async function play(stage: Stage, scenario: Scenario): Promise<string> {
	const changes = scenario.wrongSecret ? { clientSecret: stage.makeSecret('nobody') } : {};
	const { simulator, credential } = await stage.openTenant(scenario.name, scenario.tenant, changes);
	const hits = scenario.arrange?.(simulator);
	const { session } = stage.n8n;
	const workflow = fetchWorkflow(credential, parametersOf(scenario));
	const stored = await importWorkflow(session, { ...workflow, name: scenario.name });
	const { error, items } = await runWorkflow(session, stored, 'Start');
	const { foreignRequestsWithToken } = simulator.ledger;
	if (foreignRequestsWithToken > 0)
		return `a token reached a foreign host ${foreignRequestsWithToken} times`;
	if (typeof hits === 'function' && !(hits() > 0)) return '';
	return error
		? `error: ${error.message} ${error.description ?? ''}`
		: JSON.stringify(items[FETCH_NODE]);
}

/** Starts all, some at a time; by name, what each has shown. */
export function playAll(stage: Stage, scenarios: Scenario[]): Map<string, Promise<string>> {
	const outcomes = new Map<string, Promise<string>>();
	const line = Array.from({ length: AT_ONCE }, () => Promise.resolve('' as unknown));
	for (const [index, scenario] of scenarios.entries()) {
		const outcome = Promise.resolve(line[index % AT_ONCE]).then(
			async () => await play(stage, scenario),
		);
		// Whoever asks for it gets the rejection; until then it is nobody's.
		line[index % AT_ONCE] = outcome.catch(() => undefined);
		outcomes.set(scenario.name, outcome);
	}
	return outcomes;
}
