/** Undoes what was set up, last first. */
export interface Cleanup {
	add(step: () => Promise<void>): void;
	run(): Promise<void>;
	/** Waits for Ctrl-C, which then ends this wait and not the process. */
	untilInterrupted(): Promise<void>;
}

/** 128 + the signal's number, as shells report it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Collects clean-up steps and also runs them when the process is told to end, so that nothing is left running
 * whether work succeeds, fails or is interrupted.
 */
export function cleanUpOnExit(): Cleanup {
	const steps: Array<() => Promise<void>> = [];
	let running: Promise<void> | undefined;
	const runAll = async () => {
		for (let step = steps.pop(); step; step = steps.pop()) {
			await step().catch((error: unknown) => console.error(error));
		}
	};
	const run = async () => await (running ??= runAll());
	let onInterrupt: (() => void) | undefined;
	for (const [signal, code] of Object.entries(SIGNALS)) {
		process.on(signal, () => {
			if (onInterrupt) onInterrupt();
			else void run().finally(() => process.exit(code));
		});
	}
	const untilInterrupted = async () => {
		await new Promise<void>((resolve) => (onInterrupt = resolve));
		onInterrupt = undefined;
	};
	return { add: (step) => void steps.push(step), run, untilInterrupted };
}
