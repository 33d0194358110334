/** Prints one line for a person to read. */
export type Say = (line: string) => void;

const HEARTBEAT_MS = 8_000;

/** `75` s -> `1 min 15 s`; below ten seconds with one decimal. */
export function readableTime(ms: number): string {
	const seconds = ms / 1000;
	if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
	const whole = Math.round(seconds);
	return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/**
 * Waits for long work and says every few seconds that it still goes on, so that nobody takes a download for a hang.
 *
 * @param detail one more thing to say in each line, such as how much has arrived
 */
export async function withProgress<T>(
	say: Say,
	title: string,
	work: () => Promise<T>,
	detail: () => Promise<string> = async () => '',
): Promise<T> {
	const started = Date.now();
	const heartbeat = setInterval(() => {
		void detail().then((text) => {
			say(`  ${title}: ${readableTime(Date.now() - started)}${text && `, ${text}`}`);
		});
	}, HEARTBEAT_MS);
	try {
		return await work();
	} finally {
		clearInterval(heartbeat);
	}
}
