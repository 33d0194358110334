import type { Cleanup } from '../n8n/cleanup.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import type { Say } from '../n8n/progress.mts';
import type { Postgres } from '../crash/postgres.mts';
import type { Cluster } from './cluster.mts';

/** What all parts of the test share. */
export interface QueueStage {
	cluster: Cluster;
	postgres: Postgres;
	/** The PostgreSQL credential for the tables of events. */
	destination: StoredCredential;
	say: Say;
	cleanup: Pick<Cleanup, 'add'>;
}
