#!/usr/bin/env node
/**
 * Entry point of every npm script: `node scripts/run.cjs <task> [arguments]`.
 *
 * Plain CommonJS that runs on any Node >= 18, because it is what makes a fresh clone work: it installs the
 * development packages when they are missing or out of date, finds a Node 24 (n8n 2.40 needs it; the npm
 * package `node` ships one), and starts the task with that Node.
 */
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');
/** https://docs.n8n.io: n8n 2.40 refuses to start on anything older. */
const NODE_MAJOR = 24;
const HEARTBEAT_MS = 8_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const TASKS = require('./tasks.cjs');

function say(text) {
	process.stdout.write(`\n> ${text}\n`);
}

function fail(text) {
	process.stderr.write(`\n${text}\n`);
	process.exit(1);
}

/**
 * Runs a command to its end and returns its exit code. Signals go on to the child and it alone decides when to end, so
 * that nobody gets the prompt back while something still cleans up.
 */
async function run(command, args, options = {}) {
	const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
	const forward = (signal) => child.kill(signal);
	for (const signal of SIGNALS) process.on(signal, forward);
	const [status, signal] = await new Promise((resolve) => {
		child.once('error', (error) => fail(`Could not start ${command}: ${error.message}`));
		child.once('close', (...end) => resolve(end));
	});
	for (const name of SIGNALS) process.off(name, forward);
	if (signal) process.kill(process.pid, signal);
	return status ?? 1;
}

/** The npm that belongs to the Node we were started with; `npm_execpath` is its JavaScript file. */
async function npm(args) {
	const started = Date.now();
	const heartbeat = setInterval(() => {
		process.stdout.write(`  npm is at work: ${Math.round((Date.now() - started) / 1000)} s\n`);
	}, HEARTBEAT_MS);
	const quiet = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
	const script = process.env.npm_execpath;
	const windows = process.platform === 'win32';
	try {
		if (script && /npm-cli\.js$/.test(script))
			return await run(process.execPath, [script, ...quiet]);
		return await run(windows ? 'npm.cmd' : 'npm', quiet, { shell: windows });
	} finally {
		clearInterval(heartbeat);
	}
}

/**
 * Installs what the lock file says, once per lock file, and leaves that file as it is. Package scripts stay off
 * (see .npmrc). A fresh clone gets `npm ci`, which refuses a lock file that does not fit package.json. It would throw
 * away a folder that is there, under whatever runs from it; so that is brought up to date instead.
 */
async function installPackages() {
	const lock = fs.readFileSync(path.join(ROOT, 'package-lock.json'));
	const wanted = createHash('sha256').update(lock).digest('hex');
	const stamp = path.join(MODULES, '.installed-lock');
	if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
	say('Installing the development packages (about 1.2 GB, one to three minutes, once per version)');
	const command = fs.existsSync(MODULES) ? ['install', '--no-save'] : ['ci'];
	if ((await npm([...command, '--ignore-scripts'])) !== 0) {
		fail('npm could not install the development packages; its own message is above.');
	}
	fs.writeFileSync(stamp, wanted);
}

/** A Node >= 24: the one we run on, or the one the `node` package brings. */
async function findNode() {
	if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
	const bundled = path.join(
		MODULES,
		'node',
		'bin',
		process.platform === 'win32' ? 'node.exe' : 'node',
	);
	if (!fs.existsSync(bundled)) {
		say(
			`Fetching Node ${NODE_MAJOR} from the npm registry (this is Node ${process.versions.node})`,
		);
		if ((await npm(['rebuild', 'node', '--ignore-scripts=false'])) !== 0) {
			fail(`Could not fetch Node ${NODE_MAJOR}. Install it from https://nodejs.org and try again.`);
		}
	}
	return bundled;
}

/** Whether help is all that is wanted, and this Node can print it as it is: it has to run TypeScript (22.18 or newer). */
function onlyHelps([step], args) {
	const wanted = args.includes('--help') || args.includes('-h');
	return wanted && step.helps && Boolean(process.features.typescript);
}

async function main() {
	const [name, ...args] = process.argv.slice(2);
	const steps = TASKS[name];
	if (!steps) fail(`Unknown task "${name}". There are: ${Object.keys(TASKS).join(', ')}`);
	if (onlyHelps(steps, args)) process.exit(await run(process.execPath, [...steps[0].run, ...args]));
	await installPackages();
	const node = await findNode();
	const env = {
		...process.env,
		// The same Node for every child process, whatever is first on the caller's PATH.
		PATH: [path.dirname(node), path.join(MODULES, '.bin'), process.env.PATH].join(path.delimiter),
	};
	for (const [index, step] of steps.entries()) {
		if (step.title) say(step.title);
		const last = index === steps.length - 1;
		const status = await run(node, [...step.run, ...(last ? args : [])], {
			env: { ...env, ...step.env },
		});
		if (status !== 0) process.exit(status);
	}
}

void main();
