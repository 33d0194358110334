import type { Answer } from './answer.mts';
import type { ApiRequest, Context } from './context.mts';

/** How many hops a redirect chain has before it arrives. */
const CHAIN_LENGTH = 30;

/** The redirect of this request, if the faults want one. */
export function answerRedirect(
	{ faults, foreignUrl }: Context,
	request: ApiRequest,
): Answer | undefined {
	if (faults.redirectStatus === 0 || !request.path.includes(faults.redirectPath)) return undefined;
	const hop = Number(request.query.get('hop') ?? 0);
	if (faults.redirectTo === 'chain' && hop >= CHAIN_LENGTH) return undefined;
	const query = new URLSearchParams(request.query);
	if (faults.redirectTo === 'chain') query.set('hop', String(hop + 1));
	const host = faults.redirectTo === 'foreign' ? foreignUrl : request.origin;
	return {
		status: faults.redirectStatus,
		headers: { Location: `${host}${request.path}?${query}` },
		body: '',
		why: `redirect ${faults.redirectTo}`,
	};
}
