import type { Break } from '../break.mts';

const RECORD = 'nodes/feed/checkpoint/recordListing.ts';
const ENCODE = 'nodes/feed/checkpoint/encodeCheckpoint.ts';
const DECODE = 'nodes/feed/checkpoint/decodeCheckpoint.ts';
const BLOBS = 'nodes/feed/checkpoint/storedBlobs.ts';
const RUNS = 'nodes/trigger/collector/runs.ts';
const SESSION = 'nodes/trigger/collector/session.ts';
const COLLECT = 'nodes/trigger/collector/collect.ts';
const STATIC = 'nodes/trigger/staticData.ts';
const STORED_TEST = 'test/feed/checkpoint/storedCheckpoint.test.mts';
const BOUND_TEST = 'test/feed/checkpoint/bound.test.mts';
const IDENTITY = 'test/trigger/nodeIdentity.test.mts';
const TRIGGER = 'test/trigger/trigger.test.mts';
const LONG_RUNS = 'test/trigger/collector/longRuns.test.mts';
const PROMISES = 'test/trigger/collector/promises.test.mts';

/** What survives the end of the process, an edit and another name. */
export const STORING: Break[] = [
	{
		rule: 'the stored watermark stays behind every blob that is neither settled nor stored',
		file: RECORD,
		from: 'if (!isStored(open)) watermarkMs = Math.min(watermarkMs, open.blob.createdMs);',
		to: 'if (isStored(open)) watermarkMs = Math.min(watermarkMs, open.blob.createdMs);',
	},
	{
		rule: 'the stored watermark lies no farther than what is final',
		file: RECORD,
		from: 'let watermarkMs = type.finalMs;',
		to: 'let watermarkMs = type.frontierMs;',
	},
	{
		rule: 'blobs in trouble are stored',
		file: BLOBS,
		from: '.filter((open) => open.touched || ',
		to: '.filter((open) => ',
	},
	{
		rule: 'blobs that can soon not be listed any more are stored',
		file: BLOBS,
		from: '.filter((open) => open.touched || open.blob.createdMs < nowMs - SOON_UNLISTED_MS)',
		to: '.filter((open) => open.touched)',
		noticedBy: PROMISES,
	},
	{
		rule: 'a blob of which a part was delivered is stored',
		file: 'nodes/feed/checkpoint/ranges.ts',
		from: 'open.touched = true;',
		to: '',
	},
	{
		rule: 'progress inside a blob is stored',
		file: BLOBS,
		from: 'ranges.map(({ from, to, batch }) => (batch === undefined ? [from, to] : [from, to, batch])),',
		to: '[[0, null]],',
	},
	{
		rule: 'a failed batch is stored with its blobs',
		file: BLOBS,
		from: 'stored.batches.set(number, { ...batch });',
		to: 'void [number, batch];',
	},
	{
		rule: 'the stored checkpoint has a bound for blobs in trouble',
		file: BLOBS,
		from: 'if (bytes > room) continue;',
		to: '',
		noticedBy: BOUND_TEST,
	},
	{
		rule: 'the oldest of them have room first',
		file: BLOBS,
		from: '.sort((a, b) => a.blob.createdMs - b.blob.createdMs);',
		to: '.sort((a, b) => b.blob.createdMs - a.blob.createdMs);',
		noticedBy: BOUND_TEST,
	},
	{
		rule: 'settled blobs get only the room that is left',
		file: ENCODE,
		from: 'const room = MAX_CHECKPOINT_BYTES - bytesOf(stored);',
		to: 'const room = MAX_CHECKPOINT_BYTES;',
		noticedBy: BOUND_TEST,
	},
	{
		rule: 'a blob that lost its room is not taken for a settled one',
		file: ENCODE,
		from: 'rememberedMs: Math.min(type.rememberedMs, listedUpToMs),',
		to: 'rememberedMs: type.rememberedMs,',
		noticedBy: BOUND_TEST,
	},
	{
		rule: 'delivered event Ids are stored',
		file: ENCODE,
		from: 'seenEvents: packEventMemory(state.seenEvents),',
		to: "seenEvents: '',",
	},
	{
		rule: 'settled blobs are stored',
		file: ENCODE,
		from: 'encodeType(type, nowMs, listedUpToMs, open, settled[index]!);',
		to: 'encodeType(type, nowMs, listedUpToMs, open, {});',
	},
	{
		rule: 'the wait of the start throttle is stored',
		file: DECODE,
		from: 'state.startNotBeforeMs = time(stored.startNotBeforeMs);',
		to: '',
		noticedBy: 'test/trigger/subscriptions.test.mts',
	},
	{
		rule: 'a checkpoint of a newer version is refused',
		file: DECODE,
		from: "if (typeof version === 'number' && version > STORED_VERSION) {",
		to: "if (typeof version === 'number' && version > STORED_VERSION + 1) {",
		noticedBy: STORED_TEST,
	},
	{
		rule: 'a damaged checkpoint is never silently reset',
		file: DECODE,
		from: 'return { problem: `It is damaged (${reason}).` };',
		to: 'return reason ? createCheckpoint(0) : { problem: `` };',
		noticedBy: STORED_TEST,
	},
	{
		rule: 'every number of a stored checkpoint is checked',
		file: DECODE,
		from: "if (!Number.isSafeInteger(value) || value < 0) throw new Damage('a number is missing');",
		to: '',
		noticedBy: STORED_TEST,
	},
	{
		rule: 'a checkpoint that cannot be used is told',
		file: 'nodes/trigger/poll.ts',
		from: 'if (problem) {',
		to: 'if (problem === undefined && nowMs < 0) {',
		noticedBy: TRIGGER,
	},
	{
		rule: 'a checkpoint that cannot be used is set aside',
		file: STATIC,
		from: 'data[SET_ASIDE] =',
		to: 'data.nothing =',
		noticedBy: TRIGGER,
	},
	{
		rule: 'what is set aside stays small',
		file: STATIC,
		from: 'text.length > MAX_SET_ASIDE_CHARACTERS\n',
		to: 'text.length < 0\n',
		noticedBy: TRIGGER,
	},
	{
		rule: 'the newer copy in memory wins over an older one from the database',
		file: SESSION,
		from: 'if (memory && !isNewer) return memory;',
		to: '',
	},
	{
		rule: 'of two equal copies the one in memory wins: it knows the runs that are under way',
		file: SESSION,
		from: 'storedSequence > memory.state.sequence',
		to: 'storedSequence >= memory.state.sequence',
	},
	{
		rule: 'a newer copy in the database wins: another process was at work',
		file: SESSION,
		from: 'if (memory && !isNewer) return memory;',
		to: 'if (memory) return memory;',
		noticedBy: 'test/trigger/collector/session.test.mts',
	},
	{
		rule: 'every save has a number of its own',
		file: RUNS,
		from: 'session.state.sequence++;',
		to: '',
		noticedBy: TRIGGER,
	},
	{
		rule: 'a renamed node finds its place by a copy',
		file: STATIC,
		from: 'global[key] = copy as unknown as IDataObject;',
		to: '',
		noticedBy: TRIGGER,
	},
	{
		rule: 'the copy lies behind blobs that are stored by themselves',
		file: STATIC,
		from: 'created.reduce((a, b) => Math.min(a, b), listedUpToMs)',
		to: 'created.reduce((a) => a, listedUpToMs)',
	},
	{
		rule: 'a node that is renamed back does not fall back to what it left there',
		file: STATIC,
		from: 'return renamed && sequence >= 0 && sequence < sequenceOf(copy);',
		to: 'return renamed && sequence < 0;',
		noticedBy: TRIGGER,
	},
	{
		rule: 'of copy and checkpoint under one name the checkpoint is the better one',
		file: STATIC,
		from: 'return renamed && sequence >= 0',
		to: 'return sequence >= 0',
		noticedBy: IDENTITY,
	},
	{
		rule: 'a duplicate begins afresh: a checkpoint belongs to one node',
		file: STATIC,
		from: "return typeof nodeId === 'string' && nodeId !== id;",
		to: "return typeof nodeId === 'string' && nodeId === '';",
	},
	{
		rule: 'progress that n8n has not stored for an hour is stored by an empty run',
		file: COLLECT,
		from: 'settled: HOUR_MS,',
		to: 'settled: Infinity,',
		noticedBy: LONG_RUNS,
	},
	{
		rule: 'it does not get older than the overlap',
		file: COLLECT,
		from: "unstored === 'settled' ? work.options.overlapMs : Infinity",
		to: 'Infinity',
		noticedBy: PROMISES,
	},
	{
		rule: 'what must not be lost is stored at once',
		file: COLLECT,
		from: 'urgent: 0,',
		to: 'urgent: Infinity,',
		noticedBy: TRIGGER,
	},
	{
		rule: 'empty runs are rare',
		file: COLLECT,
		from: 'times: 4 * HOUR_MS,',
		to: 'times: 0,',
		noticedBy: LONG_RUNS,
	},
];
