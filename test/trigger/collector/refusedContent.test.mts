import { FeedFailure, type FailureKind } from '../../../nodes/feed/failure';
import { openBlob, typeIn } from '../../feed/checkpoint/support.mts';
import { arrived, chance, polls, publish, TYPE, worldOf } from './scene.mts';
import { DAY, HOUR, MINUTE } from './units.mts';
import type { World } from './world.mts';

/** What a proxy answers that does not like the content: a 403 without a code. */
function refuse({ blobs }: World, number: number, kind: FailureKind = 'permission'): void {
	const blob = blobs.find(({ blob: { contentId } }) => contentId === `blob-${number}`);
	const failure = new FeedFailure({ kind, status: 403, message: 'Microsoft does not allow this request' });
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
	it('is told soon, and once, and nothing is left out when the downloads are allowed again', async () => {
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

describe('hours of content that cannot be read', () => {
	it.each([
		{ every: 1, count: 400, kind: 'transient' },
		{ every: 10, count: 200, kind: 'transient' },
		{ every: 10, count: 200, kind: 'permission' },
	] as const)('do not keep what comes after them: $count blobs ($kind), a poll every $every minutes', async ({ every, count, kind }) => {
		const world = worldOf();
		for (let number = 0; number < count; number++) {
			publish(world, number);
			refuse(world, number, kind);
		}
		await polls(world, 1, every * MINUTE);
		const beganMs = world.time.now();
		let number = count;
		for (let minutes = 0; minutes < 2 * 24 * 60; minutes += every) {
			if (minutes % 30 === 0) publish(world, number++);
			await polls(world, 1, every * MINUTE);
		}
		expect((world.runs.find(({ effective }) => effective)?.startedMs ?? Infinity) - beganMs).toBeLessThan(HOUR);
		expect(arrived(world)).toHaveLength(number - count);
	}, 300_000);

	it.each([0.2, 0.5])('keep nothing that is between them, and are told once a day at most: %s of all', async (share) => {
		const random = chance(11);
		const world = worldOf();
		const healthy: string[] = [];
		for (let number = 0; number < 3 * 24 * 6 * 5; number++) {
			publish(world, number);
			if (random() < share) refuse(world, number);
			else healthy.push(`${number}.0`);
			if (number % 5 === 4) await polls(world, 1, 10 * MINUTE);
		}
		await polls(world, 6, 10 * MINUTE);
		expect(new Set(arrived(world))).toEqual(new Set(healthy));
		expect(world.reports.filter(({ kind }) => kind === 'typeFailed').length).toBeLessThanOrEqual(3);
	}, 300_000);
});

describe('a few blobs of a quiet type that are refused', () => {
	it('are told after five hours, and come within a quarter of an hour when they are allowed', async () => {
		const world = worldOf();
		for (let number = 0; number < 3; number++) {
			publish(world, number);
			refuse(world, number, 'signIn');
		}
		await polls(world, 2 * 24 * 12, 5 * MINUTE);
		expect(world.reports).toMatchObject([{ kind: 'typeFailed', failure: { kind: 'signIn' } }]);
		for (const blob of world.blobs) Object.defineProperty(blob, 'broken', { value: false });
		await polls(world, 4, 5 * MINUTE);
		expect(arrived(world)).toHaveLength(3);
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

describe('an outage that lasts longer than content', () => {
	it.each([0, 1, 2])('does not keep what comes after it, however much has expired meanwhile (%i probes more)', async (more) => {
		const world = worldOf();
		let count = 0;
		const publishSome = (blobs: number) => {
			for (const end = count + blobs; count < end; count++) publish(world, count, 1, { lifeMs: DAY });
		};
		world.setReading('down');
		for (let probes = 0; probes < 120 + more; probes++) {
			publishSome(10);
			await polls(world, 1, 16 * MINUTE);
		}
		world.setReading('ok');
		const back = count;
		for (let minute = 0; minute < 20; minute++) {
			publishSome(1);
			await polls(world, 1, MINUTE);
		}
		for (let blob = back; blob < count - 5; blob++) expect(arrived(world)).toContain(`${blob}.0`);
		expect(world.violations).toEqual([]);
	});
});
