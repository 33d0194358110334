import type { Batch } from '../../feed/checkpoint/outcome';
import type { ListingPass, LostInterval } from '../../feed/checkpoint/listingPlan';
import type { Checkpoint } from '../../feed/checkpoint/state';
import type { StoredCheckpoint } from '../../feed/checkpoint/storedCheckpoint';
import type { FeedFailure } from '../../feed/failure';
import type { AuditEvent, ContentBlob, ContentType, Runtime, TimeWindow } from '../../feed/types';

/** Events of one blob, as they go into a run. */
export interface BatchPart {
	blob: ContentBlob;
	events: AuditEvent[];
}

export interface PreparedBatch extends Batch {
	parts: BatchPart[];
}

/**
 * How a run ended; all but the first: not delivered. `unknown`: nobody can tell. `refused`: n8n did not run it, or cancelled it
 * (the workflow is being switched off, n8n is being stopped, a person stopped it), which says nothing about its events.
 */
export type RunResult = 'delivered' | 'failed' | 'refused' | 'unknown';

/** What the user has to hear of, each of it once. */
export type Report =
	| { kind: 'lostInterval'; interval: LostInterval }
	| { kind: 'lostContent'; blob: ContentBlob; failure: FeedFailure }
	| { kind: 'setAside'; contentIds: string[]; attempts: number }
	| { kind: 'typeFailed'; contentType: ContentType; failure: FeedFailure };

/** The world of the collector; every function of the feed throws FeedFailure. */
export interface CollectorPorts {
	/** `found` takes the blobs of each page as they come, all of which are returned if the list has an end. */
	list(
		contentType: ContentType,
		window: TimeWindow,
		found: (blobs: ContentBlob[]) => void,
	): Promise<{ blobs: ContentBlob[]; lost?: TimeWindow }>;
	read(blob: ContentBlob): Promise<AuditEvent[]>;
	/** Ends what is still being listed and read. */
	cancel(): void;
	/** The user's filters. */
	matches(event: AuditEvent): boolean;
	/** Starts a run; n8n stores what was last saved at that moment. May stay pending for ever. */
	emit(parts: BatchPart[]): Promise<RunResult>;
	save(stored: StoredCheckpoint): void;
	/** True for a failure that ends by itself soon and need not be told. */
	isBeingMended(failure: FeedFailure): boolean;
	report(report: Report): void;
	runtime: Runtime;
	/** n8n stores what was saved when the poll returns without data, too. */
	storesOnReturn: boolean;
}

export interface CollectorOptions {
	delivery: 'atLeastOnce' | 'atMostOnce';
	maxEventsPerExecution: number;
	parallelExecutions: number;
	overlapMs: number;
	deliveryTimeoutMs: number;
	/** 0: until it succeeds. */
	maxDeliveryAttempts: number;
	/** How many blobs may be downloaded side by side, asked anew for each. */
	lookAhead: () => number;
	/** When this poll has to be over, in milliseconds since 1970. */
	deadlineMs: number;
}

export interface Run {
	batch: PreparedBatch;
	/** As it was when the run began; an edit changes what comes after it. */
	delivery: CollectorOptions['delivery'];
	startedMs: number;
}

/** What one trigger holds in memory between its polls. Only `state`, as last saved, outlives the process. */
export interface Session {
	state: Checkpoint;
	runs: Set<Run>;
	/** Called when a run has ended, while somebody waits for it. */
	onRunEnd?: () => void;
	/** What went wrong, by a fault of ours, when a run ended. */
	fault?: { fault: unknown };
	/** The next batch, fetched while the current one runs. */
	ready?: PreparedBatch;
	/** What was handed out last was a failed batch. */
	afterRetry: boolean;
	/** Passes over the content lists that have not reached the present yet. */
	passes: Map<ContentType, ListingPass>;
	/** A tick of n8n came while the poll was at work. */
	newsDue: boolean;
	/** Blobs that are being downloaded, or were and are not yet handed out to their end; undefined: without success. */
	downloads: Map<string, Promise<AuditEvent[] | undefined>>;
}

/** One poll at work. */
export interface Work {
	session: Session;
	ports: CollectorPorts;
	options: CollectorOptions;
}
