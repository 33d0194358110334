import { FeedFailure, type FailureKind } from '../../nodes/feed/failure';
import { EndlessList, listContent, listWindow, type Page, type PageSource } from '../../nodes/feed/listing';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../nodes/feed/time';
import type { TimeWindow } from '../../nodes/feed/types';

const NOW = Date.UTC(2026, 2, 10, 12);
const YESTERDAY = { startMs: NOW - DAY_MS, endMs: NOW };
const runtime = { now: () => NOW };

type Step = Page | FeedFailure;

const failure = (kind: FailureKind, code?: string) =>
	new FeedFailure({ kind, message: kind, code });

/** Pages by name; a list of steps is gone through from call to call, the last one staying. */
function fake(pages: Record<string, Step | Step[]>) {
	const calls: string[] = [];
	const windows: TimeWindow[] = [];
	const answer = (name: string): Page => {
		calls.push(name);
		const known = pages[name];
		const step = Array.isArray(known) ? (known.length > 1 ? known.shift() : known[0]) : known;
		if (step === undefined) throw new Error(`no page ${name}`);
		if (step instanceof FeedFailure) throw step;
		return step;
	};
	const source: PageSource = {
		firstPage: async (window) => {
			windows.push(window);
			return answer('first');
		},
		nextPage: async (uri) => answer(uri),
	};
	return { source, calls, windows };
}

describe('a listing', () => {
	it('follows every link to a next page, keeping the entries in the order they came', async () => {
		const { source, calls } = fake({
			first: { entries: [1, 2], nextPageUri: 'b' },
			b: { entries: [], nextPageUri: 'c' },
			c: { entries: [3] },
		});
		expect(await listWindow(source, YESTERDAY, runtime)).toEqual({ entries: [1, 2, 3] });
		expect(calls).toEqual(['first', 'b', 'c']);
	});

	it('ends where the link is present but empty', async () => {
		const { source, calls } = fake({ first: { entries: [1], nextPageUri: '' } });
		expect(await listWindow(source, YESTERDAY, runtime)).toEqual({ entries: [1] });
		expect(calls).toEqual(['first']);
	});

	it('whose link went stale in the middle is made again from the start, without entries of the broken one', async () => {
		const { source, calls } = fake({
			first: [
				{ entries: ['old'], nextPageUri: 'b' },
				{ entries: ['new'], nextPageUri: 'b' },
			],
			b: [failure('stalePage', 'AF20031'), { entries: ['rest'] }],
		});
		expect(await listWindow(source, YESTERDAY, runtime)).toEqual({ entries: ['new', 'rest'] });
		expect(calls).toEqual(['first', 'b', 'first', 'b']);
	});

	it('whose links lead in a circle is made again, since pages may be missing', async () => {
		const { source, calls } = fake({
			first: [{ entries: [1], nextPageUri: 'b' }, { entries: [1, 2] }],
			b: { entries: [2], nextPageUri: 'c' },
			c: { entries: [3], nextPageUri: 'b' },
		});
		expect(await listWindow(source, YESTERDAY, runtime)).toEqual({ entries: [1, 2] });
		expect(calls).toEqual(['first', 'b', 'c', 'first']);
	});

	it('is made again three times at most, then it is a failure that says why', async () => {
		const { source, calls } = fake({
			first: { entries: [1], nextPageUri: 'b' },
			b: { entries: [], nextPageUri: 'b' },
		});
		await expect(listWindow(source, YESTERDAY, runtime)).rejects.toMatchObject({
			kind: 'stalePage',
			message: expect.stringContaining('in a circle') as unknown,
		});
		expect(calls.filter((name) => name === 'first')).toHaveLength(4);
	});

	it.each(['permission', 'transient', 'noSubscription', 'cancelled'] as const)(
		'is not made again after %s',
		async (kind) => {
			const { source, calls } = fake({ first: failure(kind) });
			await expect(listWindow(source, YESTERDAY, runtime)).rejects.toMatchObject({ kind });
			expect(calls).toEqual(['first']);
		},
	);

	/** Every page leads to another one. */
	function endless(entriesOnPage: number): { source: PageSource; pages: () => number } {
		let pages = 0;
		const page = async () => ({ entries: Array.from({ length: entriesOnPage }, () => pages), nextPageUri: `page ${++pages}` });
		return { source: { firstPage: page, nextPage: page }, pages: () => pages };
	}

	it.each([
		['pages without an entry', 0, 20_000],
		['ever new entries', 200, 2_500],
	])('that goes on for ever with %s is given up, and says so', async (_, entries, mostPages) => {
		const { source, pages } = endless(entries);
		const listing = listWindow(source, YESTERDAY, runtime);
		await expect(listing).rejects.toBeInstanceOf(EndlessList);
		await expect(listing).rejects.toThrow('has no end');
		expect(pages()).toBe(mostPages);
	});

	it('of 10,001 pages is read to its end', async () => {
		const pages: Record<string, Page> = { first: { entries: [], nextPageUri: '1' } };
		for (let number = 1; number < 10_000; number++) pages[number] = { entries: [], nextPageUri: `${number + 1}` };
		pages[10_000] = { entries: ['last'] };
		expect(await listWindow(fake(pages).source, YESTERDAY, runtime)).toEqual({ entries: ['last'] });
	});

	it('lets a fault of the program through as it is', async () => {
		const source: PageSource = {
			firstPage: async () => await Promise.reject(new TypeError('x')),
			nextPage: async () => ({ entries: [] }),
		};
		await expect(listWindow(source, YESTERDAY, runtime)).rejects.toBeInstanceOf(TypeError);
	});
});

