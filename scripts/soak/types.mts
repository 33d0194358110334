/** One look at n8n and at what it has delivered. */
export interface Sample {
	/** Since the workflow was switched on. */
	minute: number;
	/** Resident memory. */
	rssMb: number;
	/** Live objects, right after the last collection. */
	heapMb: number;
	/** File descriptors, sockets among them. */
	descriptors: number;
	sockets: number;
	/** Timers, sockets and whatever else keeps n8n's event loop alive. */
	handles: number;
	/** The workflow's static data as n8n has stored it. */
	staticKb: number;
	/** Of it: the fingerprints of delivered blobs, which the trigger remembers for 24 hours within its limit of size. */
	rememberedKb: number;
	/** The rest of it, which has no reason to grow. */
	staticRestKb: number;
	delayP50Ms: number;
	delayP99Ms: number;
	/** Of one core. */
	cpuPercent: number;
	/** Rows written in the last minute. */
	eventsPerMinute: number;
	/** Age of the newest blob that has been delivered. */
	lagSeconds: number;
	/** Executions that did not succeed in the last sixth of the time. */
	failed: number;
	/** n8n's database with its log. */
	databaseMb: number;
}

/** How a measure fared: medians of the second and of the last quarter. */
export interface Slope {
	name: keyof Sample;
	second: number;
	last: number;
	/** How much worse it may have become. */
	allowed: number;
	flat: boolean;
}

/** What was served and what arrived. */
export interface Account {
	blobs: number;
	events: number;
	rows: number;
	lost: number;
	duplicates: number;
	unexplained: number;
	executions: number;
	failed: number;
	requests: number;
	throttled: number;
	tokens: number;
	failedFetches: number;
}
