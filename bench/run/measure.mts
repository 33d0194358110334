import type { Measured } from './types.mts';

/** Everything that is not garbage. Needs `--expose-gc`. */
function heldBytes(): number {
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

/** Does the work, and says what it took. The result is held until memory has been looked at. */
export async function measure<T>(work: () => Promise<T>): Promise<{ result: T; measured: Measured }> {
	const heldBefore = heldBytes();
	const rssBefore = process.memoryUsage.rss();
	const cpu = process.cpuUsage();
	const startMs = performance.now();
	const result = await work();
	const wallMs = performance.now() - startMs;
	const { user, system } = process.cpuUsage(cpu);
	const rssPeak = process.resourceUsage().maxRSS * 1024;
	const measured = {
		wallMs,
		cpuMs: (user + system) / 1000,
		rssBefore,
		rssPeak,
		heldBytes: heldBytes() - heldBefore,
	};
	return { result, measured };
}
