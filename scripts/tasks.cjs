/**
 * What each npm script does, step by step. A step is the argument list of one `node` call; arguments given after
 * `--` go to the last step. `helps`: it can print its help without any installed package.
 */
const BIN = (name) => `node_modules/${name}`;

const clean = { run: ['-e', "fs.rmSync('dist', { recursive: true, force: true })"] };
const build = [
	{ title: 'Building', ...clean },
	{ run: [BIN('typescript/bin/tsc')] },
	{ run: [BIN('gulp/bin/gulp.js'), '--silent'] },
];
const built = { title: 'Building', run: ['scripts/build.mts'] };
const typecheck = [
	{
		title: 'Type check of simulator, tests and scripts',
		run: [BIN('typescript/bin/tsc'), '-p', 'tsconfig.dev.json'],
	},
];
const lint = [
	{ title: 'Lint (n8n-node lint, strict)', run: [BIN('@n8n/node-cli/bin/n8n-node.mjs'), 'lint'] },
];
const prepareN8n = { title: 'A real n8n for the tests', run: ['scripts/n8n/prepare.mts'] };
/** The same step on another version of n8n. */
const onN8n = (version) => (step) => ({ ...step, env: { N8N_VERSION: version } });
const jest = (title, ...args) => ({
	title,
	run: ['--experimental-vm-modules', '--no-warnings', BIN('jest/bin/jest.js'), ...args],
});

/** Those that ask n8n something; the others look at the tarball alone. */
const ON_N8N_1 = ['credential', 'examples', 'package', 'upgrade'].map((name) => `test/real/${name}`);

module.exports = {
	build,
	typecheck: [...build, ...typecheck],
	lint,
	// --ci ends the list of patterns, so that a path given after `--` is not taken for one more.
	'test:unit': [jest('Unit tests', '--testPathIgnorePatterns=test/(real|engine|e2e)/', '--ci')],
	'test:fuzz': [...build, { run: ['scripts/fuzz.mts'] }],
	'test:engine': [built, jest("Tests in n8n's engine", 'test/engine')],
	'test:events': [{ run: ['scripts/testEvents.mts'] }],
	'test:secrets': [built, prepareN8n, jest('Secrets and tokens in a real n8n', 'test/real/secrets')],
	'test:real': [built, prepareN8n, jest('Tests in a real n8n', '--runInBand', 'test/real')],
	// With SCREENSHOTS=1 in the environment it also takes those of docs/images/.
	'test:e2e': [built, prepareN8n, jest('Tests in a browser', '--runInBand', 'test/e2e')],
	// --forceExit: n8n-core 1.x keeps a timer that outlives the tests.
	'test:n8n1': [
		built,
		...[
			prepareN8n,
			jest("Tests in n8n 1's engine", '--forceExit', 'test/engine', 'test/trigger/[a-z]*.test', '--ci'),
			jest('Tests in a real n8n 1', '--runInBand', ...ON_N8N_1, '--ci'),
		].map(onN8n('1.123.81')),
	],
	'test:crash': [{ run: ['scripts/crash/index.mts'] }],
	'test:backlog': [{ run: ['scripts/backlog/index.mts'] }],
	'test:faults': [...build, { title: 'Faults', run: ['--no-warnings', 'scripts/faults/index.mts'] }],
	'test:breaks': [...build, { title: 'Breaking one rule at a time', run: ['scripts/breaks/index.mts'] }],
	'test:queue': [{ run: ['scripts/queue/index.mts'] }],
	'test:mutation': [{ run: ['scripts/mutation/index.mts'] }],
	'test:coverage': [...build, jest('Tests, counting the lines they reach', '--config', 'jest.coverage.cjs')],
	soak: [{ run: ['scripts/soak/index.mts'] }],
	test: [built, ...typecheck, ...lint, prepareN8n, jest('Tests', '--testPathIgnorePatterns=test/(e2e|real/secrets)/', '--ci')],
	simulator: [{ run: ['simulator/cli.mts'], helps: true }],
	bench: [{ run: ['bench/index.mts'] }],
	demo: [{ run: ['scripts/demo.mts'], helps: true }],
	release: [{ run: [BIN('@n8n/node-cli/bin/n8n-node.mjs'), 'release'] }],
};
