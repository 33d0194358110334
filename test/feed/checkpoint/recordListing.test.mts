import { addContent, addUndatedContent, hasContent } from '../../../nodes/feed/checkpoint/contentMemory';
import { forgetSettledBlobs } from '../../../nodes/feed/checkpoint/forget';
import { beginPass } from '../../../nodes/feed/checkpoint/listingPlan';
import {
	finishPass,
	forgetSettled,
	recordListing,
	skipLostInterval,
	stepOver,
	watermark,
} from '../../../nodes/feed/checkpoint/recordListing';
import { checkpointOf, DAY, HOUR, MINUTE, NOW, openBlob, TYPE, typeIn } from './support.mts';

const OVERLAP = 2 * HOUR;
/** What clocks may differ. */
const SKEW = 10 * MINUTE;

function blob(contentId: string, createdMs: number) {
	return { contentType: TYPE, contentId, contentCreated: new Date(createdMs).toISOString(), createdMs } as const;
}

function started() {
	const state = checkpointOf();
	const type = typeIn(state);
	const list = (startMs: number, endMs: number, ...blobs: Array<ReturnType<typeof blob>>) =>
		recordListing(state, type, { window: { startMs, endMs }, listedMs: NOW, blobs }, OVERLAP);
	return { state, type, list };
}

describe('a listing', () => {
	it('opens the blobs that are new, whole and unread, and counts them', () => {
		const { state, type, list } = started();
		expect(list(NOW - HOUR, NOW, blob('a', NOW - HOUR), blob('b', NOW - MINUTE))).toBe(2);
		expect([...type.open]).toEqual(
			[blob('a', NOW - HOUR), blob('b', NOW - MINUTE)].map((each) => [
				each.contentId,
				{
					...{ blob: each, ranges: [{ from: 0, to: null }], listedMs: NOW, touched: false },
					reading: { failures: 0, notBeforeMs: 0 },
				},
			]),
		);
		expect(state.unstored).toBe('times');
	});

	it('leaves out what is open, settled, from before the start or from before the memory', () => {
		const { type, list } = started();
		const open = openBlob(type, 'open', { touched: true });
		addContent(type.settled, 'settled', NOW - HOUR);
		type.startMs = NOW - 3 * HOUR;
		type.rememberedMs = NOW - 2 * HOUR;
		const known = [blob('open', NOW - HOUR), blob('settled', NOW - HOUR)];
		expect(list(NOW - DAY, NOW, ...known, blob('forgotten', NOW - 2 * HOUR - 1), blob('new', NOW - 2 * HOUR))).toBe(1);
		expect([...type.open.keys()]).toEqual(['open', 'new']);
		expect(type.open.get('open')).toBe(open);
		type.startMs = NOW - HOUR;
		expect(list(NOW - DAY, NOW, blob('too early', NOW - HOUR - 1), blob('just in time', NOW - HOUR))).toBe(1);
	});

	it('is final up to the overlap, and the difference of clocks, before it began', () => {
		const { type, list } = started();
		list(NOW - DAY, NOW - HOUR);
		expect(type.finalMs).toBe(NOW - OVERLAP - SKEW);
		expect(type.frontierMs).toBe(NOW - HOUR);
	});

	it('is final up to its end if that is long ago', () => {
		const { type, list } = started();
		list(NOW - DAY, NOW - 20 * HOUR);
		expect([type.finalMs, type.frontierMs]).toEqual([NOW - 20 * HOUR, NOW - 20 * HOUR]);
	});

	it('behind a gap makes nothing final, because the gap was not listed', () => {
		const { type, list } = started();
		list(NOW - DAY + 1, NOW - HOUR);
		expect([type.finalMs, type.frontierMs]).toEqual([NOW - DAY, NOW - DAY]);
	});

	it('of what was listed already takes nothing back', () => {
		const { type, list } = started();
		type.finalMs = NOW - HOUR;
		type.frontierMs = NOW - MINUTE;
		list(NOW - DAY, NOW - 12 * HOUR);
		expect([type.finalMs, type.frontierMs]).toEqual([NOW - HOUR, NOW - MINUTE]);
	});
});

describe('a pass that has reached the present', () => {
	it.each([
		['of the news', 1, 1, [NOW - 1, NOW - 1]],
		['of the overlap', HOUR, 1, [NOW, NOW - 1]],
		['of the whole day', HOUR, DAY, [NOW, NOW]],
	])('%s', (_, sinceOverlap, sinceDay, then) => {
		const { type } = started();
		type.overlapListedMs = NOW - sinceOverlap;
		type.dayListedMs = NOW - sinceDay;
		finishPass(type, beginPass(type, NOW));
		expect([type.overlapListedMs, type.dayListedMs]).toEqual(then);
	});
});

describe('content whose list has no end', () => {
	it.each([
		['is given up after 20 passes that could list what comes after it', true, 19],
		['is never given up while nothing after it can be listed either', undefined, 40],
	])('%s', (_, listedBehind, inVain) => {
		const { type } = started();
		const window = { startMs: type.finalMs, endMs: type.finalMs + HOUR / 4 };
		const tries = Array.from({ length: 40 }, () => {
			const pass = beginPass(type, NOW);
			stepOver(type, pass, window);
			return finishPass(type, { ...pass, listedBehind });
		});
		expect(tries.findIndex((givenUp) => givenUp === window)).toBe(inVain === 40 ? -1 : inVain);
	});
});

