import type { Sample } from './types.mts';

/** What has to stay level, and how far it may move and still count as level. */
export interface Measure {
	name: keyof Sample;
	label: string;
	unit: string;
	/** In its unit. */
	slack: number;
	/** Of the earlier value, if that is more. */
	slackShare: number;
	worse: 'more' | 'less';
}

const more = (
	name: keyof Sample,
	label: string,
	unit: string,
	slack: number,
	slackShare = 0,
): Measure => ({ name, label, unit, slack, slackShare, worse: 'more' });

/** The limits are what one sees between two hours of an n8n that leaks nothing, on a machine that does other things too. */
export const MEASURES: readonly Measure[] = [
	more('rssMb', 'Resident memory', 'MB', 40, 0.1),
	more('heapMb', 'Heap after garbage collection', 'MB', 8, 0.05),
	more('descriptors', 'File descriptors', '', 10),
	more('sockets', 'Sockets', '', 10),
	more('handles', 'Active handles and timers', '', 20),
	more('staticRestKb', 'Static data without remembered blobs', 'KB', 8),
	more('delayP50Ms', 'Event-loop delay, median', 'ms', 2),
	more('delayP99Ms', 'Event-loop delay, 99th percentile', 'ms', 50),
	{ ...more('eventsPerMinute', 'Events a minute', '', 0, 0.15), worse: 'less' },
	more('lagSeconds', 'Age of the newest delivered blob', 's', 15),
	more('failed', 'Failed executions in a sixth of the time', '', 6),
	more('databaseMb', 'n8n’s database', 'MB', 20, 0.1),
];
