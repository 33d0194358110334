import { addContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { beginPass, nextWindow } from '../../../nodes/feed/checkpoint/listingPlan';
import { finishPass, recordListing } from '../../../nodes/feed/checkpoint/recordListing';
import {
	createCheckpoint,
	createTypeState,
	type Checkpoint,
	type TypeState,
} from '../../../nodes/feed/checkpoint/state';
import { encodeCheckpoint } from '../../../nodes/feed/checkpoint/encodeCheckpoint';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-03-02T10:00:00.400Z');
const OVERLAP = 2 * HOUR;

function started(startMs: number): { state: Checkpoint; type: TypeState } {
	const state = createCheckpoint(startMs);
	const type = createTypeState('Audit.Exchange', startMs, startMs);
	state.types.set('Audit.Exchange', type);
	return { state, type };
}

/** Lists everything that is due; returns the windows. */
function listAll({ state, type }: { state: Checkpoint; type: TypeState }, nowMs: number) {
	const pass = beginPass(type, nowMs);
	const windows = [];
	for (;;) {
		const { window } = nextWindow(pass, nowMs);
		if (!window) break;
		windows.push(window);
		recordListing(state, type, { window, listedMs: nowMs, blobs: [] }, OVERLAP);
		pass.atMs = window.endMs;
	}
	finishPass(type, pass);
	return windows;
}

describe('what is listed', () => {
	it('are windows of at most 24 hours on whole seconds, without a gap, up to the present', () => {
		const windows = listAll(started(NOW - 3 * DAY), NOW);
		expect(windows).toHaveLength(3);
		windows.slice(1).forEach(({ startMs }, index) => expect(startMs).toBe(windows[index]?.endMs));
		for (const { startMs, endMs } of windows) {
			expect(endMs - startMs).toBeLessThanOrEqual(DAY);
			expect([startMs % 1000, endMs % 1000]).toEqual([0, 0]);
		}
		expect(windows.at(-1)?.endMs).toBe(NOW - 400);
	});

	it('is the whole overlap (and ten minutes for clocks that differ) every quarter of an hour, else the last 15 minutes', () => {
		const trigger = started(NOW - 3 * DAY);
		trigger.type.dayListedMs = NOW;
		listAll(trigger, NOW);
		const spanAfter = (minutes: number) => {
			const now = NOW + minutes * MINUTE;
			const [window] = listAll(trigger, now);
			return Math.round((now - (window?.startMs ?? now)) / MINUTE);
		};
		expect([spanAfter(5), spanAfter(10), spanAfter(15)]).toEqual([20, 20, 145]);
	});

	it('is the last 24 hours once a day', () => {
		const trigger = started(NOW - 3 * DAY);
		listAll(trigger, NOW);
		const spans = [12, 23, 25, 26].map((hours) => {
			const now = NOW + hours * HOUR;
			const [window] = listAll(trigger, now);
			return Math.round((now - (window?.startMs ?? now)) / HOUR);
		});
		expect(spans).toEqual([14, 13, 24, 3]);
	});

	it('is the last 24 hours every quarter of an hour while the subscription is fresh: Microsoft may still fill them in', () => {
		const trigger = started(NOW - 3 * DAY);
		listAll(trigger, NOW);
		trigger.type.freshUntilMs = NOW + 40 * MINUTE;
		const spans = [10, 15, 20, 30, 40, 45].map((minutes) => {
			const now = NOW + minutes * MINUTE;
			const [window] = listAll(trigger, now);
			return Math.round((now - (window?.startMs ?? now)) / MINUTE);
		});
		expect(spans).toEqual([25, 24 * 60, 20, 24 * 60, 25, 145]);
	});

	it('is no longer the last 24 hours from the moment the subscription is not fresh any more', () => {
		const { type } = started(NOW - 3 * DAY);
		type.freshUntilMs = NOW;
		Object.assign(type, { dayListedMs: NOW - HOUR, overlapListedMs: NOW - HOUR });
		expect(beginPass(type, NOW - 1).wholeDay).toBe(true);
		expect(beginPass(type, NOW).wholeDay).toBe(false);
	});

	it('never begins before the start', () => {
		const trigger = started(NOW - 10 * MINUTE);
		const [window] = listAll(trigger, NOW);
		expect(window?.startMs).toBe(Math.floor((NOW - 10 * MINUTE) / 1000) * 1000);
	});

	it('ends where the present was when it began, though every listing takes a while', () => {
		const { type } = started(NOW - HOUR);
		const pass = beginPass(type, NOW);
		const { window } = nextWindow(pass, NOW + 3_000);
		expect(window?.endMs).toBe(NOW - 400);
		pass.atMs = window?.endMs ?? 0;
		expect(nextWindow(pass, NOW + 6_000)).toEqual({});
	});

	it('begins five minutes inside Microsoft\'s seven days, and what that cuts off is told', () => {
		const { type } = started(NOW - 9 * DAY);
		const { window, lost } = nextWindow(beginPass(type, NOW), NOW);
		const edgeMs = Math.ceil((NOW - 7 * DAY + 5 * MINUTE) / 1000) * 1000;
		expect(window?.startMs).toBe(edgeMs);
		expect(lost).toEqual({ contentType: 'Audit.Exchange', startMs: NOW - 9 * DAY, endMs: edgeMs });
		for (const startMs of [edgeMs, NOW - DAY]) {
			expect(nextWindow(beginPass(started(startMs).type, NOW), NOW).lost).toBeUndefined();
		}
	});

	it('goes on when the clock was set back', () => {
		const trigger = started(NOW - 3 * DAY);
		listAll(trigger, NOW + HOUR);
		expect(nextWindow(beginPass(trigger.type, NOW), NOW).window?.endMs).toBe(NOW - 400);
	});

	it('reaches back as far as settled blobs are remembered: what has room, and what the overlap needs', () => {
		const { state, type } = started(NOW - DAY);
		type.finalMs = NOW - OVERLAP;
		type.dayListedMs = NOW - DAY;
		for (let index = 0; index < 40_000; index++) {
			addContent(type.settled, `${index}`, NOW - Math.floor((index * DAY) / 40_000));
		}
		expect(JSON.stringify(encodeCheckpoint(state, NOW)).length).toBeLessThan(256 * 1024);
		const remembered = [...type.settled.values()].reduce((sum, { size }) => sum + size, 0);
		expect(remembered).toBeGreaterThan(20_000);
		const pass = beginPass(type, NOW);
		expect(pass.atMs).toBe(type.rememberedMs);
		expect(pass.atMs).toBeGreaterThan(NOW - 20 * HOUR);
		expect(pass.atMs).toBeLessThan(NOW - OVERLAP);
	});
});
