import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';
import type { ApiRequest, Context } from './context.mts';
import { audienceFits } from './hosts.mts';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const READ = 'ActivityFeed.Read';
const READ_DLP = 'ActivityFeed.ReadDlp';

/** Whether the request may be made at all; `undefined` if so. */
export function refuseRequest(context: Context, request: ApiRequest): Answer | undefined {
	const { faults, tenant, tokens } = context;
	const token = /^Bearer (.+)$/i.exec(String(request.headers['authorization'] ?? ''))?.[1];
	const claims = token === undefined ? undefined : tokens.accept(token);
	if (!claims || !audienceFits(claims.aud, new URL(request.origin).host)) {
		return apiErrors.unauthorized(faults.unauthorizedBody);
	}
	if (!GUID.test(request.tenantId)) return apiErrors.tenantNotGuid(request.tenantId);
	if (!namesTenant(request.tenantId, claims)) {
		return apiErrors.tenantMismatch(request.tenantId, claims.tid);
	}
	if (tenant.tenantProblem === 'AF20011') return apiErrors.noTenant(request.tenantId);
	if (tenant.tenantProblem === 'AF20012') return apiErrors.tenantConfiguration(request.tenantId);
	const publisher = request.query.get('PublisherIdentifier');
	if (publisher && !GUID.test(publisher))
		return apiErrors.parameterType('PublisherIdentifier', 'guid');
	const roles = claims.roles ?? [];
	if (!roles.includes(READ)) return apiErrors.permission(faults.missingRoleStatus, roles, READ);
	return refuseContentType(context, roles, contentTypeOf(request));
}

/**
 * The live service takes the app's own ID for the tenant's: Wazuh's collector has always put it there, and gets
 * content whose contentUri names the tenant (log of 2026-08-12 in https://github.com/wazuh/wazuh/issues/38230).
 */
function namesTenant(id: string, claims: { tid: string; appid: string }): boolean {
	return [claims.tid, claims.appid].some((known) => known.toLowerCase() === id.toLowerCase());
}

/** `DLP.All` needs a permission of its own; a content type can also be refused by fault. */
function refuseContentType(
	{ faults }: Context,
	roles: string[],
	contentType: string,
): Answer | undefined {
	const dlp = contentType === 'DLP.All' && !roles.includes(READ_DLP);
	if (!dlp && !faults.refusedContentTypes.includes(contentType)) return undefined;
	return apiErrors.permission(faults.missingRoleStatus, roles, dlp ? READ_DLP : READ);
}

/** Of the query, or of the contentId: `…$dlp_all$DLP_All$…`. */
function contentTypeOf(request: ApiRequest): string {
	const inId = /\$(Audit|DLP)_(\w+)\$/.exec(request.operation);
	return inId ? `${inId[1]}.${inId[2]}` : (request.query.get('contentType') ?? '');
}
