import { createCredential } from '../n8n/credentials.mts';
import type { StoredCredential } from '../n8n/credentials.mts';
import type { RestSession } from '../n8n/rest.mts';
import type { Postgres } from '../crash/postgres.mts';
import { CREDENTIAL_TYPE, credentialFor } from '../simulatedTenant.mts';
import type { Simulator } from '../../simulator/types.mts';
import type { QueueStage } from './stage.mts';

export async function destinationCredential(
	session: RestSession,
	{ host, port, database, user }: Postgres,
): Promise<StoredCredential> {
	const server = { host, port, database, user, password: 'unused', ssl: 'disable' };
	return await createCredential(session, 'postgres', 'Destination', server);
}

export async function tenantCredential(
	{ cluster }: Pick<QueueStage, 'cluster'>,
	simulator: Simulator,
): Promise<StoredCredential> {
	return await createCredential(
		cluster.session,
		CREDENTIAL_TYPE,
		'Simulated',
		credentialFor(simulator),
	);
}
