import type { Fault, FaultTarget, MomentName } from '../types.mts';
import { BLOB_ROWS } from './blob.mts';
import { REQUEST_FAULTS } from './request.mts';
import { TENANT_FAULTS } from './tenant.mts';
import { TOKEN_FAULTS } from './token.mts';

/** All rows of the matrix. */
export const FAULTS: readonly Fault[] = [
	...REQUEST_FAULTS,
	...TOKEN_FAULTS,
	...BLOB_ROWS,
	...TENANT_FAULTS,
];

const OF_REQUESTS: readonly MomentName[] = [
	'token call',
	'first call',
	'change call',
	'listing',
	'page n',
	'blob n',
	'last blob',
	'while emitting',
];

/** The moments at which a fault of a kind exists, and why not at the others. */
export const TARGETS: Record<FaultTarget, { moments: readonly MomentName[]; why: string }> = {
	request: { moments: OF_REQUESTS, why: 'it hits a request, so it has a moment' },
	token: { moments: ['token call'], why: 'only the sign-in can answer like this' },
	listing: { moments: ['listing', 'page n'], why: 'only a listing can answer like this' },
	blob: { moments: ['blob n', 'last blob'], why: 'it is a property of one blob' },
	tenant: { moments: ['throughout'], why: 'it is a property of the whole tenant' },
};
