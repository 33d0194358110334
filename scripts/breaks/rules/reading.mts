import type { Break } from '../break.mts';

const READ = 'nodes/feed/checkpoint/readOutcome.ts';
const NEXT = 'nodes/feed/checkpoint/nextWork.ts';
const BACK_OFF = 'nodes/feed/checkpoint/backOff.ts';
const PREPARE = 'nodes/trigger/collector/prepare.ts';
const REFUSED = 'test/trigger/collector/refusedContent.test.mts';
const SHORTENED = 'test/trigger/collector/shortenedBlob.test.mts';
const WAITS = 'test/feed/checkpoint/waits.test.mts';
const OUTAGES = 'test/trigger/collector/outages.test.mts';
const PROMISES = 'test/trigger/collector/promises.test.mts';

/** Blobs that cannot be read, and waits that Microsoft asks for. */
export const READING: Break[] = [
	{
		rule: 'a blob that cannot be read is tried until it expires',
		file: READ,
		from: 'nowMs >= (open.blob.expiresMs ?? open.listedMs + DEFAULT_LIFE_MS)',
		to: 'open.reading.failures >= 2',
	},
	{
		rule: 'one without an expiration is tried for seven days',
		file: READ,
		from: 'open.listedMs + DEFAULT_LIFE_MS',
		to: 'open.listedMs',
		noticedBy: WAITS,
	},
	{
		rule: 'content of which Microsoft says that it does not exist is tried for an hour',
		file: READ,
		from: 'nowMs - open.goneSinceMs >= GONE_AFTER_MS',
		to: 'nowMs > open.goneSinceMs',
	},
	{
		rule: 'only Microsoft can say that content does not exist, not a gateway',
		file: READ,
		from: " && /^AF\\d/i.test(code ?? '')",
		to: '',
		noticedBy: WAITS,
	},
	{
		rule: 'after an hour it is given up',
		file: READ,
		from: 'nowMs - open.goneSinceMs >= GONE_AFTER_MS',
		to: 'nowMs < open.goneSinceMs',
		noticedBy: WAITS,
	},
	{
		rule: 'another answer in between begins that hour anew',
		file: READ,
		from: 'else delete open.goneSinceMs;',
		to: '',
		noticedBy: WAITS,
	},
	{
		rule: 'the loss of content is told',
		file: PREPARE,
		from: "if (fate === 'lost') ports.report({ kind: 'lostContent', blob, failure: read.failure });",
		to: '',
	},
	{
		rule: 'the loss of content is told once',
		file: READ,
		from: 'closeRange(state, type, open, range);',
		to: '',
	},
	{
		rule: 'parts of lost content that a run holds may still succeed',
		file: READ,
		from: 'open.ranges.filter(({ taken }) => !taken)',
		to: '[...open.ranges]',
		noticedBy: WAITS,
	},
	{
		rule: 'a blob that cannot be read does not keep the others from being read',
		file: PREPARE,
		from: 'if (!type || !events) continue;',
		to: 'if (!type || !events) return undefined;',
		noticedBy: PROMISES,
	},
	{
		rule: 'a blob that is waited for long does not hold up those that are there',
		file: PREPARE,
		from: 'mapAsReady(candidates, read, options.lookAhead, patienceOf(work))',
		to: 'mapAsReady(candidates, read, options.lookAhead, () => undefined)',
		noticedBy: 'test/trigger/slowBlobs.test.mts',
	},
	{
		rule: 'a blob that failed waits before it is read again',
		file: READ,
		from: 'recordFailure(open.reading, nowMs, maxWaitMs, error.retryAfterMs);',
		to: '',
	},
	{
		rule: 'Retry-After of one blob is kept',
		file: READ,
		from: 'recordFailure(open.reading, nowMs, maxWaitMs, error.retryAfterMs);',
		to: 'recordFailure(open.reading, nowMs, maxWaitMs);',
	},
	{
		rule: 'Retry-After of a content type is kept',
		file: READ,
		from: 'recordFailure(type.reading, nowMs, MAX_TYPE_WAIT_MS, error.retryAfterMs);',
		to: 'recordFailure(type.reading, nowMs, MAX_TYPE_WAIT_MS);',
	},
	{
		rule: 'a throttled request says nothing about the blob that was asked for',
		file: READ,
		from: "if (error.kind === 'throttled') {",
		to: "if (error.kind === 'throttled' && nowMs < 0) {",
		noticedBy: 'test/feed/checkpoint/readOutcome.test.mts',
	},
	{
		rule: 'the end of a poll says nothing about the blob that was being read',
		file: READ,
		from: "if (error.kind === 'cancelled') return 'later';",
		to: '',
		noticedBy: WAITS,
	},
	{
		rule: 'a wait that was asked for is not shortened by a failure that names none',
		file: BACK_OFF,
		from: 'backOff.notBeforeMs = Math.max(backOff.notBeforeMs, untilMs);',
		to: 'backOff.notBeforeMs = untilMs;',
		noticedBy: WAITS,
	},
	{
		rule: 'a wait that was asked for is not ended by a download that had begun before',
		file: READ,
		from: 'if (type.reading.notBeforeMs <= nowMs) resetBackOff(type.reading);',
		to: 'resetBackOff(type.reading);',
		noticedBy: WAITS,
	},
	{
		rule: 'a wait of a year is kept for half an hour',
		file: BACK_OFF,
		from: 'const askedMs = Math.min(waitMs, MAX_ASKED_WAIT_MS);',
		to: 'const askedMs = waitMs;',
		noticedBy: 'test/trigger/changes.test.mts',
	},
	{
		rule: 'a wait holds for failed batches that are read again, too',
		file: PREPARE,
		from: 'if (!type || type.reading.notBeforeMs > now || open.reading.notBeforeMs > now) return undefined;',
		to: 'if (!type) return undefined;',
	},
	{
		rule: 'after several blobs in a row that could not be read one at a time is tried',
		file: NEXT,
		from: 'type.reading.failures < FAILURES_UNTIL_UNREADABLE ? ready',
		to: 'type.reading.failures >= 0 ? ready',
		noticedBy: OUTAGES,
	},
	{
		rule: 'blobs that failed before do not count against their type',
		file: READ,
		from: 'if (open.reading.failures > 0 && type.reading.failures < FAILURES_UNTIL_UNREADABLE) return;',
		to: '',
		noticedBy: 'test/feed/checkpoint/readOutcome.test.mts',
	},
	{
		rule: 'a download that worked ends the trouble of its type',
		file: READ,
		from: 'if (type.reading.notBeforeMs <= nowMs) resetBackOff(type.reading);',
		to: '',
		noticedBy: WAITS,
	},
	{
		rule: 'a blob that is refused holds up no other',
		file: READ,
		from: "if (error.kind === 'throttled') {",
		to: "if (error.kind === 'throttled' || error.kind === 'permission') {",
		noticedBy: REFUSED,
	},
	{
		rule: 'content that has expired says nothing about other content',
		file: READ,
		from: "\tif (saysGone(error)) open.goneSinceMs ??= nowMs;",
		to: "\trecordTypeFailure(type, open, nowMs);\n\tif (saysGone(error)) open.goneSinceMs ??= nowMs;",
		noticedBy: 'test/feed/checkpoint/readOutcome.test.mts',
	},
	{
		rule: 'a type of which nothing can be read is told',
		file: PREPARE,
		from: 'else tellTrouble(ports, type, read.failure);',
		to: '',
		noticedBy: REFUSED,
	},
	{
		rule: 'once',
		file: READ,
		from: 'type.unreadToldMs = nowMs;',
		to: '',
		noticedBy: REFUSED,
	},
	{
		rule: 'while a type is unreadable each failure changes what is tried next',
		file: READ,
		from: 'if (open.reading.failures > 0 && type.reading.failures < FAILURES_UNTIL_UNREADABLE) return;',
		to: 'if (open.reading.failures > 0) return;',
		noticedBy: REFUSED,
	},
	{
		rule: 'the newest content has its turn while a type is unreadable',
		file: NEXT,
		from: 'fresh[fresh.length - 1]];',
		to: 'fresh[0]];',
		noticedBy: REFUSED,
	},
	{
		rule: 'blobs do not wait for hours while nothing of their type can be read',
		file: READ,
		from: 'type.unread ? MAX_TYPE_WAIT_MS : MAX_BLOB_WAIT_MS',
		to: 'MAX_BLOB_WAIT_MS',
		noticedBy: REFUSED,
	},
	{
		rule: 'a download that is shorter than one before is not taken for the whole',
		file: PREPARE,
		from: 'if (events.length >= least) return events;',
		to: 'if (least >= 0) return events;',
		noticedBy: SHORTENED,
	},
	{
		rule: 'the length of the one before is remembered',
		file: PREPARE,
		from: 'open.length = read.value.length;',
		to: '',
		noticedBy: SHORTENED,
	},
	{
		rule: 'but not across a change of the Output',
		file: 'nodes/feed/checkpoint/counting.ts',
		from: 'delete blob.length;',
		to: '',
		noticedBy: 'test/trigger/changes.test.mts',
	},
	{
		rule: 'after a restart what is left of the blob tells its least length',
		file: 'nodes/feed/checkpoint/ranges.ts',
		from: 'to ?? (from > 0 ? from + 1 : 0)',
		to: 'to ?? 0',
		noticedBy: SHORTENED,
	},
	{
		rule: 'a reference whose content has expired is given up',
		file: 'nodes/trigger/reference.ts',
		from: 'if (expiresMs === undefined || nowMs < expiresMs) return [{}];',
		to: 'if (nowMs > 0) return [{}];',
		noticedBy: 'test/trigger/collector/edits.test.mts',
	},
];
