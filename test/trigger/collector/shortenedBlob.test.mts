import { arrived, polls, publish, worldOf } from './scene.mts';
import { HOUR, MINUTE } from './units.mts';

const ALL = Array.from({ length: 12 }, (_, index) => `1.${index}`);

const byIndex = (a: string, b: string) => ALL.indexOf(a) - ALL.indexOf(b);

/** A blob of which five events were handed out in vain, and the rest was not; for all of them it is downloaded again. */
async function halfway(restart: boolean, left: number) {
	const world = worldOf({ options: { maxEventsPerExecution: 2 } });
	publish(world, 1, ALL.length);
	const [blob] = world.blobs;
	if (!blob) throw new Error('There is no blob');
	const whole = blob.events;
	world.destination.setMode('down');
	await world.advance(MINUTE);
	await polls(world, 1, MINUTE);
	expect(world.runs.flatMap(({ uids }) => uids)).toEqual(ALL.slice(0, 5));
	if (restart) world.kill();
	blob.events = whole.slice(0, left);
	world.destination.setMode('ok');
	await polls(world, 24, 10 * MINUTE);
	return { world, mend: () => (blob.events = whole) };
}

describe('a blob that comes with fewer events when it is downloaded again', () => {
	it.each([
		['in the same process', false, 11],
		['after a restart', true, 5],
	])('is not taken for delivered %s, but tried until it is whole', async (_, restart, left) => {
		const { world, mend } = await halfway(restart, left);
		expect(arrived(world)).not.toEqual(expect.arrayContaining(ALL));
		mend();
		await polls(world, 24, HOUR);
		expect(arrived(world).sort(byIndex)).toEqual(ALL);
		expect(world.reports).toEqual([]);
	});

	it('is told as lost, once, if it stays so until it expires', async () => {
		const { world } = await halfway(false, 11);
		await polls(world, 8 * 24, HOUR);
		expect(world.reports.map(({ kind }) => kind)).toEqual(['lostContent']);
	});
});
