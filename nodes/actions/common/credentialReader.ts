import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IExecuteFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { SECOND_MS } from '../../feed/time';
import type { Runtime } from '../../feed/types';

/** Short, so that an edit counts soon, and n8n 1.x, which stores a token together with what was read, undoes none. */
const READING_LASTS_MS = 2 * SECOND_MS;

type Credential = ICredentialsDecrypted<ICredentialDataDecryptedObject>;

interface Reading {
	credential: Credential;
	atMs: number;
	/** A token it held, and whether that could be used. */
	judged?: { accessToken: unknown; isUsable: boolean };
}

/**
 * Answers with the decrypted credential, which is read again after two seconds only. Left to itself n8n reads it for every
 * request, and in a poll of n8n 2.40 sets up an isolate of its expression engine for each reading, which takes far more
 * processor time than the request. A token that n8n fetches goes into the answer given out, so that all share it.
 *
 * @param canSign whether it holds a token that can be used; if not, somebody else may have stored one by now
 */
export function createCredentialReader(
	node: Pick<IExecuteFunctions | IPollFunctions, 'getNode' | 'getCredentials'>,
	type: string,
	canSign: (data: ICredentialDataDecryptedObject) => boolean,
	{ now }: Pick<Runtime, 'now'>,
): () => Promise<Credential> {
	let latest: Reading | undefined;
	let pending: Promise<Credential> | undefined;

	async function read(): Promise<Credential> {
		const { id, name } = node.getNode().credentials?.[type] ?? { id: null, name: type };
		const atMs = now();
		const data = await node.getCredentials<ICredentialDataDecryptedObject>(type);
		const credential = { id: id ?? '', name, type, data };
		latest = { credential, atMs };
		return credential;
	}

	/** Asked once for each token: no reading lasts so long that its expiry would matter. */
	function holdsToken(reading: Reading): boolean {
		const data = reading.credential.data ?? {};
		const { accessToken } = data;
		if (!reading.judged || reading.judged.accessToken !== accessToken) reading.judged = { accessToken, isUsable: canSign(data) };
		return reading.judged.isUsable;
	}

	return async () => {
		// A clock that was set back must not keep it for longer.
		const isRecent = latest && Math.abs(now() - latest.atMs) < READING_LASTS_MS;
		if (latest && isRecent && holdsToken(latest)) return latest.credential;
		pending ??= read().finally(() => (pending = undefined));
		return await pending;
	};
}
