import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	IPollFunctions,
	Logger,
} from 'n8n-workflow';

import { AUTOMATIC_CONCURRENCY } from '../../feed/adaptiveConcurrency';
import { FeedFailure } from '../../feed/failure';
import { BASELINE_PER_MINUTE } from '../../feed/learnedQuota';
import { SECOND_MS } from '../../feed/time';
import { holdsUsableToken } from '../../transport/authenticate';
import { createClient, type FeedClient } from '../../transport/client';
import { resolveEndpoints } from '../../transport/endpoints';
import { inTime } from '../../transport/inTime';
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

/** n8n reads from its database, and from external secrets; neither bounds its own waiting. */
const MAX_CREDENTIAL_MS = 30 * SECOND_MS;

/** Not all the time there is, or its end would be told instead of what was waited for. */
function credentialMs({ deadlineMs = Infinity }: ClientOptions): number {
	return Math.min(MAX_CREDENTIAL_MS, (deadlineMs - runtime.now()) / 2);
}

function noCredential(): FeedFailure {
	return new FeedFailure({
		kind: 'transient',
		message: 'n8n did not read the credential within the time there was',
		advice: 'This usually passes. If it does not, check n8n’s database and its external secrets, and restart n8n.',
	});
}

/**
 * A client for an action or a trigger node. All clients of one tenant and publisher share one governor.
 *
 * @throws UserError that says which field of the credential to mend; FeedFailure `transient` if n8n does not read it in time,
 * `cancelled`
 */
export async function createNodeClient(
	node: IExecuteFunctions | IPollFunctions,
	options: ClientOptions,
): Promise<FeedClient> {
	const readCredential = createCredentialReader(node, CREDENTIAL, holdsUsableToken, runtime);
	const { data = {} } = await inTime(readCredential, {
		leftMs: credentialMs(options),
		signal: options.signal,
		tooLate: noCredential,
	});
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
