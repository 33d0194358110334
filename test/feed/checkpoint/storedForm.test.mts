import { addContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { decodeCheckpoint } from '../../../nodes/feed/checkpoint/decodeCheckpoint';
import { encodeCheckpoint } from '../../../nodes/feed/checkpoint/encodeCheckpoint';
import { fingerprint } from '../../../nodes/feed/checkpoint/fingerprint';
import type { Checkpoint, EventRange } from '../../../nodes/feed/checkpoint/state';
import { bytesOf, type StoredCheckpoint } from '../../../nodes/feed/checkpoint/storedCheckpoint';
import { checkpointOf, DAY, failBatch, HOUR, MINUTE, NOW, openBlob, TYPE, typeIn } from './support.mts';

/** A checkpoint in which every field has a value of its own. */
function full(): Checkpoint {
	const state = checkpointOf('Audit.Exchange', 'DLP.All');
	const type = typeIn(state);
	Object.assign(state, { counts: 'blobs', sequence: 17, nextBatch: 9, startNotBeforeMs: NOW + 1 });
	state.destination = { failures: 2, notBeforeMs: NOW + 2 };
	state.seenEvents.add(fingerprint('event'));
	Object.assign(type, { dayListedMs: NOW - 5 * HOUR, finalMs: NOW - 4 * HOUR, rememberedMs: NOW - 6 * HOUR });
	Object.assign(type, { frontierMs: type.finalMs, subscribed: true, missing: true, reported: 'AF20022', freshUntilMs: NOW + 9 });
	type.listing = { failures: 3, notBeforeMs: NOW + 3 };
	type.reading = { failures: 4, notBeforeMs: NOW + 4 };
	addContent(type.settled, 'settled', NOW - HOUR);
	failBatch(state, 5, { attempts: 6, failures: 1, suspect: true });
	const open = openBlob(type, 'open', {
		ranges: [{ from: 0, to: 3, batch: 5 }, { from: 3, to: null }],
		reading: { failures: 7, notBeforeMs: NOW + 7 },
		listedMs: NOW - 30 * MINUTE,
		touched: true,
	});
	Object.assign(open.blob, { contentExpiration: '2026-03-09T09:00:00.000Z', expiresMs: Date.parse('2026-03-09T09:00Z') });
	openBlob(type, 'undated', { ...open, blob: { ...open.blob, contentId: 'undated', undated: true }, ranges: [{ from: 0, to: null }] });
	return state;
}

function store(state: Checkpoint): StoredCheckpoint {
	return JSON.parse(JSON.stringify(encodeCheckpoint(state, NOW))) as StoredCheckpoint;
}

function restore(stored: unknown): Checkpoint {
	const state = decodeCheckpoint(stored);
	if ('problem' in state) throw new Error(state.problem);
	return state;
}

describe('a checkpoint', () => {
	it('is after a restart what it was, with nothing to be stored', () => {
		const state = full();
		expect(restore(store(state))).toEqual({ ...state, clockMs: NOW, storedMs: NOW });
	});

	it('forgets over a restart what a run held: no run is ours then', () => {
		const state = checkpointOf();
		const ranges: EventRange[] = [{ from: 0, to: 3, taken: true }];
		openBlob(typeIn(state), 'open', { ranges, touched: true });
		expect(typeIn(restore(store(state))).open.get('open')?.ranges).toEqual([{ from: 0, to: 3 }]);
	});

	it('of a version that did not store what ranges count counts events', () => {
		const { counts: _, ...stored } = store(full());
		expect(restore(stored).counts).toBe('events');
	});

	it('with nothing in it is stored as its times alone', () => {
		const stored = encodeCheckpoint(checkpointOf(), NOW);
		expect(stored.types[TYPE]).toStrictEqual({
			...{ startMs: NOW - DAY, listedUpToMs: NOW - DAY, dayListedMs: NOW - DAY, rememberedMs: NOW - DAY },
			...{ settled: {}, open: [], listing: [0, 0], reading: [0, 0] },
		});
	});
});

describe('what is stored of a blob and its batch', () => {
	it('may be a range without events, which ends where it begins', () => {
		const stored = store(full());
		stored.types[TYPE]!.open[0]![5] = [[3, 3], [3, null]];
		expect(typeIn(restore(stored)).open.get('open')?.ranges).toEqual([{ from: 3, to: 3 }, { from: 3, to: null }]);
	});

	it('says whether the batch is to blame for its failures', () => {
		const state = checkpointOf();
		for (const [number, suspect] of [[1, true], [2, false]] as const) failBatch(state, number, { suspect });
		openBlob(typeIn(state), 'a', { touched: true, ranges: [{ from: 0, to: 1, batch: 1 }, { from: 1, to: 2, batch: 2 }] });
		expect([...restore(store(state)).failedBatches.values()].map(({ suspect }) => suspect)).toEqual([true, false]);
	});
});

describe('the times of an open blob', () => {
	it.each([
		['2026-03-02T09:00:00.000Z', 'a plain time, as a number'],
		['2026-03-02T09:00:00.0000000Z', 'as Microsoft wrote it'],
		['2026-03-02 09:00:00 +00:00', 'with blanks in it'],
	])('come back to the letter: %s', (contentCreated) => {
		const state = checkpointOf();
		const open = openBlob(typeIn(state), 'a', { touched: true });
		const expiresMs = NOW + 6 * DAY;
		const contentExpiration = contentCreated.replace('03-02', '03-08').replace('09', '10');
		Object.assign(open.blob, { contentCreated, contentExpiration, expiresMs });
		const [, created] = store(state).types[TYPE]!.open[0]!;
		expect(typeof created).toBe(contentCreated.length === 24 ? 'number' : 'string');
		expect(typeIn(restore(store(state))).open.get('a')?.blob).toEqual(open.blob);
	});

	it.each(['contentExpiration', 'expiresMs'] as const)('may lack an expiration: no %s', (missing) => {
		const state = checkpointOf();
		const open = openBlob(typeIn(state), 'a', { touched: true });
		Object.assign(open.blob, { contentExpiration: '2026-03-08T09:00:00.000Z', expiresMs: NOW });
		delete open.blob[missing];
		const again = typeIn(restore(store(state))).open.get('a')?.blob;
		expect([again?.contentExpiration, again?.expiresMs]).toEqual([undefined, undefined]);
	});
});

describe('what is stored of open blobs', () => {
	it('are those of which something is known that another listing would not tell', () => {
		const state = checkpointOf();
		openBlob(typeIn(state), 'only listed');
		openBlob(typeIn(state), 'failed', { touched: true });
		const stored = store(state).types[TYPE];
		expect(stored?.open.map(([id]) => id)).toEqual(['failed']);
		expect(stored?.listedUpToMs).toBe(NOW - DAY);
	});

	it('are also those that soon can no longer be listed: older than six and a half days', () => {
		const state = checkpointOf();
		typeIn(state).finalMs = NOW;
		openBlob(typeIn(state), 'can be listed', { createdMs: NOW - 6.5 * DAY });
		openBlob(typeIn(state), 'soon gone', { createdMs: NOW - 6.5 * DAY - 1 });
		const stored = store(state).types[TYPE];
		expect(stored?.open.map(([id]) => id)).toEqual(['soon gone']);
		expect(stored?.listedUpToMs).toBe(NOW - 6.5 * DAY);
	});

	it('comes with the failed batches they belong to, and with no others', () => {
		const state = checkpointOf();
		const type = typeIn(state);
		for (const number of [1, 2, 3]) failBatch(state, number);
		openBlob(type, 'a', { touched: true, ranges: [{ from: 0, to: 1, batch: 1 }, { from: 1, to: 2, batch: 3 }] });
		openBlob(type, 'b', { touched: true, ranges: [{ from: 0, to: 1, batch: 3 }, { from: 1, to: 2, batch: 3 }] });
		expect(store(state).failedBatches.map(([number]) => number)).toEqual([1, 3]);
	});

	it('joins the neighbouring pieces of a blob that has too many of them', () => {
		const state = checkpointOf();
		const ranges = Array.from({ length: 400 }, (_, at) => {
			failBatch(state, at + 1);
			return { from: at < 200 ? at : at + 10, to: at < 200 ? at + 1 : at + 11, batch: at + 1 };
		});
		openBlob(typeIn(state), 'a', { touched: true, ranges });
		const stored = store(state);
		expect(stored.types[TYPE]?.open[0]?.[5]).toEqual([[0, 200], [210, 410]]);
		expect(stored.failedBatches).toEqual([]);
	});

	it('are the oldest, as far as there is room', () => {
		const state = checkpointOf();
		for (const [age, id] of [[1, 'y'], [3, 'o'], [2, 'm']] as const) {
			openBlob(typeIn(state), id.repeat(40 * 1024), { createdMs: NOW - age * HOUR, touched: true });
		}
		expect(store(state).types[TYPE]?.open.map(([id]) => id[0]).sort()).toEqual(['m', 'o']);
	});

	it('take 96 KB together with their failed batches, each of which counts once', () => {
		/** Stored bytes, and blobs of thirty, with a hundred pieces each. */
		const stored = (batchOf: (blob: number, piece: number) => number) => {
			const state = checkpointOf();
			for (let blob = 0; blob < 30; blob++) {
				const ranges = Array.from({ length: 100 }, (_, piece) => {
					const batch = batchOf(blob, piece);
					failBatch(state, batch);
					return { from: piece, to: piece + 1, batch };
				});
				openBlob(typeIn(state), `${blob}`, { touched: true, ranges });
			}
			const { types, failedBatches } = store(state);
			return { bytes: bytesOf([types[TYPE]!.open, failedBatches]), blobs: types[TYPE]!.open.length };
		};
		const own = stored((blob, piece) => blob * 100 + piece + 1);
		expect(own.blobs).toBeGreaterThan(5);
		expect(own.bytes).toBeLessThan(97 * 1024);
		expect(stored((_, piece) => piece + 1).blobs).toBe(30);
	});

	it('leaves out one that has no room, and goes on with the next', () => {
		const state = checkpointOf();
		const type = typeIn(state);
		openBlob(type, 'x'.repeat(100 * 1024), { createdMs: NOW - 3 * HOUR, touched: true });
		openBlob(type, 'small', { createdMs: NOW - 2 * HOUR, touched: true });
		type.finalMs = NOW - HOUR;
		type.rememberedMs = NOW - HOUR;
		const stored = store(state).types[TYPE];
		expect(stored?.open.map(([id]) => id)).toEqual(['small']);
		// The one that was left out is listed again after a restart, and not taken for a settled one.
		expect([stored?.listedUpToMs, stored?.rememberedMs]).toEqual([NOW - 3 * HOUR, NOW - 3 * HOUR]);
	});
});

describe('a checkpoint that cannot be used', () => {
	it.each([
		['sequence', (stored: StoredCheckpoint) => delete (stored as Partial<StoredCheckpoint>).sequence],
		['savedMs', (stored: StoredCheckpoint) => (stored.savedMs = NaN)],
		['nextBatch', (stored: StoredCheckpoint) => (stored.nextBatch = Infinity)],
		['startNotBeforeMs', (stored: StoredCheckpoint) => (stored.startNotBeforeMs = '5' as never)],
		['destination', (stored: StoredCheckpoint) => (stored.destination = [1] as never)],
		['listing', (stored: StoredCheckpoint) => (stored.types[TYPE]!.listing = [null, 1] as never)],
		['startMs', (stored: StoredCheckpoint) => (stored.types[TYPE]!.startMs = null as never)],
		['the time of a blob', (stored: StoredCheckpoint) => (stored.types[TYPE]!.open[0]![1] = 'x 2026-03-02')],
	])('says what is missing: %s', (_, damage) => {
		const stored = store(full());
		damage(stored);
		expect(decodeCheckpoint(stored)).toEqual({ problem: expect.stringMatching(/^It is damaged \(a (number|time) is missing\)\.$/) });
	});

	it.each([
		['no format number', { version: 0 }],
		['no format number', { version: '1' }],
		['no format number', { version: '3' }],
		['an unknown content type', { types: { Audit: {} } }],
		['a batch is missing', { failedBatches: [] }],
		['a batch has a number that is still to be given', { nextBatch: 5 }],
		['the remembered event Ids are missing', { seenEvents: 7 }],
		['a number is missing', { sequence: -1 }],
	])('says what is wrong: %s', (problem, change) => {
		expect(decodeCheckpoint({ ...store(full()), ...change })).toEqual({ problem: `It is damaged (${problem}).` });
	});

	it.each([
		['more is listed again than is remembered', { rememberedMs: NOW }],
		['remembered content without a time', { settled: { 'x1': [0, ''] } }],
		['remembered content without a time', { settled: { '1x': [0, ''] } }],
		['the remembered content has no count', { settled: { 1: [0, null] } }],
		['the remembered content has no count', { settled: { 1: [null, ''] } }],
		// A distance that leads beyond 56 bits.
		['the remembered content is damaged', { settled: { 1: [1, Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0]).toString('base64')] } }],
		['a text is missing', { reported: 5 }],
	])('says what is wrong with a content type: %s', (problem, change) => {
		const stored = store(full());
		Object.assign(stored.types[TYPE]!, change);
		expect(decodeCheckpoint(stored)).toEqual({ problem: `It is damaged (${problem}).` });
	});

	it.each([
		['no content ID', 0, '../x y'],
		['a time has two values', 1, `${NOW} 2026-03-02T10:00:01Z`],
		['a blob without events to deliver', 5, []],
		['events of a blob are out of order', 5, [[0, null], [5, 6]]],
		['events of a blob are out of order', 5, [[0, 5], [3, 8]]],
		['events of a blob are out of order', 5, [[5, 3]]],
	])('says what is wrong with a blob: %s', (problem, field, value) => {
		const stored = store(full());
		stored.types[TYPE]!.open[0]![field] = value as never;
		expect(decodeCheckpoint(stored)).toEqual({ problem: `It is damaged (${problem}).` });
	});

	it('of a newer version says which format it has', () => {
		const problem = 'It was written by a newer version of this node (format 3, this one reads 1).';
		expect(decodeCheckpoint({ version: 3 })).toEqual({ problem });
	});
});
