import { jestExpect as expect } from '@jest/expect';
import type { Circus } from '@jest/types';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { TestStatus } from '@stryker-mutator/api/test-runner';
import type { TestResult } from '@stryker-mutator/api/test-runner';
import { transformSync } from '@swc/core';
import fc from 'fast-check';
import * as circus from 'jest-circus';
import * as mock from 'jest-mock';
import { readFileSync } from 'node:fs';
import { createRequire, Module } from 'node:module';
import { relative, resolve, sep } from 'node:path';

interface JestConfig {
	transform: Record<string, [transformer: string, options: object]>;
}
/**
 * A change can make a test wait for ever. A test that took so long although it had work to do all the time was held up by
 * other processes, and gets more time.
 */
const [TIMEOUT_MS, PATIENT_TIMEOUT_MS] = [5_000, 60_000];
const TIMEOUT = Symbol.for('TEST_TIMEOUT_SYMBOL');

/** Modules are kept in one cache, whoever asks for them. */
const require = createRequire(import.meta.url);

const jestConfig = require('../../jest.config.cjs') as JestConfig;

const compiled = new Map<string, string>();

/** TypeScript becomes JavaScript as it does for jest. */
function compile(filename: string): string {
	const [, options] = jestConfig.transform['^.+\\.m?tsx?$']!;
	const source = readFileSync(filename, 'utf8');
	return transformSync(source, { ...options, filename, sourceMaps: false }).code;
}

for (const extension of ['.ts', '.mts']) {
	require.extensions[extension] = (module, filename) => {
		const code = compiled.get(filename) ?? compile(filename);
		compiled.set(filename, code);
		(module as NodeModule & { _compile(code: string, name: string): void })._compile(code, filename);
	};
}

const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
const globals = { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect, jest: mock };
Object.assign(globalThis, globals);
// The package of that name works inside of jest only.
const jestGlobals = require.resolve('@jest/globals');
require.cache[jestGlobals] = Object.assign(new Module(jestGlobals), { exports: globals, loaded: true });
// A counterexample is enough; nobody looks for the smallest.
fc.configureGlobal({ endOnFailure: true });

function fullName(test: Circus.TestEntry): string {
	const names = [test.name];
	for (let block = test.parent; block.parent; block = block.parent) names.unshift(block.name);
	return names.join(' ');
}

/** What a run leaves out: tests that are not wanted, and, with `bail`, those after a failed one. */
interface Choice {
	/** Ids. */
	wanted?: ReadonlySet<string>;
	bail?: boolean;
}

/** One file of tests, to be run again and again with another change of the sources each time. */
export class TestFile {
	readonly path: string;
	/** Stryker's changed copy of the repository, which is the current folder once its runner starts. */
	private readonly root = resolve('.') + sep;
	/** Of the last run. */
	durationMs = 0;
	private readonly context: InstrumenterContext;
	private loaded?: ReadonlySet<string>;

	constructor(path: string, context: InstrumenterContext) {
		this.path = resolve(path);
		this.context = context;
	}

	/** True if it loads that file of the repository, directly or not. */
	loads(path: string): boolean {
		if (!this.loaded) this.load();
		return this.loaded!.has(path);
	}

	/** True if the test with that id is in this file. */
	holds(id: string): boolean {
		return id.startsWith(this.idOf(''));
	}

	async run(choice: Choice = {}): Promise<TestResult[]> {
		const { results, wasHeldUp } = await this.runWithin(TIMEOUT_MS, choice);
		return wasHeldUp ? (await this.runWithin(PATIENT_TIMEOUT_MS, choice)).results : results;
	}

	private async runWithin(timeoutMs: number, choice: Choice) {
		try {
			this.load();
		} catch (error) {
			return { results: [this.result('loads', [String(error)], 0)], wasHeldUp: false };
		}
		const follower = this.follow(choice);
		const stray: string[] = [];
		const onStray = (error: unknown) => void stray.push(String(error));
		Object.assign(globalThis, { [TIMEOUT]: timeoutMs });
		circus.addEventHandler(follower.handle);
		process.on('uncaughtException', onStray).on('unhandledRejection', onStray);
		const { testResults, unhandledErrors } = await circus.run();
		process.off('uncaughtException', onStray).off('unhandledRejection', onStray);
		circus.removeEventHandler(follower.handle);
		this.durationMs = testResults.reduce((sum, { duration }) => sum + (duration ?? 0), 0);
		const results = testResults
			.filter(({ status }) => status === 'done')
			.map(({ testPath, errors, duration }) =>
				this.result(testPath.slice(1).join(' '), errors, duration ?? 0),
			);
		const others = [...unhandledErrors, ...stray];
		if (others.length) results.push(this.result('ends', others, 0));
		return { results, wasHeldUp: follower.wasHeldUp() };
	}

	/** Loads the file, and all it uses of the repository, anew. What is in node_modules stays. */
	private load(): void {
		for (const path of Object.keys(require.cache)) {
			if (path.startsWith(this.root)) delete require.cache[path];
		}
		circus.resetState();
		require(this.path);
		this.loaded ??= new Set(Object.keys(require.cache).filter((path) => path.startsWith(this.root)));
	}

	private idOf(name: string): string {
		return `${relative(this.root, this.path)} > ${name}`;
	}

	/** Tells the instrumented code which test is running, and skips what was not chosen. */
	private follow({ wanted, bail }: Choice) {
		let failed = false;
		let heldUp = false;
		let start = performance.eventLoopUtilization();
		const handle: Circus.EventHandler = (event) => {
			if (event.name === 'test_start') {
				const id = this.idOf(fullName(event.test));
				this.context.currentTestId = id;
				start = performance.eventLoopUtilization();
				if (failed || wanted?.has(id) === false) event.test.mode = 'skip';
			} else if (event.name === 'test_done') {
				const { duration, errors } = event.test;
				const { idle } = performance.eventLoopUtilization(start);
				heldUp ||= errors.length > 0 && (duration ?? 0) >= TIMEOUT_MS && idle < TIMEOUT_MS / 2;
				failed ||= Boolean(bail) && errors.length > 0;
				this.context.currentTestId = undefined;
			} else if (event.name === 'test_skip') {
				this.context.currentTestId = undefined;
			}
		};
		return { handle, wasHeldUp: () => heldUp };
	}

	private result(name: string, errors: readonly string[], timeSpentMs: number): TestResult {
		const base = { id: this.idOf(name), name, fileName: this.path, timeSpentMs };
		return errors.length
			? { ...base, status: TestStatus.Failed, failureMessage: errors.join('\n') }
			: { ...base, status: TestStatus.Success };
	}
}
