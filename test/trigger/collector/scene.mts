import type { ContentType } from '../../../nodes/feed/types';
import { DAY, MINUTE } from './units.mts';
import { createWorld, type World, type WorldSettings } from './world.mts';

export const TYPE: ContentType = 'Audit.Exchange';

/** One content type, polls of five minutes, nothing that fails. */
export function worldOf(settings: Partial<WorldSettings> = {}): World {
	return createWorld({
		...{ types: [TYPE], skewMs: 0, startBackMs: 0, pollBudgetMs: 5 * MINUTE, random: () => 0.5 },
		options: {},
		...settings,
	});
}

interface Publication {
	/** Default: now. */
	createdMs?: number;
	lifeMs?: number;
	broken?: boolean;
	/** Microsoft's contentCreated cannot be read. */
	undated?: true;
}

/** Publishes `blob-<number>` with the events `<number>.0`, `<number>.1`, …, visible from now on. */
export function publish(
	{ publish: add, time }: World,
	number: number,
	size = 1,
	{ createdMs = time.now(), lifeMs = 7 * DAY, broken = false, undated }: Publication = {},
): void {
	const expiresMs = createdMs + lifeMs;
	add({
		blob: {
			...{ contentType: TYPE, contentId: `blob-${number}`, createdMs, expiresMs },
			contentCreated: new Date(createdMs).toISOString(),
			contentExpiration: new Date(expiresMs).toISOString(),
		},
		events: Array.from({ length: size }, (_, index) => ({ Id: `${number}.${index}`, uid: `${number}.${index}` })),
		visibleMs: time.now(),
		broken,
		...(undated ? { undated } : {}),
	});
}

export async function polls({ poll, advance }: World, times: number, everyMs: number): Promise<void> {
	for (let count = 0; count < times; count++) {
		await poll();
		await advance(everyMs);
	}
}

/** What the destination has, in the order of its arrival. */
export function arrived({ runs }: World): string[] {
	return runs.filter(({ effective }) => effective).flatMap(({ uids }) => uids);
}

/** Numbers as by chance, the same every time. */
export function chance(seed: number): () => number {
	let state = seed;
	return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}
