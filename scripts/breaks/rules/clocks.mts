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
		from: 'Math.min(type.finalMs, nowMs - overlapMs - CLOCK_SKEW_MS)',
		to: 'type.finalMs',
		noticedBy: CLOCK_TEST,
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
		noticedBy: CLOCK_TEST,
	},
	{
		rule: 'a clock that is put right by minutes changes nothing',
		file: CLOCK,
		from: 'nowMs < state.clockMs - CLOCK_SKEW_MS',
		to: 'nowMs < state.clockMs',
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
