import type { Load } from '../load/types.mts';
import type { RunAnswer } from '../run/types.mts';

export type GrowthSubject = 'node-events' | 'node-file' | 'trigger';

export interface GrowthOrder {
	subject: GrowthSubject;
	load: Load;
	templatesFile: string;
}

export interface GrowthAnswer extends RunAnswer {
	servedPerBlob: number[];
	/** The largest the trigger's stored state ever was, as JSON; 0 for the node. */
	checkpointBytes: number;
}
