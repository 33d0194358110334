import { addContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { rememberEvents } from '../../../nodes/feed/checkpoint/eventMemory';
import { fingerprint } from '../../../nodes/feed/checkpoint/fingerprint';
import { recordListing } from '../../../nodes/feed/checkpoint/recordListing';
import {
	createCheckpoint,
	selectTypes,
	type Checkpoint,
	type TypeState,
} from '../../../nodes/feed/checkpoint/state';
import { decodeCheckpoint } from '../../../nodes/feed/checkpoint/decodeCheckpoint';
import { encodeCheckpoint } from '../../../nodes/feed/checkpoint/encodeCheckpoint';
import { settle } from '../../../nodes/feed/checkpoint/ranges';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2026-03-02T10:00:00Z');
const MAX_STATIC_DATA = 256 * 1024;

function typeOf(state: Checkpoint): TypeState {
	const type = state.types.get('Audit.Exchange');
	if (!type) throw new Error('no such type');
	return type;
}

function start(startMs: number): Checkpoint {
	const state = createCheckpoint(startMs);
	selectTypes(state, ['Audit.Exchange'], startMs, startMs);
	return state;
}

function blob(number: number, createdMs: number) {
	return {
		contentType: 'Audit.Exchange' as const,
		contentId: `20260302080000936019353$20260302080000486034089$audit_exchange$Audit_Exchange$emea${number}`,
		contentCreated: new Date(createdMs).toISOString(),
		createdMs,
	};
}

/** Lists blobs spread over the last minutes, and settles all but some. */
function collected(count: number, withinMs: number, open: number): Checkpoint {
	const state = start(NOW - 7 * 24 * HOUR);
	const type = typeOf(state);
	type.finalMs = NOW - withinMs;
	type.dayListedMs = NOW;
	type.rememberedMs = NOW - withinMs;
	const blobs = Array.from({ length: count }, (_, index) =>
		blob(index, NOW - withinMs + Math.floor((index * withinMs) / count)),
	);
	const window = { startMs: NOW - withinMs, endMs: NOW };
	recordListing(state, type, { window, listedMs: NOW, blobs }, 2 * HOUR);
	for (const each of [...type.open.values()].slice(0, count - open)) settle(state, type, each);
	for (const each of type.open.values()) each.touched = true;
	return state;
}

function sizeOf(state: Checkpoint): number {
	return JSON.stringify(encodeCheckpoint(state, NOW)).length;
}

describe('the stored checkpoint', () => {
	it('stays within 256 KB with 20,000 blobs in the overlap, all event Ids remembered and 100 blobs in trouble', () => {
		const state = collected(20_000, 2 * HOUR, 100);
		rememberEvents(
			state.seenEvents,
			Array.from({ length: 10_000 }, (_, index) => fingerprint(`${index}`)),
		);
		expect(sizeOf(state)).toBeLessThan(MAX_STATIC_DATA);
	});

	it('stays within 256 KB however many blobs are settled in the overlap', () => {
		const state = collected(35_000, 2 * HOUR, 200);
		rememberEvents(
			state.seenEvents,
			Array.from({ length: 5_000 }, (_, index) => fingerprint(`${index}`)),
		);
		expect(sizeOf(state)).toBeLessThan(MAX_STATIC_DATA - 5 * 1024);
	});

	it('takes a few KB on a small tenant', () => {
		const state = collected(100, 2 * HOUR, 1);
		rememberEvents(
			state.seenEvents,
			Array.from({ length: 300 }, (_, index) => fingerprint(`${index}`)),
		);
		expect(sizeOf(state)).toBeLessThan(6 * 1024);
	});

	it('is the same checkpoint when it is read again', () => {
		const stored = encodeCheckpoint(collected(50, HOUR, 3), NOW);
		const again = decodeCheckpoint(JSON.parse(JSON.stringify(stored)));
		if ('problem' in again) throw new Error(again.problem);
		expect(encodeCheckpoint(again, NOW)).toEqual(stored);
	});

	it('lies behind every blob that is neither settled nor stored itself', () => {
		const state = start(NOW - HOUR);
		const type = typeOf(state);
		const window = { startMs: NOW - HOUR, endMs: NOW };
		const blobs = [blob(1, NOW - 50 * MINUTE), blob(2, NOW - 40 * MINUTE)];
		recordListing(state, type, { window, listedMs: NOW + 24 * HOUR, blobs }, 2 * HOUR);
		const stored = encodeCheckpoint(state, NOW).types['Audit.Exchange'];
		expect(stored?.listedUpToMs).toBe(NOW - 50 * MINUTE);
		expect(stored?.open).toEqual([]);
	});

	it('does not change when the checkpoint in memory does', () => {
		const state = start(NOW);
		state.failedBatches.set(1, { attempts: 1, failures: 1, notBeforeMs: 0, lastTriedMs: 0, suspect: false });
		const stored = encodeCheckpoint(state, NOW);
		const before = JSON.stringify(stored);
		for (const batch of state.failedBatches.values()) batch.attempts = 7;
		addContent(typeOf(state).settled, 'x', NOW);
		expect(JSON.stringify(stored)).toBe(before);
	});
});

describe('a stored checkpoint that cannot be used', () => {
	const good = () => JSON.parse(JSON.stringify(encodeCheckpoint(collected(50, HOUR, 3), NOW)));

	it('from a newer version says so', () => {
		expect(decodeCheckpoint({ ...good(), version: 2 })).toEqual({
			problem: expect.stringContaining('newer version'),
		});
	});

	it('says so in words for the user', () => {
		expect(decodeCheckpoint({ ...good(), types: null })).toEqual({
			problem: 'It is damaged (a value has another form than it was stored in).',
		});
	});

	it.each([
		['no object', () => 'x'],
		['nothing', () => null],
		['no version', () => ({ ...good(), version: undefined })],
		['a type without times', () => ({ ...good(), types: { 'Audit.Exchange': {} } })],
		['a number that is text', () => ({ ...good(), nextBatch: '5' })],
		['an unknown type', () => ({ ...good(), types: { Audit: {} } })],
		['cut-off event Ids', () => ({ ...good(), seenEvents: 'AAAA' })],
		['cut-off content', () => {
			const copy = good();
			for (const bucket of Object.keys(copy.types['Audit.Exchange'].settled)) {
				copy.types['Audit.Exchange'].settled[bucket][1] = 'AAAA';
			}
			return copy;
		}],
		['a batch that is missing', () => {
			const copy = good();
			copy.types['Audit.Exchange'].open[0][5][0] = [0, 1, 99];
			return copy;
		}],
		['a time that is no date', () => ({ ...good(), savedMs: 1e300 })],
		['a time that is no date, beside its text', () => {
			const copy = good();
			copy.types['Audit.Exchange'].open[0][1] = '1e300 2026-03-02T10:00:00';
			return copy;
		}],
		['a sequence that cannot grow', () => ({ ...good(), sequence: 1e300 })],
		['a content ID that cannot be asked for', () => {
			const copy = good();
			copy.types['Audit.Exchange'].open[0][0] = '../x y';
			return copy;
		}],
		['events out of order', () => {
			const copy = good();
			copy.types['Audit.Exchange'].open[0][5] = [[5, null], [0, 5]];
			return copy;
		}],
		['a blob without anything to deliver', () => {
			const copy = good();
			copy.types['Audit.Exchange'].open[0][5] = [];
			return copy;
		}],
		['a batch without numbers', () => ({ ...good(), failedBatches: [[1, {}]], nextBatch: 2 })],
		['a batch whose number is still to be given', () => ({
			...good(),
			failedBatches: [[7, { attempts: 1, failures: 1, notBeforeMs: 0, lastTriedMs: 0, suspect: false }]],
			nextBatch: 7,
		})],
		['content remembered under no number', () => {
			const copy = good();
			copy.types['Audit.Exchange'].settled.x = [0, ''];
			return copy;
		}],
		['content remembered twice', () => {
			const copy = good();
			copy.types['Audit.Exchange'].settled['1'] = [3, Buffer.alloc(40).toString('base64')];
			return copy;
		}],
		['event Ids that are no text', () => ({ ...good(), seenEvents: [1, 2, 3, 4, 5, 6, 7] })],
		['a listing before what is remembered', () => {
			const copy = good();
			copy.types['Audit.Exchange'].rememberedMs = copy.types['Audit.Exchange'].listedUpToMs + 1;
			return copy;
		}],
	])('is told to be damaged: %s', (_, make) => {
		expect(decodeCheckpoint(make())).toEqual({ problem: expect.stringContaining('damaged') });
	});
});
