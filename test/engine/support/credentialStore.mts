import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	ICredentials,
	ICredentialsHelper,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import type { Core } from './core.mts';

export interface CredentialStore {
	helper: ICredentialsHelper;
	/** Stores a credential as n8n's database would hold it, hidden fields included; returns its id. */
	set(type: string, data: ICredentialDataDecryptedObject, id?: string): string;
	/** How often n8n has read, decrypted and resolved one so far. */
	readings(): number;
	/** From now on a reading never ends, as with a database that does not answer, or does so again. */
	hang(hangs: boolean): void;
	/** What is stored now. */
	read(id: string): ICredentialDataDecryptedObject;
	type(name: string): ICredentialType;
	/** As n8n hands it to a request: defaults filled in, undeclared and hidden-by-display fields gone. */
	decrypt(id: string, type: string): ICredentialDataDecryptedObject;
}

/**
 * n8n's credentials in memory, with the semantics of `n8n/dist/credentials-helper.js` 2.40.7: a token is fetched when the
 * expirable field is empty or a request was answered with 401, and is written back to what is stored.
 */
export function createCredentialStore(
	{ workflow: n8n }: Core,
	types: Record<string, { type: ICredentialType }>,
): CredentialStore {
	const stored = new Map<string, { type: string; json: string }>();
	let readings = 0;
	let hanging = false;

	function entry(id: string | null): { type: string; json: string } {
		const found = stored.get(id ?? '');
		if (!found) throw new Error(`There is no credential with the id ${String(id)}`);
		return found;
	}

	const read = (id: string | null) => JSON.parse(entry(id).json) as ICredentialDataDecryptedObject;

	function type(name: string): ICredentialType {
		const found = types[name]?.type;
		if (!found) throw new Error(`There is no credential type ${name}`);
		return found;
	}

	function decrypt(id: string | null, name: string): ICredentialDataDecryptedObject {
		return n8n.NodeHelpers.getNodeParameters(
			type(name).properties,
			read(id) as never,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	class MemoryCredentialsHelper extends n8n.ICredentialsHelper {
		getParentTypes(name: string): string[] {
			return type(name).extends ?? [];
		}

		isCredentialUsableByNode(): boolean {
			return true;
		}

		async authenticate(
			credentials: ICredentialDataDecryptedObject,
			name: string,
			options: Parameters<ICredentialsHelper['authenticate']>[2],
		): Promise<IHttpRequestOptions> {
			const credentialType = type(name);
			if (typeof credentialType.authenticate !== 'function') return options as IHttpRequestOptions;
			return await credentialType.authenticate(credentials, options as IHttpRequestOptions);
		}

		async preAuthentication(
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			name: string,
			node: INode,
			credentialsExpired: boolean,
		): Promise<ICredentialDataDecryptedObject | undefined> {
			const credentialType = type(name);
			const expirable = credentialType.properties.find(
				(field) => field.type === 'hidden' && field.typeOptions?.expirable === true,
			);
			if (!expirable || typeof credentialType.preAuthentication !== 'function') return undefined;
			if (credentials[expirable.name] !== '' && !credentialsExpired) return undefined;
			const output = await credentialType.preAuthentication.call(
				restrictToCredentialDomains(helpers, credentials),
				credentials,
			);
			if (output[expirable.name as keyof typeof output] === undefined || !node.credentials) {
				return undefined;
			}
			const details = node.credentials[name] as INodeCredentialsDetails;
			const merged = { ...read(details.id), ...(output as ICredentialDataDecryptedObject) };
			await this.updateCredentials(details, name, merged);
			return Object.assign(credentials, output);
		}

		async runPreAuthentication(
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			name: string,
		): Promise<ICredentialDataDecryptedObject | undefined> {
			const { preAuthentication } = type(name);
			if (typeof preAuthentication !== 'function') return undefined;
			const restricted = restrictToCredentialDomains(helpers, credentials);
			return (await preAuthentication.call(
				restricted,
				credentials,
			)) as ICredentialDataDecryptedObject;
		}

		async getCredentials(): Promise<ICredentials> {
			throw new Error('The harness has no use for encrypted credentials');
		}

		async getDecrypted(
			_additionalData: IWorkflowExecuteAdditionalData,
			details: INodeCredentialsDetails,
			name: string,
		): Promise<ICredentialDataDecryptedObject> {
			readings++;
			if (hanging) await new Promise(() => {});
			return decrypt(details.id, name);
		}

		async updateCredentials(
			details: INodeCredentialsDetails,
			name: string,
			data: ICredentialDataDecryptedObject,
		): Promise<void> {
			entry(details.id);
			stored.set(details.id ?? '', { type: name, json: JSON.stringify(data) });
		}

		async updateCredentialsOauthTokenData(): Promise<void> {}

		getCredentialsProperties(name: string) {
			return type(name).properties;
		}
	}

	/** A credential limited to some domains limits its own token request as well. */
	function restrictToCredentialDomains(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): IHttpRequestHelper {
		const httpRequest = async (options: IHttpRequestOptions) => {
			// n8n 1.x applies the list to requests of nodes only.
			const allowedDomains = n8n.getCredentialOwnRequestAllowedDomains?.(credentials);
			return await helpers.helpers.httpRequest(
				allowedDomains === undefined ? options : { ...options, allowedDomains },
			);
		};
		return { helpers: { httpRequest } };
	}

	return {
		helper: new MemoryCredentialsHelper(),
		set(name, data, id = `credential-${stored.size + 1}`) {
			stored.set(id, { type: name, json: JSON.stringify(data) });
			return id;
		},
		readings: () => readings,
		hang: (hangs) => void (hanging = hangs),
		read,
		type,
		decrypt,
	};
}
