/**
 * A test runner for Stryker: the unit tests in one process, by jest's own parts (jest-circus, expect), without jest
 * around them. Stryker's jest runner starts jest anew for every mutant and lets it load every test file that could
 * reach the changed file; here a mutant costs only the tests that run through its line, until the first one fails.
 */
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import type { InstrumenterContext, MutantCoverage } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { determineHitLimitReached, DryRunStatus, TestStatus, toMutantRunResult } from '@stryker-mutator/api/test-runner';
import type {
	DryRunResult,
	MutantRunOptions,
	MutantRunResult,
	TestResult,
	TestRunner,
} from '@stryker-mutator/api/test-runner';
import { readdirSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

import { TestFile } from './testFile.mts';

/** What the instrumented code reads and writes while it runs. */
const context: InstrumenterContext = {};
Object.assign(globalThis, { [INSTRUMENTER_CONSTANTS.NAMESPACE]: context });

/** A rule of a layer has to be guarded by that layer's own tests. */
const FOLDERS = ['test/feed', 'test/transport'];
/**
 * A change has to cost tenths of a second, so virtual hours and the bound of the checkpoint stay out. A
 * rule that only they guard would take minutes to be found broken.
 */
const SLOW = /(quotaUse|bound)\.test/;

function testFiles(): string[] {
	return FOLDERS.flatMap((folder) =>
		readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
	)
		.filter((path) => path.endsWith('.test.mts') && !SLOW.test(path))
		.sort();
}

/** `feed` for `nodes/feed/time.ts` and for `test/feed/time.test.mts`. */
const layerOf = (path: string) => relative('.', path).split(sep)[1];

const stem = (path: string) => basename(path).split('.')[0];

class UnitTestRunner implements TestRunner {
	private files: TestFile[] = [];

	capabilities() {
		return { reloadEnvironment: true };
	}

	async init(): Promise<void> {
		this.files = testFiles().map((path) => new TestFile(path, context));
	}

	async dryRun(): Promise<DryRunResult> {
		const mutantCoverage: MutantCoverage = { static: {}, perTest: {} };
		context.mutantCoverage = mutantCoverage;
		const tests: TestResult[] = [];
		for (const file of this.files) tests.push(...(await file.run()));
		context.mutantCoverage = undefined;
		return { status: DryRunStatus.Complete, tests, mutantCoverage };
	}

	async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
		const { activeMutant, testFilter, hitLimit, sandboxFileName } = options;
		const wanted = testFilter && new Set(testFilter);
		const files = this.filesFor(sandboxFileName, testFilter);
		Object.assign(context, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
		const tests: TestResult[] = [];
		for (const file of files) {
			tests.push(...(await file.run({ wanted, bail: true })));
			const limit = determineHitLimitReached(context.hitCount, hitLimit);
			if (limit) return toMutantRunResult(limit);
			if (tests.some(({ status }) => status === TestStatus.Failed)) break;
		}
		return toMutantRunResult({ status: DryRunStatus.Complete, tests });
	}

	/**
	 * The files that hold a wanted test or, if the change takes effect while a source is loaded, those of its layer that
	 * load it. The one that is named after the source comes first, because it should notice; then the quick ones.
	 */
	private filesFor(source: string, wanted?: readonly string[]): TestFile[] {
		context.activeMutant = undefined;
		const rank = (file: TestFile) => (stem(file.path) === stem(source) ? -1 : file.durationMs);
		return this.files
			.filter((file) =>
				wanted ? wanted.some((id) => file.holds(id)) : layerOf(file.path) === layerOf(source) && file.loads(source),
			)
			.sort((a, b) => rank(a) - rank(b));
	}
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'unit-tests', UnitTestRunner)];
