/**
 * Loads n8n-core once per test file, in a temporary home. n8n reads its settings from the environment while its modules
 * load, so the environment comes first and everything of n8n's is imported after it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';

import type { AxiosStatic } from 'axios';
import type * as N8nCore from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';

import { cacheFolder } from '../../../scripts/n8n/cacheFolder.mts';

/** What n8n-core keeps in packages of its own; typed as far as the harness uses it. */
interface Winston {
	transports: { Stream: new (options: object) => object };
	format: { json(): object };
}
interface InternalLogger {
	clear(): void;
	add(transport: object): void;
	remove(transport: object): void;
}

export interface Core {
	core: typeof N8nCore;
	workflow: typeof N8nWorkflow;
	container: { get<T>(token: abstract new (...args: never[]) => T): T };
	winston: Winston;
	internalLogger: InternalLogger;
	/** Binary data manager settings; changed by `init` of each engine. */
	binaryConfig: { mode: string; localStoragePath: string };
	/** The HTTP client under n8n's request helpers. */
	axios: AxiosStatic;
	/** `require` that finds the same module instances as n8n-core does. */
	load: NodeJS.Require;
}

/** `N8N_VERSION` names a whole n8n in the cache folder; without it, n8n-core is the one of our development packages. */
const load = createRequire(engineHome());

function engineHome(): string {
	const version = process.env.N8N_VERSION;
	if (!version) return import.meta.url;
	return join(cacheFolder(), `n8n-${version}`, 'node_modules', 'n8n', 'package.json');
}

let loaded: Core | undefined;
let home: string | undefined;

function createHome(): void {
	home = mkdtempSync(join(tmpdir(), 'engine-test-'));
	process.env.N8N_USER_FOLDER = home;
	process.env.N8N_ENCRYPTION_KEY = 'engine-test-encryption-key';
	process.env.N8N_LOG_LEVEL = 'debug';
	process.env.N8N_DIAGNOSTICS_ENABLED = 'false';
	process.env.GENERIC_TIMEZONE = 'UTC';
}

/** Deletes the temporary home; called when the last engine of a test file closes. */
export function removeHome(): void {
	if (home) rmSync(home, { recursive: true, force: true });
}

/** Winston complains on the console while it has no transport at all. */
function ignore(_line: unknown, _encoding: unknown, done: () => void): void {
	done();
}

/** n8n 2 sends requests from a package of its own, n8n 1 from n8n-core. */
function axiosPath(fromCore: NodeJS.Require): string {
	try {
		return createRequire(fromCore.resolve('@n8n/backend-network')).resolve('axios');
	} catch {
		return fromCore.resolve('axios');
	}
}

export function loadCore(): Core {
	if (loaded) return loaded;
	createHome();
	load('reflect-metadata');
	const core = load('n8n-core') as typeof N8nCore;
	const workflow = load('n8n-workflow') as typeof N8nWorkflow;
	const fromCore = createRequire(load.resolve('n8n-core'));
	const { Container } = fromCore('@n8n/di') as { Container: Core['container'] };
	const common = fromCore('@n8n/backend-common') as {
		Logger: new () => { getInternalLogger(): InternalLogger };
	};
	const winston = createRequire(fromCore.resolve('@n8n/backend-common'))('winston') as Winston;
	const internalLogger = Container.get(common.Logger).getInternalLogger();
	// Nothing is printed: test output stays readable, and each engine records the lines itself.
	internalLogger.clear();
	internalLogger.add(new winston.transports.Stream({ stream: new Writable({ write: ignore }) }));
	const binaryConfig = Container.get(core.BinaryDataConfig);
	const axios = load(axiosPath(fromCore)) as AxiosStatic;
	loaded = { core, axios, workflow, container: Container, winston, internalLogger, binaryConfig, load };
	return loaded;
}
