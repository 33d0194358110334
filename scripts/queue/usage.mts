import { readFile } from 'node:fs/promises';

/** What a process has used of the machine. */
export interface Usage {
	/** Processor time so far, in milliseconds. */
	cpuMs: number;
	/** Resident memory in MB, now. */
	memoryMb: number;
}

/** The kernel counts in hundredths of a second for everybody, whatever its own clock. */
const TICK_MS = 10;
/** Fields of /proc/<pid>/stat after the name, which may hold spaces: user time and system time. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const [USER, SYSTEM] = [11, 12];

/** Linux only. */
export async function usageOf(pid: number): Promise<Usage> {
	const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	const kib = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]);
	return {
		cpuMs: (Number(fields[USER]) + Number(fields[SYSTEM])) * TICK_MS,
		memoryMb: Math.round(kib / 1024),
	};
}
