#!/usr/bin/env node
/**
 * Entry point of every npm script: `node scripts/run.cjs <task> [arguments]`.
 *
 * Plain CommonJS that runs on any Node >= 18, because it is what makes a fresh clone work: it installs the
 * development packages when they are missing or out of date, finds a Node 24 (n8n 2.40 needs it; the npm
 * package `node` ships one), and starts the task with that Node.
 */
const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');
/** https://docs.n8n.io: n8n 2.40 refuses to start on anything older. */
const NODE_MAJOR = 24;

const TASKS = require('./tasks.cjs');

function say(text) {
	process.stdout.write(`\n> ${text}\n`);
}

function fail(text) {
	process.stderr.write(`\n${text}\n`);
	process.exit(1);
}

function run(command, args, options = {}) {
	const result = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
	if (result.error) fail(`Could not start ${command}: ${result.error.message}`);
	if (result.signal) process.kill(process.pid, result.signal);
	return result.status ?? 1;
}

/** The npm that belongs to the Node we were started with; `npm_execpath` is its JavaScript file. */
function npm(args) {
	const script = process.env.npm_execpath;
	if (script && /npm-cli\.js$/.test(script)) return run(process.execPath, [script, ...args]);
	return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
		shell: process.platform === 'win32',
	});
}

/** Installs exactly the lock file, once per lock file. Package scripts stay off (see .npmrc). */
function installPackages() {
	const lock = fs.readFileSync(path.join(ROOT, 'package-lock.json'));
	const wanted = createHash('sha256').update(lock).digest('hex');
	const stamp = path.join(MODULES, '.installed-lock');
	if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;
	say('Installing the development packages (about 1.2 GB, one to three minutes, once per version)');
	if (npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
		fail('npm ci did not succeed; its own message is above.');
	}
	fs.writeFileSync(stamp, wanted);
}

/** A Node >= 24: the one we run on, or the one the `node` package brings. */
function findNode() {
	if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
	const bundled = path.join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
	if (!fs.existsSync(bundled)) {
		say(`Fetching Node ${NODE_MAJOR} from the npm registry (this is Node ${process.versions.node})`);
		if (npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']) !== 0) {
			fail(`Could not fetch Node ${NODE_MAJOR}. Install it from https://nodejs.org and try again.`);
		}
	}
	return bundled;
}

/**
 * One step of a task. Signals go on to it and it alone decides when to end, so that nobody gets the prompt back while a
 * child still cleans up.
 */
async function runStep(command, args, env) {
	const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env });
	const forward = (signal) => child.kill(signal);
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
	for (const signal of signals) process.on(signal, forward);
	const [status, signal] = await new Promise((resolve) => {
		child.once('error', (error) => fail(`Could not start ${command}: ${error.message}`));
		child.once('close', (...end) => resolve(end));
	});
	for (const name of signals) process.off(name, forward);
	if (signal) process.kill(process.pid, signal);
	return status ?? 1;
}

async function main() {
	const [name, ...args] = process.argv.slice(2);
	const steps = TASKS[name];
	if (!steps) fail(`Unknown task "${name}". There are: ${Object.keys(TASKS).join(', ')}`);
	installPackages();
	const node = findNode();
	const env = {
		...process.env,
		// The same Node for every child process, whatever is first on the caller's PATH.
		PATH: [path.dirname(node), path.join(MODULES, '.bin'), process.env.PATH].join(path.delimiter),
	};
	for (const [index, step] of steps.entries()) {
		if (step.title) say(step.title);
		const last = index === steps.length - 1;
		const status = await runStep(node, [...step.run, ...(last ? args : [])], env);
		if (status !== 0) process.exit(status);
	}
}

void main();
