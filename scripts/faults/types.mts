import type { FeedBlob } from '../../simulator/feed.mts';
import type { RequestMatch, Scripted } from '../../simulator/scriptedFaults.mts';
import type { Network } from '../../test/engine/support/network.mts';
import type { Stage, StageOptions } from '../../test/engine/support/stage.mts';

export type MomentName =
	| 'first call'
	| 'token call'
	| 'change call'
	| 'listing'
	| 'page n'
	| 'blob n'
	| 'last blob'
	| 'while emitting'
	| 'throughout';

/** `once`: one request is hit. `lasting`: every one, until the fault is lifted. */
export type Duration = 'once' | 'lasting';

/** A simulated tenant, n8n's engine, and what the matrix has to know of them. */
export interface Scene {
	stage: Stage;
	network: Network;
	/** In the order of creation. */
	blobs: FeedBlob[];
	middleBlob: FeedBlob;
	lastBlob: FeedBlob;
	/** What is to happen when the trigger hands something over for the first time. */
	onEmission?: () => void;
}

export interface Moment {
	name: MomentName;
	about: string;
	/** Which operations have it, and why the others have not. */
	where: string;
	/** The requests of this moment; none: it is not a moment of a request. */
	requests?: (scene: Scene) => RequestMatch;
	/** The blob of this moment. */
	blob?: (scene: Scene) => FeedBlob;
	/** It comes only when the trigger hands something over. */
	onEmission?: boolean;
}

/** What the fault is to hit: requests that match, so many of them. */
export interface Strike {
	requests?: RequestMatch;
	blob?: FeedBlob;
	duration: Duration;
}

/** A fault that is on. */
export type Begun = Pick<Scripted, 'lift'> & Partial<Pick<Scripted, 'hits'>>;

export type FaultTarget = 'request' | 'token' | 'listing' | 'blob' | 'tenant';

/** One row of the matrix. */
export interface Fault {
	name: string;
	target: FaultTarget;
	/** The simulator's names of what it produces; the test of the table demands that all are covered. */
	covers?: readonly string[];
	/** Default: both. */
	durations?: readonly Duration[];
	/** Where it exists only. */
	only?: (subject: Subject, moment: MomentName) => boolean;
	/** How the tenant starts with it. */
	options?: StageOptions;
	begin?(scene: Scene, strike: Strike): Begun;
	/** Requests hang: time-outs are shortened, and the virtual clock moves by their full length. */
	hangs?: boolean;
	/** The body hangs: the limit for that is shortened. */
	stalls?: boolean;
	/** Each hit takes much work: it lasts less long. */
	isCostly?: boolean;
	/** It takes thousands of requests. */
	isLong?: boolean;
	/** It does not end: telling of it is all that can be asked for. */
	permanent?: boolean;
	/** What it hits could come back until it expires, so the trigger tells of it only then. */
	toldAtExpiry?: boolean;
	/** Of blobs that share a contentId one is due, whichever was served: nobody could know of the others. */
	oneOfThoseWithOneId?: boolean;
}

/** One thing that has to arrive: an event, an entry, a change. */
export interface Due {
	key: string;
	contentId?: string;
	contentType?: string;
}

/** What came out of a node so far. */
export interface Outcome {
	arrived: string[];
	/** Everything that a user reads: report items, hints, errors. */
	messages: Message[];
	/** What the messages say is missing. */
	told: { everything: boolean; contentIds: Set<string>; contentTypes: Set<string> };
	/** For the search for secrets. */
	raw: unknown[];
}

export interface Message {
	/** An error and an item must say what to do; a hint need not. */
	kind: 'error' | 'item' | 'hint';
	text: string;
	/** What to do. */
	advice?: string;
}

/** An operation of the action node, or the trigger in one of its roles: one column of the matrix. */
export interface Subject {
	name: string;
	kind: 'action' | 'trigger';
	moments: readonly MomentName[];
	options?: StageOptions;
	due(scene: Scene): Due[];
	/** @returns how it is used: while the fault is there, and again after it */
	start(scene: Scene): Promise<Use>;
}

export interface Use {
	/** While the fault is there; the trigger polls for so long, or until everything has arrived. */
	during(outcome: Outcome, lastingMs: number, isDone: () => boolean): Promise<void>;
	/** One more attempt after it; virtual time passes. */
	again(outcome: Outcome): Promise<void>;
	/** How many of those are made at most. */
	patience: number;
	/** The same where a fault is told at expiry. Default: as always. */
	patienceUntilExpiry?: number;
}

export interface Cell {
	fault: Fault;
	moment: Moment;
	subject: Subject;
	duration: Duration;
}

export interface CellResult {
	cell: Cell;
	/** Why the cell is not good; empty if it is. */
	defects: string[];
	lost: number;
	repeated: number;
	reported: number;
	/** Virtual milliseconds from the fault's end (or its only hit) until everything had arrived; undefined: never. */
	recoveredMs?: number;
	messages: Message[];
	hits: number;
	realMs: number;
}
