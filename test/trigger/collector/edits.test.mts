import { arrived, polls, publish, TYPE, worldOf } from './scene.mts';
import { HOUR, MINUTE } from './units.mts';

describe('an edit while a run is under way', () => {
	it('to At Most Once leaves the run as it was: if it never ends, its events come again', async () => {
		const world = worldOf();
		world.destination.setMode('hangs');
		publish(world, 1, 2);
		await polls(world, 2, MINUTE);
		expect(world.runs).toHaveLength(1);
		world.publishEdit({ delivery: 'atMostOnce' });
		world.destination.setMode('ok');
		await polls(world, 8, HOUR);
		expect(arrived(world)).toEqual(['1.0', '1.1']);
	});

	it('that lowers Max Events per Execution holds for the batch that was prepared already', async () => {
		const world = worldOf({ options: { maxEventsPerExecution: 4 } });
		world.destination.setMode('hangs');
		for (const number of [1, 2]) publish(world, number, 4);
		await polls(world, 2, MINUTE);
		world.publishEdit({ maxEventsPerExecution: 1 });
		world.destination.setMode('ok');
		await polls(world, 12, HOUR);
		expect(arrived(world).sort()).toHaveLength(8);
		expect(world.violations).toEqual([]);
	});
});

describe('a reference whose runs always fail', () => {
	it('is given up and told when its content expires: nobody could download it any more', async () => {
		const world = worldOf();
		publish(world, 1, 2);
		world.publishEdit({ output: 'reference' });
		world.destination.poison('1.0');
		await polls(world, 8 * 24, HOUR);
		expect(world.reports).toEqual([expect.objectContaining({ kind: 'lostContent' })]);
		expect(world.session().state.types.get(TYPE)?.open.size).toBe(0);
	});
});

describe('a batch of which a part cannot be read again', () => {
	it('is not given up before that part has been tried as often as Max Delivery Attempts says', async () => {
		const world = worldOf({ options: { maxDeliveryAttempts: 3 } });
		for (const number of [1, 2]) publish(world, number, 1);
		world.destination.setMode('down');
		await world.advance(MINUTE);
		await polls(world, 1, 5 * MINUTE);
		expect(world.runs.map(({ uids }) => uids)).toEqual([['1.0', '2.0']]);
		const broken = world.blobs.find(({ blob }) => blob.contentId === 'blob-2');
		if (broken) broken.broken = true;
		await polls(world, 2, 5 * MINUTE);
		if (broken) broken.broken = false;
		await polls(world, 24, HOUR);
		const attempts = (uid: string) => world.runs.filter(({ uids }) => uids.includes(uid)).length;
		expect([attempts('1.0'), attempts('2.0')]).toEqual([3, 3]);
		const told = world.reports.flatMap((report) => (report.kind === 'setAside' ? report.contentIds : []));
		expect(told.sort()).toEqual(['blob-1', 'blob-2']);
	});
});
