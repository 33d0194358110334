import type { Answer } from './answer.mts';
import type { Context } from './context.mts';
import { isApiResource } from './hosts.mts';
import { signInError } from './signInErrors.mts';
import { answerOutage, refuseClient, refuseForm, refuseTenant } from './signInRefusals.mts';

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
