import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { startSimulator } from '../../../simulator/index.mts';
import type { Simulator, SimulatorOptions } from '../../../simulator/types.mts';
import {
	createEngine,
	type ActionParams,
	type ActionResult,
	type Engine,
	type EngineOptions,
	type FastClock,
	type Poll,
	type PollParams,
} from '../harness.mts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const ALL_TYPES = [
	'Audit.AzureActiveDirectory',
	'Audit.Exchange',
	'Audit.SharePoint',
	'Audit.General',
	'DLP.All',
] as const;

/** n8n's engine with our package, a simulated tenant, and both on the same virtual time. */
export interface Stage {
	engine: Engine;
	sim: Simulator;
	clock: FastClock;
	credentialId: string;
	/** The fields of the credential, as a user fills them in. */
	credential: ICredentialDataDecryptedObject;
	run(parameters: IDataObject, more?: RunMore): Promise<ActionResult>;
	/** Audit Event > Get Many: all content types, the last seven days, everything, as Microsoft sent it. */
	getEvents(parameters?: IDataObject, more?: RunMore): Promise<ActionResult>;
	/** The trigger node, switched on: all content types, as Microsoft sent it. */
	createPoll(parameters?: IDataObject, more?: Omit<PollParams, 'parameters'>): Poll;
	close(): Promise<void>;
}

type RunMore = Omit<ActionParams, 'parameters'>;

export interface StageOptions extends Omit<SimulatorOptions, 'clock'> {
	credential?: ICredentialDataDecryptedObject;
	engine?: EngineOptions;
	/** Real milliseconds until a body that does not go on is given up; the product's own limit is a real minute. */
	stallMs?: number;
}

export async function createStage({
	credential: fields,
	engine: engineOptions,
	stallMs = 500,
	...options
}: StageOptions = {}): Promise<Stage> {
	const engine = await createEngine(engineOptions);
	const clock = engine.fastClock();
	const { DEFAULT_LIMITS } = engine.load<{ DEFAULT_LIMITS: { stallMs: number } }>(
		'dist/nodes/transport/body.js',
	);
	DEFAULT_LIMITS.stallMs = stallMs;
	const sim = await startSimulator({ ...options, clock });
	const credential: ICredentialDataDecryptedObject = {
		...sim.tenant,
		cloud: 'custom',
		apiUrl: sim.url,
		loginUrl: sim.url,
		...fields,
	};
	const credentialId = engine.setCredential(credential);

	const run: Stage['run'] = async (parameters, more) =>
		await engine.runAction({ parameters, credentialId, ...more });

	return {
		engine,
		sim,
		clock,
		credentialId,
		credential,
		run,
		getEvents: async (parameters, more) =>
			await run(
				{
					resource: 'event',
					operation: 'getAll',
					contentTypes: [...ALL_TYPES],
					timeRange: 'last',
					lastAmount: 7,
					lastUnit: 'days',
					returnAll: true,
					simplify: false,
					...parameters,
				},
				more,
			),
		createPoll: (parameters, more) =>
			engine.createPoll({
				parameters: { contentTypes: [...ALL_TYPES], ...parameters },
				credentialId,
				...more,
			}),
		async close() {
			await engine.close();
			await sim.close();
		},
	};
}

/** A tenant without content, for tests that place every blob themselves. */
export async function createEmptyStage(options: StageOptions = {}): Promise<Stage> {
	return await createStage({ blobs: 0, ...options });
}

/** The data of the items, without what n8n adds. */
export function jsonOf({ items }: Pick<ActionResult, 'items'>): IDataObject[] {
	return items.map(({ json }) => json);
}

/** Events among the items: everything but the reports of blobs that could not be read. */
export function eventsOf(result: Pick<ActionResult, 'items'>): IDataObject[] {
	return jsonOf(result).filter((json) => !isReport(json));
}

/** The items `{ error, contentId, contentType }`; without `contentId` it is the content type that could not be listed. */
export function reportsOf(result: Pick<ActionResult, 'items'>): IDataObject[] {
	return jsonOf(result).filter(isReport);
}

function isReport(json: IDataObject): boolean {
	return json.error !== undefined && (json.contentId ?? json.contentType) !== undefined;
}

/** Requests the tenant saw on paths that contain the text, oldest first. */
export function requestsTo(sim: Simulator, part: string) {
	return sim.requestLog.filter(({ path }) => path.includes(part));
}
