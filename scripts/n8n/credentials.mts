import type { RestSession } from './rest.mts';

/** What n8n puts in place of a stored password; sent back, it means "keep what is stored". */
export const STORED_VALUE = '__n8n_BLANK_VALUE_e5362baf-c777-4d57-a609-6eaf1f9e87f6';

export type CredentialData = Record<string, unknown>;

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

export interface TestResult {
	status: 'OK' | 'Error';
	/** The sentence the credential dialog shows. */
	message: string;
}

/** Saves a new credential. */
export async function createCredential(
	session: RestSession,
	type: string,
	name: string,
	data: CredentialData,
): Promise<StoredCredential> {
	const { id } = await session.post<{ id: string }>('/credentials', { name, type, data });
	return { id, name, type };
}

/** The form of the credential dialog as the editor fills it: passwords replaced by {@link STORED_VALUE}. */
export async function readCredential(
	session: RestSession,
	{ id }: StoredCredential,
): Promise<CredentialData> {
	const path = `/credentials/${id}?includeData=true`;
	return (await session.get<{ data: CredentialData }>(path)).data;
}

/** Changes some fields in the dialog and presses Save: every other field goes back as it was shown. */
export async function editCredential(
	session: RestSession,
	credential: StoredCredential,
	changes: CredentialData,
): Promise<void> {
	const data = { ...(await readCredential(session, credential)), ...changes };
	const { id, name, type } = credential;
	await session.patch(`/credentials/${id}`, { name, type, data });
}

/** What the editor does after each save, and when someone presses Retry: n8n runs the credential's own test. */
export async function testCredential(
	session: RestSession,
	credential: StoredCredential,
): Promise<TestResult> {
	const data = await readCredential(session, credential);
	return await session.post<TestResult>('/credentials/test', {
		credentials: { ...credential, data },
	});
}
