import { arrived, polls, publish, worldOf } from './scene.mts';
import { HOUR, MINUTE } from './units.mts';

describe('content whose contentCreated cannot be read', () => {
	it.each(['reference', 'events'] as const)('arrives once as %s, however the windows move on', async (output) => {
		const world = worldOf({ matches: () => true });
		world.publishEdit({ output });
		await world.poll();
		await world.advance(20 * MINUTE);
		publish(world, 1, 1, { undated: true });
		await polls(world, 30 * 12, 5 * MINUTE);
		expect(arrived(world)).toEqual(['1.0']);
		expect(world.violations).toEqual([]);
	});

	it('is not taken for content from before the start: windows begin on whole seconds', async () => {
		const world = worldOf();
		await world.advance(100);
		publish(world, 1, 1, { undated: true });
		await world.advance(MINUTE);
		await world.poll();
		expect(arrived(world)).toEqual(['1.0']);
	});

	it('arrives once although it was first listed with a whole day, of which it may be the oldest or the newest', async () => {
		const world = worldOf({ startBackMs: 20 * HOUR });
		world.publishEdit({ output: 'reference' });
		publish(world, 1, 1, { undated: true, createdMs: world.time.now() - HOUR });
		await polls(world, 26 * 2, HOUR / 2);
		expect(arrived(world)).toEqual(['1.0']);
	});

	it.each([[true, false], [false, true]])('arrives once though its time can be read now and then: unreadable at first %s, then %s', async (first, then) => {
		const world = worldOf({ startBackMs: 20 * HOUR });
		world.publishEdit({ output: 'reference' });
		publish(world, 1, 1, { createdMs: world.time.now() - HOUR, ...(first ? { undated: true } : {}) });
		await polls(world, 2, 5 * MINUTE);
		Object.assign(world.blobs[0] ?? {}, { undated: then ? true : undefined });
		await polls(world, 26 * 2, HOUR / 2);
		expect(arrived(world)).toEqual(['1.0']);
	});

	it('is not read again when its time can be read at last', async () => {
		const world = worldOf({ startBackMs: HOUR });
		await world.advance(HOUR);
		publish(world, 1, 1, { createdMs: world.time.now() - 30 * MINUTE, undated: true });
		await world.poll();
		delete world.blobs[0]?.undated;
		await polls(world, 10, 10 * MINUTE);
		expect([arrived(world), world.reads.get('blob-1')]).toEqual([['1.0'], 1]);
	});

	it('arrives once although its run failed and n8n was started again in between', async () => {
		const world = worldOf({ startBackMs: 20 * HOUR });
		world.publishEdit({ output: 'reference' });
		world.destination.setMode('down');
		publish(world, 1, 1, { undated: true, createdMs: world.time.now() - HOUR });
		await polls(world, 2, 10 * MINUTE);
		// Another one is handed out and fails, which stores what is known of the first.
		publish(world, 2);
		await polls(world, 2, 10 * MINUTE);
		world.kill();
		world.destination.setMode('ok');
		await polls(world, 26 * 2, HOUR / 2);
		expect(arrived(world).filter((uid) => uid === '1.0')).toHaveLength(1);
	});
});
