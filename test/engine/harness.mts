/**
 * n8n's real engine (n8n-core) around our compiled package: what a node does here, it does in n8n.
 *
 * Everything n8n's server adds is kept in memory: credentials, static data, logs. The parts are in `support/`.
 */
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

import type {
	ICredentialDataDecryptedObject,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IRun,
	NodeExecutionHint,
} from 'n8n-workflow';

import {
	ACTION_NAME,
	actionWorkflow,
	DOWNSTREAM_NAME,
	type ActionParams,
} from './support/actionWorkflow.mts';
import { loadCore, removeHome } from './support/core.mts';
import { createCredentialStore } from './support/credentialStore.mts';
import { testCredential, type CredentialTestResult } from './support/credentialTest.mts';
import {
	startFastClock,
	type FastClock,
	type FastClockOptions,
	type MutableRuntime,
} from './support/fastClock.mts';
import { findLeaks } from './support/leaks.mts';
import { captureLogs, type LogEntry } from './support/logCapture.mts';
import { createNetwork, type Network } from './support/network.mts';
import { createNodeTypes } from './support/nodeTypes.mts';
import { createPoll, type Poll, type PollParams } from './support/poll.mts';
import {
	runWorkflow,
	type RunOptions,
	type WorkflowJson,
	type WorkflowResult,
} from './support/runWorkflow.mts';

export type {
	ActionParams,
	CredentialTestResult,
	FastClock,
	LogEntry,
	Poll,
	PollParams,
	WorkflowJson,
};
export type { Emission } from './support/poll.mts';
export { HTTP_REQUEST_TYPE, INPUT_TYPE, NO_OP_TYPE } from './support/nodeTypes.mts';

export interface EngineOptions {
	/** A package as n8n would find it installed; ours (built) unless told. */
	packageDir?: string;
	/** `default` keeps binary data in the items, `filesystem` in files. */
	binaryDataMode?: 'default' | 'filesystem';
	/** More node types, by the full name workflows use. */
	nodeTypes?: Record<string, INodeType>;
}

export interface ActionResult {
	/** What the action node handed on. */
	items: INodeExecutionData[];
	errorItems: INodeExecutionData[];
	/** What the downstream node handed on, if there was one. */
	downstreamItems: INodeExecutionData[];
	error?: Error;
	hints: NodeExecutionHint[];
	run: IRun;
	logs: LogEntry[];
}

export interface Engine {
	/** Name of the package's credential type. */
	credentialType: string;
	/** Full name of the action node and of the trigger node. */
	actionType: string;
	triggerType: string;
	/** What the editor is told about a node type. */
	describe(nodeType: string): INodeTypeDescription;
	/** Stores a credential, hidden fields included, and returns its id; with an id, replaces that one (an edit). */
	setCredential(data: ICredentialDataDecryptedObject, id?: string): string;
	/** What is stored now: the token too. */
	readCredential(id: string): ICredentialDataDecryptedObject;
	/** How often n8n has read and decrypted credentials so far. */
	credentialReadings(): number;
	/** From now on no reading of a credential ends, as with a database that does not answer; or they do again. */
	hangCredentials(hangs: boolean): void;
	/** Presses the credential's test. */
	testCredential(id: string): Promise<CredentialTestResult>;
	/** Runs the package's action node behind a node that supplies the input items. */
	runAction(params: ActionParams): Promise<ActionResult>;
	runWorkflow(workflow: WorkflowJson, options?: RunOptions): Promise<WorkflowResult>;
	createPoll(params: PollParams): Poll;
	/** The bytes of an item's file, wherever the binary data mode put them. */
	readBinary(item: INodeExecutionData, property?: string): Promise<Buffer>;
	/** Puts the product on virtual time, until the engine is closed or `restore` is called. */
	fastClock(options?: FastClockOptions): FastClock;
	/** The client's side of the wire, on this clock; close it before the engine. */
	network(clock: FastClock): Promise<Network>;
	/** A module of the package as the nodes see it, by its path in the package. */
	load<T>(path: string): T;
	/** All lines logged since the engine was created. */
	logs: LogEntry[];
	/** Where a secret of a stored credential, or any token, occurs in these values or in the logs. */
	findLeaks(values: Record<string, unknown>): string[];
	close(): Promise<void>;
}

