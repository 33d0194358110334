import type { Break } from '../break.mts';

const PLAN = 'nodes/feed/checkpoint/listingPlan.ts';
const RECORD = 'nodes/feed/checkpoint/recordListing.ts';
const LIST = 'nodes/trigger/collector/listNews.ts';
const PLAN_TEST = 'test/feed/checkpoint/listingPlan.test.mts';
const LONG_LISTINGS = 'test/trigger/collector/longListings.test.mts';
const OUTAGES = 'test/trigger/collector/outages.test.mts';
const TRIGGER = 'test/trigger/trigger.test.mts';

/** What is listed, when, and what happens if it cannot be. */
export const LISTING: Break[] = [
	{
		rule: 'the overlap is listed again and again',
		file: RECORD,
		from: 'Math.min(window.endMs, listedMs - overlapMs - CLOCK_SKEW_MS)',
		to: 'window.endMs',
	},
	{
		rule: 'clocks may differ by minutes',
		file: PLAN,
		from: 'CLOCK_SKEW_MS = 10 * MINUTE_MS',
		to: 'CLOCK_SKEW_MS = 0 * MINUTE_MS',
	},
	{
		rule: 'the whole overlap is listed every quarter of an hour',
		file: PLAN,
		from: 'wholeDay || nowMs - type.overlapListedMs >= SHORT_OVERLAP_MS',
		to: 'wholeDay',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'a listing that leaves a gap does not move the checkpoint',
		file: RECORD,
		from: 'if (window.startMs <= type.finalMs) {',
		to: 'if (window.startMs > 0) {',
	},
	{
		rule: 'polls in between list what is at most 15 minutes old',
		file: PLAN,
		from: 'Math.min(type.frontierMs, nowMs) - SHORT_OVERLAP_MS;',
		to: 'Math.min(type.frontierMs, nowMs);',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'a clock that was set back does not stop the listing',
		file: PLAN,
		from: 'Math.min(type.frontierMs, nowMs) -',
		to: 'type.frontierMs -',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'the last 24 hours are listed once a day',
		file: PLAN,
		from: 'nowMs - type.dayListedMs >= DAY_MS',
		to: 'nowMs < type.dayListedMs',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'that they were listed is remembered',
		file: RECORD,
		from: 'if (pass.wholeDay) type.dayListedMs = pass.startedMs;',
		to: '',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'the daily listing reaches back as far as settled blobs are remembered',
		file: PLAN,
		from: 'Math.max(nowMs - DAY_MS, type.rememberedMs)',
		to: 'nowMs - DAY_MS',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'nothing before the start is listed',
		file: PLAN,
		from: 'atMs: Math.max(atMs, type.startMs),',
		to: 'atMs,',
		noticedBy: PLAN_TEST,
	},
	{
		rule: 'the start is honoured exactly',
		file: RECORD,
		from: 'blob.createdMs >= Math.max(type.startMs, type.rememberedMs)',
		to: 'blob.createdMs >= type.rememberedMs - 3_600_000',
	},
	{
		rule: 'a window is at most 24 hours long',
		file: PLAN,
		from: 'Math.min(startMs + pass.maxWindowMs, Math.floor(nowMs / SECOND_MS) * SECOND_MS)',
		to: 'Math.floor(nowMs / SECOND_MS) * SECOND_MS',
	},
	{
		rule: 'windows are whole seconds',
		file: PLAN,
		from: 'Math.floor(Math.max(pass.atMs, edgeMs) / SECOND_MS) * SECOND_MS',
		to: 'Math.max(pass.atMs, edgeMs)',
	},
	{
		rule: 'no window begins beyond the seven days',
		file: PLAN,
		from: 'Math.floor(Math.max(pass.atMs, edgeMs) / SECOND_MS)',
		to: 'Math.floor(pass.atMs / SECOND_MS)',
	},
	{
		rule: 'an interval that can no longer be listed is told',
		file: LIST,
		from: 'if (news && !atStart) ports.report',
		to: 'if (!news && !atStart) ports.report',
	},
	{
		rule: 'a lost interval is told once',
		file: RECORD,
		from: 'type.finalMs = Math.max(type.finalMs, lost.endMs);',
		to: '',
	},
	{
		rule: 'what is lost while a type is refused is told by the day',
		file: LIST,
		from: 'if (lost && lost.endMs - Math.max(lost.startMs, type.finalMs) >= DAY_MS) reportLost(work, type, lost);',
		to: 'if (lost) reportLost(work, type, lost);',
		noticedBy: OUTAGES,
	},
	{
		rule: 'it is told although the type goes on being refused',
		file: LIST,
		from: 'if (lost && lost.endMs - Math.max(lost.startMs, type.finalMs) >= DAY_MS) reportLost(work, type, lost);',
		to: '',
		noticedBy: OUTAGES,
	},
	{
		rule: 'what the seven days cut off at the first listing is nothing that anybody had',
		file: LIST,
		from: 'if (news && !atStart)',
		to: 'if (news)',
	},
	{
		rule: 'what is cut off at the moment of sending is told, too',
		file: LIST,
		from: 'for (const each of [cutOff, lost])',
		to: 'for (const each of [cutOff])',
		noticedBy: OUTAGES,
	},
	{
		rule: 'a content type that is refused does not hold up the others',
		file: LIST,
		from: 'if (type.listing.notBeforeMs > ports.runtime.now()) return;',
		to: 'if ([...session.state.types.values()].some(({ listing }) => listing.failures > 0)) return;',
		noticedBy: TRIGGER,
	},
	{
		rule: 'a content type that cannot be listed is told',
		file: LIST,
		from: "ports.report({ kind: 'typeFailed', contentType: type.contentType, failure: error });",
		to: '',
		noticedBy: OUTAGES,
	},
	{
		rule: 'it is told once as long as the reason is the same',
		file: LIST,
		from: 'passing || type.reported === reason ||',
		to: 'passing ||',
		noticedBy: OUTAGES,
	},
	{
		rule: 'it is told again after it had worked',
		file: LIST,
		from: 'delete type.reported;',
		to: '',
		noticedBy: OUTAGES,
	},
	{
		rule: 'what usually passes is told only when it lasts',
		file: LIST,
		from: 'mayPass && type.listing.failures < FAILURES_UNTIL_TOLD',
		to: 'mayPass && type.listing.failures < 0',
		noticedBy: OUTAGES,
	},
	{
		rule: 'Retry-After of a listing is kept',
		file: LIST,
		from: 'MAX_WAIT_MS, error.retryAfterMs)',
		to: 'MAX_WAIT_MS)',
	},
	{
		rule: 'a listing that worked ends the back-off of those that failed',
		file: LIST,
		from: 'resetBackOff(type.listing);',
		to: '',
		noticedBy: OUTAGES,
	},
	{
		rule: 'a full window makes the next one shorter, so that a backlog comes in portions',
		file: LIST,
		from: 'if (blobs.length > FULL_WINDOW_BLOBS)',
		to: 'if (blobs.length < 0)',
		noticedBy: 'test/trigger/backlog.test.mts',
	},
	{
		rule: 'a window that takes longer than a poll is asked for by halves',
		file: LIST,
		from: 'shorten(pass, endMs - startMs);',
		to: 'void endMs, startMs;',
		noticedBy: LONG_LISTINGS,
	},
	{
		rule: 'the next poll goes on where the listing stopped',
		file: 'nodes/trigger/collector/collect.ts',
		from: 'resumePasses(work);',
		to: 'session.passes.clear();',
		noticedBy: LONG_LISTINGS,
	},
	{
		rule: 'the end of a poll is no failure of the content type',
		file: LIST,
		from: "if (listed.failure.kind === 'cancelled') interrupt(pass, window);\n\t\telse typeFailed",
		to: "if (listed.failure.kind === 'cancelled') interrupt(pass, window);\n\t\ttypeFailed",
		noticedBy: LONG_LISTINGS,
	},
	{
		rule: 'a content type whose list is not answered does not hold up the others',
		file: 'nodes/trigger/collector/collect.ts',
		from: 'await Promise.race([listing.end, ports.runtime.sleep(Math.min(PATIENCE_MS, leftMs))]);',
		to: 'await (leftMs < 0 ? undefined : listing.end);',
		noticedBy: LONG_LISTINGS,
	},
	{
		rule: 'listing stops while many blobs wait',
		file: LIST,
		from: 'while (untroubled(type) < MAX_OPEN_BLOBS && ',
		to: 'while (',
		noticedBy: 'test/trigger/backlog.test.mts',
	},
];
