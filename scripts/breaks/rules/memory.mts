import type { Break } from '../break.mts';

const RECORD = 'nodes/feed/checkpoint/recordListing.ts';
const CONTENT = 'nodes/feed/checkpoint/contentMemory.ts';
const EVENTS = 'nodes/feed/checkpoint/eventMemory.ts';
const RANGES = 'nodes/feed/checkpoint/ranges.ts';
const OUTCOME = 'nodes/feed/checkpoint/outcome.ts';
const PREPARE = 'nodes/trigger/collector/prepare.ts';
const MEMORY_TEST = 'test/feed/checkpoint/memory.test.mts';
const PROMISES = 'test/trigger/collector/promises.test.mts';

/** What is remembered of that which was delivered, and for how long. */
export const MEMORY: Break[] = [
	{
		rule: 'a blob is remembered after its delivery',
		file: RANGES,
		from: 'if (createdMs >= type.rememberedMs) addContent',
		to: 'if (createdMs < type.rememberedMs) addContent',
	},
	{
		rule: 'a remembered blob is not taken for a new one',
		file: RECORD,
		from: '!hasContent(type.settled, contentId, createdMs)',
		to: 'true',
	},
	{
		rule: 'an open blob that is listed again keeps what is known of it',
		file: RECORD,
		from: 'if (type.open.has(contentId)) return false;',
		to: '',
	},
	{
		rule: 'what is remembered is filed by contentCreated, not by the clock on the wall',
		file: RANGES,
		from: 'addContent(type.settled, contentId, createdMs)',
		to: 'addContent(type.settled, contentId, type.overlapListedMs)',
	},
	{
		rule: 'it is dropped by the clock that decides what is listed again',
		file: RECORD,
		from: 'Math.min(watermarkMs, type.dayListedMs - (isFresh ? DAY_MS : 0))',
		to: 'Math.max(watermarkMs, type.overlapListedMs)',
	},
	{
		rule: 'it is kept for the next daily listing',
		file: RECORD,
		from: 'Math.min(watermarkMs, type.dayListedMs - (isFresh ? DAY_MS : 0))',
		to: 'watermarkMs',
		noticedBy: PROMISES,
	},
	{
		rule: 'it is dropped at last',
		file: RECORD,
		from: 'forgetContentBefore(type.settled, type.rememberedMs);',
		to: '',
	},
	{
		rule: 'a bucket is dropped only when all of it may be',
		file: CONTENT,
		from: 'if ((bucket + 1) * BUCKET_MS <= beforeMs) memory.delete(bucket);',
		to: 'if (bucket * BUCKET_MS <= beforeMs) memory.delete(bucket);',
		noticedBy: MEMORY_TEST,
	},
	{
		rule: 'a fingerprint is long enough never to take a new blob for a seen one',
		file: 'nodes/feed/checkpoint/fingerprint.ts',
		from: 'FINGERPRINT_BITS = 56',
		to: 'FINGERPRINT_BITS = 48',
		noticedBy: MEMORY_TEST,
	},
	{
		rule: 'delivered event Ids are remembered',
		file: OUTCOME,
		from: 'rememberEvents(state.seenEvents, batch.ids);',
		to: '',
	},
	{
		rule: 'event Ids are remembered when they are delivered, not before',
		file: PREPARE,
		from: 'batch.ids.push(id);',
		to: 'batch.ids.push(id);\n\t\t\tsession.state.seenEvents.add(id);',
	},
	{
		rule: 'a remembered event does not come again in another blob',
		file: PREPARE,
		from: '(session.state.seenEvents.has(id) || underway.has(id))',
		to: 'underway.has(id)',
	},
	{
		rule: 'an event that is under way does not come again in another run',
		file: PREPARE,
		from: 'for (const run of session.runs) for (const id of run.batch.ids) underway.add(id);',
		to: '',
	},
	{
		rule: 'an event does not come twice in one batch',
		file: PREPARE,
		from: 'underway.add(id);\n\t\t\tbatch',
		to: 'batch',
	},
	{
		rule: 'events without Id always pass',
		file: PREPARE,
		from: "return typeof Id === 'string' && Id !== '' ? fingerprint(Id) : undefined;",
		to: 'return fingerprint(String(Id));',
	},
	{
		rule: 'the oldest event Ids are forgotten first',
		file: EVENTS,
		from: 'if (surplus-- <= 0) break;',
		to: 'if (surplus <= 0) break;',
		noticedBy: MEMORY_TEST,
	},
	{
		rule: 'an event Id that is delivered again counts as the newest',
		file: EVENTS,
		from: 'memory.delete(id);\n\t\tmemory.add(id);',
		to: 'memory.add(id);',
		noticedBy: MEMORY_TEST,
	},
	{
		rule: 'event Ids keep their order through storing',
		file: EVENTS,
		from: "Buffer.from([...memory].join(''), 'hex')",
		to: "Buffer.from([...memory].sort().join(''), 'hex')",
		noticedBy: MEMORY_TEST,
	},
	{
		rule: 'buffers that a download leaves behind are asked back while it goes on',
		file: 'nodes/actions/event/blobEvents.ts',
		from: '\t\tsource.consumed(chunk.length);\n',
		to: '',
		noticedBy: 'test/actions/blobEvents.test.mts',
	},
	{
		rule: 'a small file makes nobody collect anything',
		file: 'nodes/actions/event/reclaimBuffers.ts',
		from: 'let bytesLeft = FIRST_BYTES;',
		to: 'let bytesLeft = 0;',
		noticedBy: 'test/actions/reclaimBuffers.test.mts',
	},
];
