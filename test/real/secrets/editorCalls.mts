import type { StoredCredential } from '../../../scripts/n8n/credentials.mts';
import type { Stage } from './stage.mts';

/** Reads all that the editor reads when somebody looks around; {@link Stage.answers} keeps what came. */
export async function lookAround(
	{ n8n, answers }: Stage,
	credentials: StoredCredential[],
): Promise<void> {
	const { session, server } = n8n;
	const seen = answers.flatMap(({ body }) =>
		[...body.matchAll(/"executionId":"(\d+)"/g)].map(([, id]) => id),
	);
	const paths = [
		'/settings',
		'/workflows',
		'/credentials?includeData=true',
		'/executions?limit=100',
		'/credential-types',
		'/community-packages',
		'/event-bus/eventnames',
		...credentials.flatMap(({ id }) => [
			`/credentials/${id}`,
			`/credentials/${id}?includeData=true`,
		]),
		...seen.map((id) => `/executions/${id}`),
	];
	// A path that this version of n8n does not have is an answer like any other.
	for (const path of paths) await session.get(path).catch(() => undefined);
	for (const kind of ['nodes', 'credentials']) {
		const response = await fetch(`${server.url}/types/${kind}.json`, {
			headers: session.headers(),
		});
		const body = await response.text();
		(answers as unknown[]).push({ call: `GET /types/${kind}.json`, status: response.status, body });
	}
}
