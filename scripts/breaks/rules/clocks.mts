import type { Break } from '../break.mts';

const CLOCK = 'nodes/feed/checkpoint/clock.ts';
const RECORD = 'nodes/feed/checkpoint/recordListing.ts';
const RANGES = 'nodes/feed/checkpoint/ranges.ts';
const STORED_BLOBS = 'nodes/feed/checkpoint/storedBlobs.ts';
const ENCODE = 'nodes/feed/checkpoint/encodeCheckpoint.ts';
const CLOCK_TEST = 'test/trigger/collector/clock.test.mts';
const UNDATED = 'test/trigger/collector/undated.test.mts';

/** Clocks that are put right, and times that cannot be read. */
export const CLOCKS: Break[] = [
	{
		rule: 'a clock that was set back takes back what was listed by it',
		file: CLOCK,
		from: 'type.finalMs = Math.min(type.finalMs, listedUpToMs);',
		to: '',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back repeats nothing that may be delivered once at most',
		file: CLOCK,
		from: 'mayRepeat ? retentionEdge(nowMs) + EDGE_DISTANCE_MS : nowMs',
		to: 'retentionEdge(nowMs) + EDGE_DISTANCE_MS',
		noticedBy: 'test/feed/checkpoint/clock.test.mts',
	},
	{
		rule: 'a clock that was set back takes back what may be forgotten',
		file: CLOCK,
		from: 'type.rememberedMs = Math.min(type.rememberedMs, type.finalMs);',
		to: '',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back ends the waits',
		file: CLOCK,
		from: '\tendWaits(state);\n',
		to: '',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back has the last 24 hours listed at once',
		file: CLOCK,
		from: 'type.dayListedMs = Math.min(type.dayListedMs, nowMs - DAY_MS);',
		to: '',
		noticedBy: 'test/feed/checkpoint/clock.test.mts',
	},
	{
		rule: 'a clock that is put right by minutes changes nothing',
		file: CLOCK,
		from: 'setBackMs <= CLOCK_SKEW_MS',
		to: 'setBackMs <= 0',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back takes the start back, too',
		file: CLOCK,
		from: 'type.startMs -= setBackMs;',
		to: '',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'what is listed again after a clock was set back is not too old before it is listed',
		file: CLOCK,
		from: ' + EDGE_DISTANCE_MS',
		to: '',
		noticedBy: 'test/feed/checkpoint/clock.test.mts',
	},
	{
		rule: 'a clock that was set back does not keep a subscription fresh',
		file: CLOCK,
		from: 'Math.min(type.freshUntilMs, nowMs + DAY_MS)',
		to: 'type.freshUntilMs',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back does not prolong the life of content',
		file: CLOCK,
		from: 'Math.min(open.listedMs, nowMs)',
		to: 'open.listedMs',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back does not prolong the time until content is known to be gone',
		file: CLOCK,
		from: 'Math.min(open.goneSinceMs, nowMs)',
		to: 'open.goneSinceMs',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back does not prolong runs',
		file: 'nodes/trigger/collector/clock.ts',
		from: 'Math.min(run.startedMs, nowMs)',
		to: 'run.startedMs',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back does not prolong its poll',
		file: 'nodes/trigger/collector/clock.ts',
		from: 'nowMs < session.state.clockMs ? 0 : ',
		to: '',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that was set back under a poll is noticed after a restart',
		file: ENCODE,
		from: 'Math.max(nowMs, state.clockMs)',
		to: 'nowMs',
		noticedBy: 'test/feed/checkpoint/clock.test.mts',
	},
	{
		rule: 'a clock that was set back is noticed by a trigger that has only the copy of its times',
		file: 'nodes/trigger/staticData.ts',
		from: 'if (isRecord(copy) && isTime(copy.savedMs)) state.clockMs = copy.savedMs;',
		to: '',
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'content of unknown time is known by its contentId',
		file: RECORD,
		from: 'if (undated) return !hasContentOfAnyTime(type.settled, contentId);\n',
		to: '',
		noticedBy: UNDATED,
	},
	{
		rule: 'content of unknown time is remembered as the newest that it can be',
		file: RANGES,
		from: 'Math.max(createdMs, open.listedMs)',
		to: 'createdMs',
		noticedBy: UNDATED,
	},
	{
		rule: 'content whose time can be read at last is the same as before',
		file: 'nodes/feed/checkpoint/contentMemory.ts',
		from: '\taddContent(memory, settledUndated(contentId), latestMs);\n',
		to: '',
		noticedBy: UNDATED,
	},
	{
		rule: 'that its time is unknown is stored with content',
		file: STORED_BLOBS,
		from: 'if (blob.undated) encoded.push(1);',
		to: '',
		noticedBy: UNDATED,
	},
	{
		rule: 'that a subscription is fresh is stored',
		file: ENCODE,
		from: 'nowMs < (type.freshUntilMs ?? 0)',
		to: 'nowMs < 0',
		noticedBy: 'test/trigger/slowBlobs.test.mts',
	},
];