/** The built checkout, unless the environment names another copy, such as an unpacked tarball. */
const OUR_PACKAGE = process.env.PACKAGE_UNDER_TEST ?? resolve(import.meta.dirname, '../..');

let openEngines = 0;

export async function createEngine({
	packageDir = OUR_PACKAGE,
	binaryDataMode = 'default',
	nodeTypes: extraTypes = {},
}: EngineOptions = {}): Promise<Engine> {
	const engineCore = loadCore();
	const { entries: logs, stop: stopLogs } = captureLogs(engineCore);
	const loader = new engineCore.core.PackageDirectoryLoader(packageDir);
	await loader.loadAll();
	const credentials = createCredentialStore(engineCore, loader.credentialTypes);
	const nodeTypes = createNodeTypes(engineCore, loader.packageName, loader.nodeTypes, extraTypes);
	const binaryData = await startBinaryData(binaryDataMode);
	const credentialType = Object.keys(loader.credentialTypes)[0] ?? '';
	const actionType = nodeNamed(({ description }) => !description.polling);
	const triggerType = nodeNamed(({ description }) => description.polling === true);
	const credentialIds = new Set<string>();
	const clocks: FastClock[] = [];
	openEngines += 1;

	function nodeNamed(fits: (type: INodeType) => boolean): string {
		const found = Object.entries(loader.nodeTypes).find(([, { type }]) => fits(type as INodeType));
		return found ? `${loader.packageName}.${found[0]}` : '';
	}

	async function startBinaryData(mode: 'default' | 'filesystem') {
		engineCore.binaryConfig.mode = mode;
		const service = engineCore.container.get(engineCore.core.BinaryDataService);
		await service.init();
		return service;
	}

	function load<T>(path: string): T {
		return engineCore.load(join(packageDir, path)) as T;
	}

	const parts = { nodeTypes, credentials, logs };

	async function runAction({
		downstream,
		input,
		mode,
		cancelAfter,
		...params
	}: ActionParams): Promise<ActionResult> {
		const json = actionWorkflow(params, actionType, credentialType, downstream);
		const result = await runWorkflow(engineCore, parts, json, { input, mode, cancelAfter });
		const { items, errorItems, error, hints } = result.of(ACTION_NAME);
		return {
			items,
			errorItems,
			downstreamItems: result.of(DOWNSTREAM_NAME).items,
			error: error ?? result.error,
			hints,
			run: result.run,
			logs: result.logs,
		};
	}

	return {
		credentialType,
		actionType,
		triggerType,
		describe: (nodeType) => nodeTypes.getByNameAndVersion(nodeType).description,
		setCredential(data, id) {
			const storedId = credentials.set(credentialType, data, id);
			credentialIds.add(storedId);
			return storedId;
		},
		readCredential: (id) => credentials.read(id),
		credentialReadings: () => credentials.readings(),
		hangCredentials: (hangs) => credentials.hang(hangs),
		testCredential: async (id) => await testCredential(engineCore, parts, credentialType, id),
		runAction,
		runWorkflow: async (json, options) => await runWorkflow(engineCore, parts, json, options),
		createPoll: (params) =>
			createPoll(engineCore, { ...parts, triggerType, credentialType }, params),
		async readBinary(item, property = 'data') {
			const binary = item.binary?.[property];
			if (!binary) throw new Error(`The item has no binary property ${property}`);
			return await binaryData.getAsBuffer(binary);
		},
		fastClock(options) {
			const { runtime } = load<{ runtime: MutableRuntime }>('dist/nodes/transport/runtime.js');
			const clock = startFastClock(runtime, options);
			clocks.push(clock);
			return clock;
		},
		network: async (clock) => await createNetwork(engineCore.axios, clock),
		load,
		logs,
		findLeaks(values) {
			const secrets = [...credentialIds].flatMap((id) => {
				const { clientSecret, accessToken } = credentials.read(id);
				return [clientSecret, accessToken].map((secret) => String(secret ?? ''));
			});
			return findLeaks({ ...values, logs }, secrets);
		},
		async close() {
			for (const clock of clocks) clock.restore();
			stopLogs();
			openEngines -= 1;
			if (openEngines === 0) removeHome();
			rmSync(engineCore.binaryConfig.localStoragePath, { recursive: true, force: true });
		},
	};
}
