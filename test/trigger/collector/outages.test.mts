import { createCheckpoint, NO_BACK_OFF, selectTypes, type TypeState } from '../../../nodes/feed/checkpoint/state';
import { listNews } from '../../../nodes/trigger/collector/listNews';
import { newSession } from '../../../nodes/trigger/collector/session';
import type { Work } from '../../../nodes/trigger/collector/types';
import { DAY, HOUR, MINUTE } from './units.mts';
import { createWorld } from './world.mts';

const world = () =>
	createWorld({
		types: ['Audit.Exchange', 'Audit.General'],
		skewMs: 0,
		startBackMs: 0,
		pollBudgetMs: 5 * MINUTE,
		random: () => 0.5,
		options: {},
	});

describe('a content type that cannot be listed', () => {
	it('is told once as long as the reason is the same, and again after it had worked', async () => {
		const { poll, advance, reports, setListing } = world();
		for (const fails of [['Audit.Exchange'], 'none', ['Audit.Exchange']] as const) {
			setListing(fails === 'none' ? fails : [...fails]);
			for (let polls = 0; polls < 20; polls++) {
				await poll();
				await advance(30 * MINUTE);
			}
		}
		expect(reports.map(({ kind }) => kind)).toEqual(['typeFailed', 'typeFailed']);
	});
});

describe('a content type that is refused for longer than Microsoft keeps content', () => {
	it('is told of what it loses a day at a time, not at every poll, and of the rest when it works again', async () => {
		const { poll, advance, reports, setListing, time } = world();
		const startMs = time.now();
		const polls = async (hours: number) => {
			for (let count = 0; count < hours * 2; count++) {
				await poll();
				await advance(30 * MINUTE);
			}
		};
		setListing(['Audit.Exchange']);
		await polls(10 * 24);
		const lost = () => reports.filter(({ kind }) => kind === 'lostInterval');
		expect(lost().length).toBeGreaterThan(1);
		expect(lost().length).toBeLessThan(4);
		setListing('none');
		await polls(1);
		const intervals = lost().map((report) => (report.kind === 'lostInterval' ? report.interval : undefined));
		expect(intervals[0]?.startMs).toBe(startMs);
		intervals.slice(1).forEach((interval, index) => expect(interval?.startMs).toBe(intervals[index]?.endMs));
		expect(intervals.at(-1)?.endMs).toBeGreaterThan(startMs + 3 * DAY);
	});
});

describe('listings that are throttled', () => {
	it('are not told when it lasts for an hour and a half, and leave nothing behind when it is over', async () => {
		const { poll, advance, reports, session, throttle } = world();
		throttle({ request: 'list', minutes: 90, tellsAlways: false });
		for (let polls = 0; polls < 30; polls++) {
			await poll();
			await advance(5 * MINUTE);
		}
		expect(reports).toEqual([]);
		expect([...session().state.types.values()].map(({ listing }) => listing)).toEqual([NO_BACK_OFF, NO_BACK_OFF]);
	});
});

/** Lists once, by a trigger that was switched on at `begunMs` with this start; returns what was told as lost. */
async function lostIn({ startMs, begunMs, nowMs, stage, list }: {
	startMs: number;
	begunMs: number;
	nowMs: number;
	stage?: (session: Work['session'], type: TypeState) => void;
	list?: (window: { startMs: number }) => { blobs: []; lost?: { startMs: number; endMs: number } };
}): Promise<unknown[]> {
	const session = newSession(createCheckpoint(begunMs));
	selectTypes(session.state, ['Audit.Exchange'], startMs, begunMs);
	stage?.(session, session.state.types.get('Audit.Exchange')!);
	const lost: unknown[] = [];
	const work = {
		session,
		ports: {
			list: async (_: unknown, window: { startMs: number }) =>
				await Promise.resolve(list?.(window) ?? { blobs: [] }),
			report: ({ interval }: { interval: unknown }) => void lost.push(interval),
			runtime: { now: () => nowMs },
		},
		options: { overlapMs: HOUR, deadlineMs: nowMs + MINUTE },
	};
	await listNews(work as unknown as Work);
	return lost;
}

describe('an interval that can no longer be listed', () => {
	const nowMs = Date.parse('2026-03-10T10:00:00Z');
	const edgeMs = nowMs - 7 * DAY + 5 * MINUTE;
	const contentType = 'Audit.Exchange';

	it('is told also when it is cut off between planning and sending', async () => {
		const startMs = edgeMs + 5 * MINUTE;
		const list = (window: { startMs: number }) =>
			({ blobs: [] as [], lost: { startMs: window.startMs, endMs: window.startMs + 2 * MINUTE } });
		const stage = (_: unknown, type: TypeState) => void (type.overlapListedMs = nowMs - DAY);
		const lost = await lostIn({ startMs, begunMs: nowMs, nowMs, stage, list });
		expect(lost[0]).toEqual({ contentType, startMs, endMs: startMs + 2 * MINUTE });
	});

	it('is told from where nothing is final, also when its pass had stepped over content without listing it', async () => {
		const startMs = edgeMs - 3 * DAY;
		const lost = await lostIn({
			...{ startMs, begunMs: startMs, nowMs },
			stage: ({ passes }) => {
				const times = { atMs: edgeMs - HOUR, startedMs: nowMs, maxWindowMs: DAY };
				passes.set(contentType, { contentType, ...times, wholeOverlap: true, wholeDay: true });
			},
		});
		expect(lost[0]).toEqual({ contentType, startMs, endMs: edgeMs });
	});

	it('is nothing that anybody had where the seven days cut it off before the first listing', async () => {
		const startMs = edgeMs - 30 * MINUTE;
		expect(await lostIn({ startMs, begunMs: nowMs - 20 * MINUTE, nowMs })).toEqual([]);
	});

	it('is a loss also right after the start, if it could be listed when the trigger was switched on', async () => {
		const startMs = edgeMs - 30 * MINUTE;
		expect(await lostIn({ startMs, begunMs: startMs + HOUR, nowMs })).toEqual([{ contentType, startMs, endMs: edgeMs }]);
	});
});

describe('downloads that fail for hours', () => {
	it('leave few blobs in trouble, and all arrive when they work again', async () => {
		const { poll, advance, publish, runs, session, setReading, time } = world();
		setReading('down');
		let number = 0;
		const polls = async (hours: number) => {
			for (let minutes = 0; minutes < hours * 60; minutes += 5) {
				const createdMs = time.now();
				const expiresMs = createdMs + 7 * 24 * HOUR;
				const contentCreated = new Date(createdMs).toISOString();
				const contentExpiration = new Date(expiresMs).toISOString();
				const times = { createdMs, contentCreated, expiresMs, contentExpiration };
				publish({
					blob: { contentType: 'Audit.Exchange', contentId: `blob-${number}`, ...times },
					events: [{ uid: `${number++}`, Id: `${number}` }],
					visibleMs: createdMs,
				});
				await poll();
				await advance(5 * MINUTE);
			}
		};
		await polls(24);
		const troubled = [...(session().state.types.get('Audit.Exchange')?.open.values() ?? [])].filter(
			({ touched }) => touched,
		);
		expect(troubled.length).toBeLessThan(110);
		setReading('ok');
		await polls(8);
		await poll();
		expect(new Set(runs.flatMap(({ uids }) => uids)).size).toBe(number);
	});
});
