import type { Break } from '../break.mts';

const FUZZ = 'test/fuzz/trigger.test.mts';

/** What random answers of a server must not get past. */
export const HOSTILE: Break[] = [
	{
		rule: 'an empty list that a server gives for once is no loss: the overlap is listed again',
		file: 'nodes/feed/checkpoint/recordListing.ts',
		from: 'Math.min(window.endMs, listedMs - overlapMs - CLOCK_SKEW_MS)',
		to: 'window.endMs',
		noticedBy: FUZZ,
	},
	{
		rule: 'what could not be listed is not taken for listed',
		file: 'nodes/trigger/collector/listNews.ts',
		from: '\t\treturn false;\n\t}\n\tconst { blobs, lost }',
		to: '\t\trecordListing(session.state, type, { window, listedMs, blobs: [] }, -options.overlapMs);\n\t\treturn false;\n\t}\n\tconst { blobs, lost }',
		noticedBy: FUZZ,
	},
	{
		rule: 'events of a run that failed come again',
		file: 'nodes/trigger/handOver.ts',
		from: 'if (DELIVERED.has(run.status))',
		to: 'if (run.status)',
		noticedBy: FUZZ,
	},
	{
		rule: 'events go out as they were served',
		file: 'nodes/trigger/output.ts',
		from: 'json: { ...(shapeEvent(event, parameters) as IDataObject), _content',
		to: "json: { ...(shapeEvent(event, parameters) as IDataObject), Operation: 'another', _content",
		noticedBy: FUZZ,
	},
	{
		rule: 'what is stored can be read again',
		file: 'nodes/feed/checkpoint/encodeCheckpoint.ts',
		from: '\t\tstartMs: type.startMs,',
		to: '\t\tstartMs: String(type.startMs) as never,',
		noticedBy: FUZZ,
	},
];
