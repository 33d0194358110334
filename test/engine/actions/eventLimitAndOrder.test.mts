import type { IDataObject } from 'n8n-workflow';

import {
	createEmptyStage,
	createStage,
	eventsOf,
	MINUTE,
	requestsTo,
	type Stage,
	type StageOptions,
} from '../support/stage.mts';

describe('Audit Event > Get Many: limit and order', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	const play = async (options?: StageOptions) => (stage = await createEmptyStage(options));
	const ids = (result: Parameters<typeof eventsOf>[0]) => eventsOf(result).map(({ Id }) => Id);
	const downloads = () => requestsTo(stage.sim, '/audit/');
	const placeOf = ({ contentCreated, contentId }: IDataObject) =>
		`${String(contentCreated)} ${String(contentId)}`;
	const addEvent = (Id: string, createdMs: number, more = {}) =>
		stage.sim.feed.addBlob({ createdMs, events: [{ Id }], ...more });

	describe('limit', () => {
		test('the newest blobs are read first, and no more of them than needed', async () => {
			stage = await createStage({
				blobs: 300,
				eventsPerBlob: 4,
				days: 5,
				faults: { duplicateEvents: 0 },
			});
			const all = ids(await stage.getEvents());
			const before = downloads().length;
			const result = await stage.getEvents({ returnAll: false, limit: 10 });
			expect(ids(result)).toHaveLength(10);
			expect(downloads().length - before).toBeLessThan(30);
			// The newest ten, still in the order of the feed.
			expect(all.slice(-40)).toEqual(expect.arrayContaining(ids(result)));
			expect([...ids(result)].sort((a, b) => all.indexOf(a) - all.indexOf(b))).toEqual(ids(result));
		});

		test('it counts what passes the filters', async () => {
			await play();
			for (let n = 0; n < 20; n++) {
				stage.sim.feed.addBlob({
					createdMs: stage.clock.now() - (30 - n) * MINUTE,
					events: [
						{ Id: `kept ${n}`, Operation: 'Keep' },
						{ Id: `dropped ${n}`, Operation: 'Drop' },
					],
				});
			}
			const result = await stage.getEvents({
				returnAll: false,
				limit: 3,
				filters: { operations: 'Keep' },
			});
			expect(ids(result)).toEqual(['kept 17', 'kept 18', 'kept 19']);
		});

		test('more than there is gives what there is', async () => {
			await play();
			addEvent('only', stage.clock.now() - MINUTE);
			expect(ids(await stage.getEvents({ returnAll: false, limit: 1000 }))).toEqual(['only']);
		});
	});

	test('the order is contentCreated, contentId, position, whatever the concurrency', async () => {
		stage = await createStage({
			blobs: 120,
			days: 2,
			faults: { sameMillisecond: 0.4, blobInternalError: 0.2 },
			latencyMs: { mean: 3, jitter: 3 },
		});
		const orders: unknown[] = [];
		for (const concurrency of [1, 4, 32]) {
			const result = await stage.getEvents({ options: { concurrency } });
			const places = eventsOf(result).map(({ _content }) => placeOf(_content as IDataObject));
			expect(places).toEqual([...places].sort());
			orders.push(ids(result));
		}
		expect((orders[0] as unknown[]).length).toBeGreaterThan(120);
		expect(orders[1]).toEqual(orders[0]);
		expect(orders[2]).toEqual(orders[0]);
	}, 180_000);
});
