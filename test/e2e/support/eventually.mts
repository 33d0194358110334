import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 30_000;
const RETRY_MS = 100;

/**
 * Tries an assertion again until it holds, or it is too late. The editor draws in several steps: what can be waited for by
 * itself is there before all of its neighbours are.
 *
 * @throws what the assertion threw at last
 */
export async function eventually(assertion: () => Promise<void>): Promise<void> {
	const deadline = Date.now() + TIMEOUT_MS;
	for (;;) {
		try {
			await assertion();
			return;
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await sleep(RETRY_MS);
		}
	}
}