describe('a listing at the seven-day edge', () => {
	const OLD = { startMs: NOW - 7 * DAY_MS - HOUR_MS, endMs: NOW - 6 * DAY_MS - HOUR_MS };
	const edge = (marginMs: number) => NOW - 7 * DAY_MS + marginMs;

	it('starts five minutes inside it and tells the interval that is lost', async () => {
		const { source, windows } = fake({ first: { entries: [1] } });
		const listed = await listWindow(source, OLD, runtime);
		expect(windows).toEqual([{ startMs: edge(5 * MINUTE_MS), endMs: OLD.endMs }]);
		expect(listed).toEqual({
			entries: [1],
			lost: { startMs: OLD.startMs, endMs: edge(5 * MINUTE_MS) },
		});
	});

	it.each(['AF20030', 'AF20055'])(
		'moves inwards after %s, since Microsoft’s clock may be ahead',
		async (code) => {
			const refused = failure('badRequest', code);
			const { source, windows } = fake({ first: [refused, refused, { entries: [] }] });
			const listed = await listWindow(source, OLD, runtime);
			expect(windows.map(({ startMs }) => startMs)).toEqual([
				edge(5 * MINUTE_MS),
				edge(20 * MINUTE_MS),
				edge(HOUR_MS),
			]);
			expect(listed.lost).toEqual({ startMs: OLD.startMs, endMs: edge(HOUR_MS) });
		},
	);

	it('gives up after the widest margin', async () => {
		const { source, calls } = fake({ first: failure('badRequest', 'AF20030') });
		await expect(listWindow(source, OLD, runtime)).rejects.toMatchObject({ code: 'AF20030' });
		expect(calls).toHaveLength(3);
	});

	it('is not moved for a refused range that lies well inside', async () => {
		const { source, calls } = fake({ first: failure('badRequest', 'AF20030') });
		await expect(listWindow(source, YESTERDAY, runtime)).rejects.toMatchObject({ code: 'AF20030' });
		expect(calls).toHaveLength(1);
	});

	it('asks for nothing when the whole window is gone, and says so', async () => {
		const { source, calls } = fake({});
		const gone = { startMs: NOW - 9 * DAY_MS, endMs: NOW - 8 * DAY_MS };
		expect(await listWindow(source, gone, runtime)).toEqual({ entries: [], lost: gone });
		expect(calls).toEqual([]);
	});

	it('is clamped anew when it is made again, because time has passed', async () => {
		let nowMs = NOW;
		const { source, windows } = fake({ first: [failure('stalePage'), { entries: [] }] });
		const listed = await listWindow(source, OLD, { now: () => (nowMs += 10 * SECOND_MS) });
		expect(windows[1]!.startMs).toBeGreaterThan(windows[0]!.startMs);
		expect(listed.lost!.endMs).toBe(windows[1]!.startMs);
	});
});

describe('listed content', () => {
	it('holds each contentId once and counts the entries that cannot be used', async () => {
		const entry = (contentId: unknown) => ({
			contentId,
			contentCreated: '2026-03-10T10:00:00.000Z',
		});
		const { source } = fake({
			first: { entries: [entry('a'), null, entry('b')], nextPageUri: 'b' },
			b: { entries: [entry('a'), entry('..'), 'text'] },
		});
		const { blobs, unusable } = await listContent(source, 'Audit.General', YESTERDAY, runtime);
		expect(blobs.map(({ contentId }) => contentId)).toEqual(['a', 'b']);
		expect(unusable).toBe(3);
	});

	it('is told page by page, so that what a list has brought is known although a later page fails', async () => {
		const entry = (contentId: string) => ({ contentId, contentCreated: '2026-03-10T10:00:00.000Z' });
		const { source } = fake({
			first: { entries: [entry('a'), null], nextPageUri: 'b' },
			b: { entries: [entry('b')], nextPageUri: 'c' },
			c: failure('transient'),
		});
		const found: string[][] = [];
		const listing = listContent(source, 'Audit.General', YESTERDAY, runtime, (blobs) =>
			found.push(blobs.map(({ contentId }) => contentId)),
		);
		await expect(listing).rejects.toMatchObject({ kind: 'transient' });
		expect(found).toEqual([['a'], ['b']]);
	});

	it('tells the lost interval too', async () => {
		const window = { startMs: NOW - 9 * DAY_MS, endMs: NOW - 8 * DAY_MS };
		const listed = await listContent(fake({}).source, 'Audit.General', window, runtime);
		expect(listed).toEqual({ blobs: [], unusable: 0, lost: window });
	});
});
