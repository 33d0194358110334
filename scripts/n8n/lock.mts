import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const TOUCH_MS = 5_000;
/** A holder that has not touched its lock for so long is dead, whatever process now has its number. */
const STALE_MS = 60_000;

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

async function removeIfStale(file: string): Promise<void> {
	const [owner, info] = await Promise.all([readFile(file, 'utf8'), stat(file)]).catch(() => [
		null,
		null,
	]);
	if (owner === null || info === null) return;
	if (isAlive(Number(owner)) && Date.now() - info.mtimeMs < STALE_MS) return;
	// Renaming first lets only one of several waiting processes take the stale lock away.
	const grave = `${file}.${process.pid}`;
	await rename(file, grave).catch(() => undefined);
	await rm(grave, { force: true });
}

/**
 * Runs work while holding a lock file, so that two processes never do the same installation at once.
 *
 * @param onWait called once, if another process holds the lock
 */
export async function withLock<T>(
	file: string,
	work: () => Promise<T>,
	onWait: () => void,
): Promise<T> {
	for (let waiting = false; ; ) {
		const taken = await writeFile(file, String(process.pid), { flag: 'wx' }).then(
			() => true,
			(error: NodeJS.ErrnoException) => {
				if (error.code !== 'EEXIST') throw error;
				return false;
			},
		);
		if (taken) break;
		await removeIfStale(file);
		if (!waiting) onWait();
		waiting = true;
		await sleep(500);
	}
	const touch = setInterval(
		() => void utimes(file, new Date(), new Date()).catch(() => {}),
		TOUCH_MS,
	);
	try {
		return await work();
	} finally {
		clearInterval(touch);
		await rm(file, { force: true });
	}
}
