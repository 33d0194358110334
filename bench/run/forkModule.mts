import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ForkOptions {
	/** Node's own options, such as a heap limit. */
	execArgv?: string[];
	env?: NodeJS.ProcessEnv;
}

/** How a process ended that was to answer. */
export class ProcessEnded extends Error {}

export interface Forked<Answer> {
	/** The next message. @throws ProcessEnded with the end of what it wrote, if the process ends instead */
	ask(message: object): Promise<Answer>;
	/** Ends it and waits until it is gone. */
	end(): Promise<void>;
}

const KEPT_OUTPUT = 4_000;

/** Starts a module of this folder tree in a process of its own and talks to it. */
export function forkModule<Answer>(url: URL, { execArgv = [], env = {} }: ForkOptions = {}): Forked<Answer> {
	const child = fork(fileURLToPath(url), {
		execArgv,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		// Typed arrays and long lists arrive as they are.
		serialization: 'advanced',
	});
	let output = '';
	const keep = (chunk: Buffer) => {
		output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
	};
	child.stdout?.on('data', keep);
	child.stderr?.on('data', keep);
	const ended = new Promise<string>((resolve) => {
		child.once('close', (code, signal) => resolve(`ended with ${code ?? signal}`));
	});
	return {
		async ask(message) {
			const answer = new Promise<Answer>((resolve) => child.once('message', resolve as never));
			child.send(message);
			const how = ended.then((end) => {
				throw new ProcessEnded(`${end}\n${output}`);
			});
			return await Promise.race([answer, how]);
		},
		async end() {
			stop(child);
			await ended;
		},
	};
}

function stop(child: ChildProcess): void {
	if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}
