/**
 * How `npm run test:mutation` works: every small change of feed/ and transport/ has to make a fast unit test fail
 * (see runner.mts).
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COPIED = ['nodes', 'credentials', 'simulator', 'test', 'scripts'];

export default {
	mutate: ['nodes/feed/**/*.ts', 'nodes/transport/**/*.ts'],
	plugins: ['./scripts/mutation/runner.mts'],
	testRunner: 'unit-tests',
	// A loop that never ends and fills the memory should end soon.
	testRunnerNodeArgs: ['--max-old-space-size=700'],
	coverageAnalysis: 'perTest',
	// All tests once: seconds, but minutes where others keep the processors busy.
	dryRunTimeoutMinutes: 30,
	concurrency: 1,
	// Longer than a test may take (testFile.mts): this is for the few changes that keep the processor busy for ever.
	timeoutMS: 30_000,
	incremental: true,
	incrementalFile: '.tmp/mutation/incremental.json',
	// Outside of the checkout, where lint would look into the changed copy.
	tempDirName: join(tmpdir(), `mutation-${process.pid}`),
	cleanTempDir: 'always',
	reporters: ['json', 'progress-append-only'],
	jsonReporter: { fileName: '.tmp/mutation/report.json' },
	ignorePatterns: ['**', ...COPIED.map((folder) => `!${folder}/**`)],
	disableTypeChecks: false,
	allowConsoleColors: false,
};
