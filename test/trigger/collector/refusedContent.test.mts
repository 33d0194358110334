import { FeedFailure } from '../../../nodes/feed/failure';
import { openBlob, typeIn } from '../../feed/checkpoint/support.mts';
import { arrived, polls, publish, TYPE, worldOf } from './scene.mts';
import { DAY, HOUR, MINUTE } from './units.mts';
import type { World } from './world.mts';

/** What a proxy answers that does not like the content: a 403 without a code. */
function refuse({ blobs }: World, number: number): void {
	const blob = blobs.find(({ blob: { contentId } }) => contentId === `blob-${number}`);
	const failure = new FeedFailure({ kind: 'permission', status: 403, message: 'Microsoft does not allow this request' });
	Object.defineProperty(blob, 'broken', {
		get() {
			throw failure;
		},
	});
}

describe('a blob whose download is refused', () => {
	it('holds up no other, and is told as lost when it expires', async () => {
		const world = worldOf();
		publish(world, 0);
		refuse(world, 0);
		const count = 8 * 24 * 3;
		for (let number = 1; number <= count; number++) {
			publish(world, number);
			await polls(world, 1, 20 * MINUTE);
		}
		await polls(world, 1, MINUTE);
		expect(arrived(world)).toHaveLength(count);
		expect(world.reports.map((report) => 'blob' in report && report.blob.contentId)).toEqual(['blob-0']);
	});
});

describe('a content type that can be listed, and whose every download is refused', () => {
	it('is told at once, and once, and nothing is left out when the downloads are allowed again', async () => {
		const world = worldOf();
		const count = 2 * 24;
		for (let number = 1; number <= count; number++) {
			publish(world, number);
			refuse(world, number);
			await polls(world, 1, HOUR);
		}
		expect(world.reports).toMatchObject([{ kind: 'typeFailed', contentType: TYPE, failure: { kind: 'permission' } }]);
		expect(world.reports[0]!.atMs - world.blobs[0]!.blob.createdMs).toBeLessThan(8 * HOUR);
		for (const blob of world.blobs) Object.defineProperty(blob, 'broken', { value: false });
		await polls(world, 2 * 24 * 4, 15 * MINUTE);
		expect(new Set(arrived(world)).size).toBe(count);
		expect(world.reports).toHaveLength(1);
	});
});

describe('blobs of which only failed events are left', () => {
	it('do not keep new content from being listed, however many they are', async () => {
		const world = worldOf();
		publish(world, 0);
		await world.advance(MINUTE);
		await polls(world, 1, MINUTE);
		const { state } = world.session();
		const failed = { attempts: 9, failures: 3, lastTriedMs: 0, suspect: true };
		state.failedBatches.set(1, { ...failed, notBeforeMs: world.time.now() + DAY });
		state.nextBatch = 2;
		for (let number = 0; number < 4_500; number++) {
			openBlob(typeIn(state), `failed ${number}`, { ranges: [{ from: 0, to: 1, batch: 1 }] });
		}
		publish(world, 1);
		await polls(world, 2, 5 * MINUTE);
		expect(arrived(world)).toEqual(['0.0', '1.0']);
	});
});

describe('content that has expired', () => {
	it('is not asked for in vain for ever when much of it has: what is still there comes', async () => {
		const world = worldOf();
		world.destination.setMode('down');
		for (let number = 0; number < 300; number++) publish(world, number, 1, { lifeMs: DAY });
		await polls(world, 25, HOUR);
		world.destination.setMode('ok');
		publish(world, 300);
		await polls(world, 12, 10 * MINUTE);
		expect(arrived(world)).toContain('300.0');
	});
});
