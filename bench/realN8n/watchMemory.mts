import { readFileSync } from 'node:fs';

const INTERVAL_MS = 25;

/** Of another process. Linux only. */
export function residentBytes(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
}

/** Looks at another process's resident memory while work goes on. Linux only. */
export async function watchMemory<T>(
	pid: number,
	work: () => Promise<T>,
): Promise<{ result: T; before: number; peak: number }> {
	const before = residentBytes(pid);
	let peak = before;
	const timer = setInterval(() => {
		peak = Math.max(peak, residentBytes(pid));
	}, INTERVAL_MS);
	try {
		return { result: await work(), before, peak: Math.max(peak, residentBytes(pid)) };
	} finally {
		clearInterval(timer);
	}
}
