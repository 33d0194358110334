import { spawn } from 'node:child_process';

export interface CommandOptions {
	cwd: string;
	/** Default: {@link plainEnvironment}. */
	env?: NodeJS.ProcessEnv;
}

const KEPT_OUTPUT = 20_000;

/**
 * The environment without what `npm run` puts into it: the settings of the calling project (`ignore-scripts`…)
 * must not reach another folder's npm, nor a test runner's options another Node. With NODE_ENV=test n8n writes no log, and
 * n8n's lint rules take every file for a node.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
	const dropped =
		/^(npm_(?!execpath$|config_(cache|registry|userconfig|nodedir)$)|NODE_(OPTIONS|ENV)$|JEST_)/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !dropped.test(name)));
}

/**
 * Runs a command to its end and returns what it wrote.
 *
 * @throws Error with the command line and the end of its output, if it does not exit with 0
 */
export async function runCommand(
	command: string,
	args: string[],
	{ cwd, env = plainEnvironment() }: CommandOptions,
): Promise<string> {
	const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	const keep = (chunk: Buffer) => {
		output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	// Whoever ends this process ends its commands with it; npm does not heed a polite signal while it unpacks.
	const endToo = () => void child.kill('SIGKILL');
	process.once('exit', endToo);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	}).finally(() => process.off('exit', endToo));
	if (code === 0) return output;
	throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${output.slice(-3_000)}`);
}

/** Runs npm: the one that started us, or the first on the PATH. */
export async function runNpm(args: string[], options: CommandOptions): Promise<string> {
	const env = { ...plainEnvironment(), npm_config_update_notifier: 'false', ...options.env };
	const script = process.env['npm_execpath'];
	if (script && /npm-cli\.js$/.test(script)) {
		return await runCommand(process.execPath, [script, ...args], { ...options, env });
	}
	return await runCommand('npm', args, { ...options, env });
}
