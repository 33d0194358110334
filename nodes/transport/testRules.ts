import type { ICredentialTestRequest } from 'n8n-workflow';

import { FORBIDDEN, TOKEN_REFUSED } from './errorCodes';

/** The credential's test dialog shows one sentence per status, so each holds its advice. */
const SENTENCES: Record<number, string> = {
	400: 'Signed in, but Microsoft did not accept the request. Check that Tenant ID is your own Directory (tenant) ID, and that auditing is on for the tenant in Microsoft Purview (Audit).',
	401: `${TOKEN_REFUSED.message} (HTTP 401). ${TOKEN_REFUSED.advice}`,
	403: `${FORBIDDEN.message} (HTTP 403). ${FORBIDDEN.advice}`,
	404: 'The API was not found at this address (HTTP 404). Check the credential’s Cloud or API URL.',
	429: 'Signed in, but the tenant’s request quota is used up just now (HTTP 429). Try again in some minutes.',
	500: 'Signed in, but Microsoft’s API is unavailable just now (HTTP 500). Try again in a few minutes.',
	502: 'Signed in, but Microsoft’s API is unavailable just now (HTTP 502). Try again in a few minutes.',
	503: 'Signed in, but Microsoft’s API is unavailable just now (HTTP 503). Try again in a few minutes.',
	504: 'Signed in, but Microsoft’s API is unavailable just now (HTTP 504). Try again in a few minutes.',
};

export const TEST_RULES: NonNullable<ICredentialTestRequest['rules']> = Object.entries(
	SENTENCES,
).map(([status, message]) => ({
	type: 'responseCode',
	properties: { value: Number(status), message },
}));
