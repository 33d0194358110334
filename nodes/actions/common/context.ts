import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	IPollFunctions,
	Logger,
} from 'n8n-workflow';

import { AUTOMATIC_CONCURRENCY } from '../../feed/adaptiveConcurrency';
import { BASELINE_PER_MINUTE } from '../../feed/learnedQuota';
import { holdsUsableToken } from '../../transport/authenticate';
import { createClient, type FeedClient } from '../../transport/client';
import { resolveEndpoints } from '../../transport/endpoints';
import { runtime } from '../../transport/runtime';
import { sharedGovernor } from '../../transport/sharedGovernor';
import { createCredentialReader } from './credentialReader';

export const CREDENTIAL = 'office365ManagementApi';

export interface ClientOptions {
	/** 0 or absent: automatic. */
	concurrency?: number;
	maxRequestsPerMinute?: number;
	signal?: AbortSignal;
	/** No wait and no request lasts beyond this (milliseconds since 1970). */
	deadlineMs?: number;
	logger: Pick<Logger, 'debug' | 'warn'>;
}

/**
 * A client for an action or a trigger node. All clients of one tenant and publisher share one governor.
 *
 * @throws UserError that says which field of the credential to mend
 */
export async function createNodeClient(
	node: IExecuteFunctions | IPollFunctions,
	options: ClientOptions,
): Promise<FeedClient> {
	const readCredential = createCredentialReader(node, CREDENTIAL, holdsUsableToken, runtime);
	const { data = {} } = await readCredential();
	const endpoints = resolveEndpoints(data);
	const governor = sharedGovernor(
		`${endpoints.apiUrl} ${endpoints.tenantId} ${endpoints.publisherId}`.toLowerCase(),
		runtime,
		{
			maxConcurrency: options.concurrency || AUTOMATIC_CONCURRENCY,
			maxPerMinute: options.maxRequestsPerMinute || BASELINE_PER_MINUTE,
		},
		options.signal,
	);
	return createClient(
		{
			http: async (request: IHttpRequestOptions) =>
				await node.helpers.httpRequestWithAuthentication.call(
					node,
					CREDENTIAL,
					{
						...request,
						// Poll contexts have no cancel signal of their own; execute contexts set theirs.
						...(options.signal ? { abortSignal: options.signal } : {}),
					},
					{ credentialsDecrypted: await readCredential() },
				),
			governor,
			runtime,
			logger: options.logger,
			signal: options.signal,
			deadlineMs: options.deadlineMs,
		},
		endpoints,
	);
}
