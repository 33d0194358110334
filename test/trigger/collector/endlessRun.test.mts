import { polls, publish, worldOf } from './scene.mts';
import { MINUTE } from './units.mts';

/** Counts who waits for promises, of whatever kind. */
function countReactions(): { count(): number; restore(): void } {
	const { then } = Promise.prototype;
	const reactions = new Map<Promise<unknown>, number>();
	Promise.prototype.then = function (this: Promise<unknown>, ...args: Parameters<typeof then>) {
		reactions.set(this, (reactions.get(this) ?? 0) + 1);
		return then.apply(this, args);
	} as typeof then;
	return {
		count: () => Math.max(0, ...reactions.values()),
		restore: () => void (Promise.prototype.then = then),
	};
}

it('a run that never ends is waited for by one reaction, however many polls wait for it', async () => {
	const world = worldOf();
	world.destination.setMode('hangs');
	await world.poll();
	await world.advance(MINUTE);
	publish(world, 1);
	const reactions = countReactions();
	try {
		await polls(world, 40, MINUTE);
	} finally {
		reactions.restore();
	}
	expect(world.runs).toHaveLength(1);
	expect(reactions.count()).toBeLessThan(10);
});

it('a run that ends ends the wait for it: the poll is over then', async () => {
	const world = worldOf();
	await world.poll();
	await world.advance(MINUTE);
	publish(world, 1);
	await world.advance(MINUTE);
	const beganMs = world.time.now();
	await world.poll();
	expect(world.runs.map(({ effective }) => effective)).toEqual([true]);
	expect(world.time.now() - beganMs).toBeLessThan(MINUTE);
});