describe('what can no longer be listed', () => {
	it('is stepped over for good, and stored at once so that it is reported once', () => {
		const { state, type } = started();
		skipLostInterval(state, type, { contentType: TYPE, startMs: NOW - DAY, endMs: NOW - HOUR });
		expect([type.finalMs, type.frontierMs, state.unstored]).toEqual([NOW - HOUR, NOW - HOUR, 'urgent']);
		skipLostInterval(state, type, { contentType: TYPE, startMs: NOW - DAY, endMs: NOW - 2 * HOUR });
		expect([type.finalMs, type.frontierMs]).toEqual([NOW - HOUR, NOW - HOUR]);
	});
});

describe('the watermark', () => {
	it('is where listing is final, unless a blob before it is neither settled nor stored', () => {
		const { type } = started();
		type.finalMs = NOW - HOUR;
		const [early, late] = [openBlob(type, 'early', { createdMs: NOW - 3 * HOUR }), openBlob(type, 'late', { createdMs: NOW })];
		expect(watermark(type, () => true)).toBe(NOW - HOUR);
		expect(watermark(type, (open) => open !== early)).toBe(NOW - 3 * HOUR);
		expect(watermark(type, (open) => open !== late)).toBe(NOW - HOUR);
	});
});

describe('settled blobs', () => {
	it('are forgotten once neither a restart nor the daily listing can bring them again', () => {
		const { type } = started();
		const at = (hours: number) => NOW - hours * HOUR;
		for (const hours of [30, 20, 10]) addContent(type.settled, `${hours}`, at(hours));
		const known = () => [30, 20, 10].filter((hours) => hasContent(type.settled, `${hours}`, at(hours)));
		type.dayListedMs = at(25);
		forgetSettled(type, at(5));
		expect(known()).toEqual([20, 10]);
		// The memory begins no earlier than what was forgotten before.
		expect(type.rememberedMs).toBe(NOW - DAY);
		type.dayListedMs = at(1);
		forgetSettled(type, at(15));
		expect([known(), type.rememberedMs]).toEqual([[10], at(15)]);
	});

	it('are remembered a day longer while the subscription is fresh: its last 24 hours are listed again and again', () => {
		const { type } = started();
		addContent(type.settled, 'x', NOW - 30 * HOUR);
		const known = () => hasContent(type.settled, 'x', NOW - 30 * HOUR);
		Object.assign(type, { rememberedMs: NOW - 2 * DAY, dayListedMs: NOW - 8 * HOUR, freshUntilMs: NOW - 8 * HOUR + 1 });
		forgetSettled(type, NOW);
		expect([known(), type.rememberedMs]).toEqual([true, NOW - DAY - 8 * HOUR]);
		type.freshUntilMs = type.dayListedMs;
		forgetSettled(type, NOW);
		expect([known(), type.rememberedMs]).toEqual([false, NOW - 8 * HOUR]);
	});

	it('that have no room are forgotten, the oldest first, whatever their type', () => {
		const state = checkpointOf('Audit.Exchange', 'DLP.All');
		const [exchange, dlp] = [typeIn(state), typeIn(state, 'DLP.All')];
		const quarter = (number: number) => NOW - number * 15 * MINUTE;
		for (const number of [1, 3, 5]) addContent(exchange.settled, 'x', quarter(number));
		for (const number of [2, 4, 6]) addContent(dlp.settled, 'x', quarter(number));
		const upTo = new Map([[exchange, NOW], [dlp, NOW]]);
		for (const type of upTo.keys()) type.dayListedMs = NOW - DAY;
		const known = () => [1, 2, 3, 4, 5, 6].filter((number) =>
			hasContent((number % 2 ? exchange : dlp).settled, 'x', quarter(number)),
		);
		const bytesOfBucket = 24 + 12;
		forgetSettledBlobs(upTo, 6 * bytesOfBucket);
		expect(known()).toEqual([1, 2, 3, 4, 5, 6]);
		forgetSettledBlobs(upTo, 4 * bytesOfBucket);
		expect(known()).toEqual([1, 2, 3, 4]);
		expect([exchange, dlp].map(({ rememberedMs }) => rememberedMs)).toEqual([quarter(4), quarter(5)]);
	});

	it('of the overlap are kept even without room', () => {
		const { type } = started();
		addContent(type.settled, 'x', NOW - 31 * MINUTE);
		addContent(type.settled, 'y', NOW - 15 * MINUTE);
		type.dayListedMs = NOW - DAY;
		forgetSettledBlobs(new Map([[type, NOW - 1]]), 0);
		expect(hasContent(type.settled, 'y', NOW - 15 * MINUTE)).toBe(true);
		expect(hasContent(type.settled, 'x', NOW - 31 * MINUTE)).toBe(false);
		expect(type.rememberedMs).toBe(NOW - 30 * MINUTE);
		forgetSettledBlobs(new Map([[type, NOW]]), 0);
		expect(type.settled.size).toBe(0);
	});
});

describe('content without a readable time', () => {
	const undated = (contentId: string) => ({ ...blob(contentId, NOW), undated: true });

	it('is new whatever is remembered of times, until it has been delivered', () => {
		const { type, list } = started();
		type.rememberedMs = NOW + HOUR;
		expect(list(NOW - HOUR, NOW, undated('a'))).toBe(1);
		type.open.clear();
		addUndatedContent(type.settled, 'a', NOW);
		expect(list(NOW - HOUR, NOW, undated('a'), undated('b'))).toBe(1);
		expect([...type.open.keys()]).toEqual(['b']);
	});

	it('is known by its ID also when it was delivered with a time', () => {
		const { type, list } = started();
		addContent(type.settled, 'a', NOW - HOUR);
		expect(list(NOW - HOUR, NOW, undated('a'))).toBe(0);
	});
});
