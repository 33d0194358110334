import { isDeepStrictEqual } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import {
	createStage,
	eventsOf,
	jsonOf,
	reportsOf,
	type Stage,
	type StageOptions,
} from './support/stage.mts';

/** Each quirk of the wire that a client can survive, on 2,000 blobs; what contradicts another stands in a second run. */
const EVERYTHING: StageOptions = {
	seed: 20260207,
	scenario: ['quirky', 'broken', 'expired', 'hostile'],
	blobs: 2_000,
	eventsPerBlob: 5,
	days: 7,
	stallMs: 200,
	faults: {
		blobSlowDrip: 0.002,
		blobStall: 0.001,
		blobGzipBomb: 0.001,
		blobDeepJson: 0.001,
		pageSize: 50,
		longRange: 'partial',
		emptyPages: 1,
		hugeEvents: 0.01,
		throttledRequests: 0.02,
		unauthorizedBody: 'text',
	},
};

const ONE_AFTER_THE_OTHER: Array<[string, NonNullable<StageOptions['faults']>]> = [
	['addresses on localhost, throttled by 403', { contentUri: 'localhost', throttleStatus: 403 }],
	[
		'another header name, a foreign clock',
		{ nextPageHeader: 'NextPageUrl', serverClockAheadMs: 180_000 },
	],
	['a clock that is behind, long Retry-After', { serverClockAheadMs: -180_000, retryAfter: '30' }],
];

describe('Seven days of 2,000 blobs over five content types with every quirk of the wire', () => {
	let stage: Stage;

	afterEach(async () => await stage.close());

	async function deliverEverything(options: StageOptions): Promise<void> {
		stage = await createStage(options);
		const result = await stage.getEvents();
		expect(result.error).toBeUndefined();
		stage.sim.ledger.recordDelivered(jsonOf(result));
		const verdict = stage.sim.ledger.verdict({ nowMs: stage.clock.now() });
		expect(verdict).toMatchObject({
			ok: true,
			lost: [],
			repeated: [],
			unknown: [],
			unfetchedBlobs: [],
			misreportedBlobs: [],
			violations: [],
			foreignRequestsWithToken: 0,
		});
		expect(eventsOf(result).length).toBeGreaterThan(3 * stage.sim.feed.blobs.length);
		expect(
			reportsOf(result)
				.map(({ contentId }) => contentId)
				.sort(),
		).toEqual([...verdict.unreadableBlobs].sort());
		expect(changedOnTheWay(eventsOf(result))).toEqual([]);
		expect(stage.engine.findLeaks({ run: result.run })).toEqual([]);
	}

	/** Events as served, by Id. One member is added on the way: bytes that are no UTF-8, by a fault of that name. */
	function changedOnTheWay(delivered: IDataObject[]): IDataObject[] {
		const served = new Map<unknown, IDataObject>();
		for (const text of stage.sim.feed.blobs.flatMap((blob) => blob.events())) {
			const event = JSON.parse(text) as IDataObject;
			served.set(event.Id, event);
		}
		return delivered.filter(({ _content, Bytes: _bytes, ...event }) => {
			return event.Id !== undefined && !isDeepStrictEqual(event, served.get(event.Id));
		});
	}

	test('every event of every fetchable blob comes exactly once, every other blob is reported once', async () => {
		await deliverEverything(EVERYTHING);
		const { unreadableBlobs } = stage.sim.ledger.verdict();
		expect(unreadableBlobs.length).toBeGreaterThan(100);
		expect(stage.sim.ledger.peakRequestsPerMinute).toBeLessThanOrEqual(2_000);
	}, 900_000);

	test.each(ONE_AFTER_THE_OTHER)(
		'the same with %s',
		async (_name, faults) => {
			await deliverEverything({
				...EVERYTHING,
				blobs: 200,
				faults: { ...EVERYTHING.faults, ...faults },
			});
		},
		120_000,
	);

	test('the same as files, with blobs too large to be held whole', async () => {
		stage = await createStage({
			...EVERYTHING,
			blobs: 150,
			engine: { binaryDataMode: 'filesystem' },
			faults: { ...EVERYTHING.faults, blobTruncatedBody: 0.1, blobReset: 0.1, hugeEvents: 0.1 },
		});
		for (const fault of [
			'Reset',
			'TruncatedBody',
			'TruncatedJson',
			'WrongContentLength',
		] as const) {
			const filler = fault.repeat(2_000);
			// Half of them without an Id, so that nobody could tell a repeat.
			const events = Array.from({ length: 100 }, (_, n) =>
				n % 2 ? { Id: `${fault} ${n}`, filler } : { nameless: `${fault} ${n}`, filler },
			);
			stage.sim.feed.addBlob({ createdMs: stage.clock.now() - 60_000, events, fault, failures: 1 });
		}
		const result = await stage.getEvents({ output: 'file', options: { maxFileSizeMb: 1 } });
		expect(result.error).toBeUndefined();
		const files = result.items.filter(({ binary }) => binary);
		expect(files.length).toBeGreaterThan(4);
		for (const file of files) {
			const lines = (await stage.engine.readBinary(file)).toString().trimEnd().split('\n');
			stage.sim.ledger.recordDelivered(lines.map((line) => JSON.parse(line) as unknown));
		}
		stage.sim.ledger.recordDelivered(reportsOf(result));
		expect(stage.sim.ledger.verdict({ nowMs: stage.clock.now() })).toMatchObject({
			lost: [],
			repeated: [],
			unknown: [],
			misreportedBlobs: [],
			foreignRequestsWithToken: 0,
		});
	}, 300_000);

	test('without de-duplication every served place of an event is delivered', async () => {
		stage = await createStage({ ...EVERYTHING, blobs: 200 });
		const result = await stage.getEvents({ options: { deduplicate: false } });
		stage.sim.ledger.recordDelivered(jsonOf(result));
		expect(
			stage.sim.ledger.verdict({ deduplicate: false, nowMs: stage.clock.now() }),
		).toMatchObject({ lost: [], repeated: [], unknown: [] });
	}, 300_000);
});
