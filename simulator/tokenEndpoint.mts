import type { Answer } from './answer.mts';
import type { Context } from './context.mts';
import { isApiResource } from './hosts.mts';
import { signInError } from './signInErrors.mts';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export interface TokenRequest {
	/** As in the URL. */
	tenantId: string;
	version: 'v1' | 'v2';
	/** The form's text. */
	body: string;
	/** `Authorization: Basic`, which Entra ID accepts instead of form fields. */
	authorization?: string;
}

/** `POST /{tenant}/oauth2/v2.0/token` and `POST /{tenant}/oauth2/token`, client credentials only. */
export function answerTokenRequest(context: Context, request: TokenRequest): Answer {
	context.ledger.count('tokenRequests');
	const outage = answerOutage(context);
	if (outage) return outage;
	const form = readForm(request);
	return (
		refuseTenant(context, request.tenantId) ??
		refuseForm(context, form) ??
		refuseClient(context, form) ??
		grant(context, request, form)
	);
}

function readForm({ body, authorization }: TokenRequest): URLSearchParams {
	const form = new URLSearchParams(body);
	const basic = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
	if (basic) {
		const [id = '', secret = ''] = Buffer.from(basic, 'base64')
			.toString()
			.split(':')
			.map(decodeURIComponent);
		form.set('client_id', id);
		form.set('client_secret', secret);
	}
	return form;
}

function answerOutage(context: Context): Answer | undefined {
	switch (context.faults.tokenError) {
		case 'throttled':
			return signInError(
				context,
				429,
				'temporarily_unavailable',
				90055,
				'The request was throttled due to too many requests.',
			);
		case 'unavailable':
			return signInError(
				context,
				503,
				'temporarily_unavailable',
				90033,
				'A transient error has occurred. Please try again.',
			);
		case 'html':
			return {
				status: 502,
				headers: { 'Content-Type': 'text/html' },
				body: '<html><body>Bad Gateway</body></html>',
				why: 'HTML page',
			};
		case 'notJson':
			return {
				status: 200,
				headers: { 'Content-Type': 'text/plain' },
				body: 'OK',
				why: 'not JSON',
			};
		default:
			return undefined;
	}
}

function refuseTenant(context: Context, tenantId: string): Answer | undefined {
	if (tenantId.toLowerCase() === context.tenant.tenantId.toLowerCase()) return undefined;
	return GUID.test(tenantId) || /^[\w-]+(\.[\w-]+)+$/.test(tenantId)
		? signInError(
				context,
				400,
				'invalid_request',
				90002,
				`Tenant '${tenantId}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
			)
		: signInError(
				context,
				400,
				'invalid_request',
				900023,
				`Specified tenant identifier '${tenantId}' is neither a valid DNS name, nor a valid external domain.`,
			);
}

function refuseForm(context: Context, form: URLSearchParams): Answer | undefined {
	const grantType = form.get('grant_type');
	for (const name of ['grant_type', 'client_id']) {
		if (!form.get(name))
			return signInError(
				context,
				400,
				'invalid_request',
				900144,
				`The request body must contain the following parameter: '${name}'.`,
			);
	}
	if (grantType !== 'client_credentials') {
		return signInError(
			context,
			400,
			'unsupported_grant_type',
			70003,
			`The app requested an unsupported grant type '${grantType}'.`,
		);
	}
	return undefined;
}

function refuseClient(context: Context, form: URLSearchParams): Answer | undefined {
	const { tenant } = context;
	const clientId = form.get('client_id') ?? '';
	const secret = form.get('client_secret');
	if (!tenant.appRegistered || clientId.toLowerCase() !== tenant.clientId.toLowerCase()) {
		return signInError(
			context,
			400,
			'unauthorized_client',
			700016,
			`Application with identifier '${clientId}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
		);
	}
	if (tenant.appDisabled) {
		return signInError(
			context,
			401,
			'unauthorized_client',
			7000112,
			`Application '${clientId}'(Audit collector) is disabled.`,
		);
	}
	if (!secret) {
		return signInError(
			context,
			401,
			'invalid_client',
			7000216,
			`'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.`,
		);
	}
	if (secret !== tenant.clientSecret) {
		return signInError(
			context,
			401,
			'invalid_client',
			7000215,
			`Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
		);
	}
	if (tenant.secretState === 'expired') {
		return signInError(
			context,
			401,
			'invalid_client',
			7000222,
			`The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
		);
	}
	if (!tenant.consented) {
		return signInError(
			context,
			400,
			'invalid_grant',
			65001,
			`The user or administrator has not consented to use the application with ID '${clientId}' named 'Audit collector'. Send an interactive authorization request for this user and resource.`,
		);
	}
	return undefined;
}

/** The resource asked for, or the refusal of what was asked. */
function resourceOf(
	context: Context,
	version: 'v1' | 'v2',
	form: URLSearchParams,
): string | Answer {
	const name = version === 'v2' ? 'scope' : 'resource';
	const value = form.get(name);
	if (!value)
		return signInError(
			context,
			400,
			'invalid_request',
			900144,
			`The request body must contain the following parameter: '${name}'.`,
		);
	if (version === 'v2' && !value.endsWith('/.default')) {
		return signInError(
			context,
			400,
			'invalid_scope',
			1002012,
			`The provided value for scope ${value} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
		);
	}
	const resource = version === 'v2' ? value.slice(0, -'/.default'.length) : value;
	return isApiResource(resource)
		? resource
		: signInError(
				context,
				400,
				'invalid_resource',
				500011,
				`The resource principal named ${resource} was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
			);
}

function grant(context: Context, { version }: TokenRequest, form: URLSearchParams): Answer {
	const resource = resourceOf(context, version, form);
	if (typeof resource !== 'string') return resource;
	const { tenant, faults, ledger, tokens } = context;
	const nowSeconds = Math.floor(context.clock.now() / 1000);
	const life = faults.tokenLifeSeconds;
	const exp = nowSeconds + life;
	const access_token = tokens.issue({
		aud: resource,
		iss: `https://sts.windows.net/${tenant.tenantId}/`,
		iat: nowSeconds,
		nbf: nowSeconds,
		exp,
		appid: tenant.clientId,
		tid: tenant.tenantId,
		// Entra ID leaves the claim out when there is nothing to say.
		...(tenant.grantedRoles.length > 0 ? { roles: [...tenant.grantedRoles] } : {}),
		ver: '1.0',
	});
	ledger.count('tokensIssued');
	const body =
		version === 'v2'
			? { token_type: 'Bearer', expires_in: life, ext_expires_in: life, access_token }
			: // The v1 endpoint writes its numbers as strings.
				{
					token_type: 'Bearer',
					expires_in: String(life),
					ext_expires_in: String(life),
					expires_on: String(exp),
					not_before: String(nowSeconds),
					resource,
					access_token,
				};
	return {
		status: 200,
		headers: { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache' },
		body,
		why: `token with ${tenant.grantedRoles.join(' ') || 'no roles'}`,
	};
}
