import { FeedFailure } from './failure';

/** How a piece of work ended, as a value: a failure is one of the things that are expected here. */
export type Attempt<T> = { ok: true; value: T } | { ok: false; failure: FeedFailure };

/** Runs `work` and returns how it ended. @throws anything that is no FeedFailure: a fault of the program, not of the feed */
export async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
	return await work().then(
		(value) => ({ ok: true, value }),
		(error: unknown) => {
			if (error instanceof FeedFailure) return { ok: false, failure: error };
			throw error;
		},
	);
}
