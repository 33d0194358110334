/** Milliseconds of processor time this process has used: unlike the clock's, they do not grow on a busy machine. */
export function cpuTimeMs(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1_000;
}
