import { realClock } from './clock.mts';
import { CONTENT_TYPES } from './contentTypes.mts';
import { NO_FAULTS } from './faults.mts';
import type { Faults } from './faults.mts';
import { SCENARIO_NAMES, SCENARIOS } from './scenarios.mts';
import type { Scenario, ScenarioName } from './scenarios.mts';
import { setFault } from './setFault.mts';
import type { Quota, SimulatorOptions } from './types.mts';

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#api-throttling */
const BASELINE_QUOTA: Quota = { requests: 2000, perMs: 60_000 };

export type ResolvedOptions = Required<
	Omit<SimulatorOptions, OptionalOption | 'scenario' | 'faults'>
> &
	Pick<SimulatorOptions, OptionalOption>;

type OptionalOption =
	| 'events'
	| 'latencyMs'
	| 'newBlobs'
	| 'onRequest'
	| 'tenantId'
	| 'clientId'
	| 'clientSecret';

const DEFAULTS = {
	seed: 1,
	blobs: 25,
	eventsPerBlob: 5,
	days: 7,
	contentTypes: CONTENT_TYPES,
	subscriptions: 'enabled',
	clock: realClock,
	quota: BASELINE_QUOTA,
	tls: false,
	port: 0,
	host: '127.0.0.1',
	auditingOff: false,
	grantedRoles: ['ActivityFeed.Read', 'ActivityFeed.ReadDlp'],
	secretState: 'ok',
	appDisabled: false,
} satisfies Partial<SimulatorOptions>;

/** Defaults, then the scenarios in their order, then what was given. Throws on unknown scenarios and faults. */
export function resolveOptions(given: SimulatorOptions): {
	options: ResolvedOptions;
	faults: Faults;
} {
	const faults: Faults = { ...NO_FAULTS };
	const options: ResolvedOptions = { ...DEFAULTS };
	for (const name of [given.scenario ?? 'quiet'].flat()) {
		const scenario = findScenario(name);
		Object.assign(options, scenario.options);
		Object.assign(faults, scenario.faults);
	}
	for (const [name, value] of Object.entries(given.faults ?? {})) setFault(faults, name, value);
	for (const [name, value] of Object.entries(given)) {
		if (value !== undefined && name !== 'scenario' && name !== 'faults') {
			Object.assign(options, { [name]: value });
		}
	}
	return { options, faults };
}

function findScenario(name: ScenarioName): Scenario {
	if (!Object.hasOwn(SCENARIOS, name)) {
		throw new Error(`No scenario "${String(name)}". There are: ${SCENARIO_NAMES.join(', ')}`);
	}
	return SCENARIOS[name];
}
