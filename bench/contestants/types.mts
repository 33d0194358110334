import type { INodeType } from 'n8n-workflow';

import type { Engine } from '../../test/engine/harness.mts';
import type { Load } from '../load/types.mts';
import type { RunSettings } from '../run/types.mts';
import type { TenantConnection } from '../tenant/types.mts';

/** Everything a contestant works with: n8n's engine, a tenant, and how it is to go about it. */
export interface ContestantStage {
	engine: Engine;
	/** The tenant's credential of our type, stored in the engine. */
	credentialId: string;
	tenant: TenantConnection;
	load: Load;
	settings: RunSettings;
}

/** What came out, left as it is until the clock has been stopped. */
export type Delivered =
	/** Items or records, in pieces, so that none has to be copied. */
	| { form: 'records' | 'simplified'; events(): Iterable<unknown> }
	| { form: 'lines'; files: Array<() => Promise<Buffer>> };

export interface Contestant {
	/** In results and on the command line. */
	name: string;
	/** In tables and plots. */
	label: string;
	/** Node types it needs besides ours, by the names its workflow uses. */
	nodeTypes?: () => Record<string, INodeType>;
	/** Fetches everything the tenant has. @throws Error in words, if the workflow fails */
	run(stage: ContestantStage): Promise<Delivered>;
}
