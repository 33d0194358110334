import type { Answer } from './answer.mts';
import type { Context } from './context.mts';
import { signInError } from './signInErrors.mts';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The login host has a bad day, if the faults say so. */
export function answerOutage(context: Context): Answer | undefined {
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

/** No such directory. */
export function refuseTenant(context: Context, tenantId: string): Answer | undefined {
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

/** What is wrong with the form itself. */
export function refuseForm(context: Context, form: URLSearchParams): Answer | undefined {
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

/** What is wrong with the app or its secret. */
export function refuseClient(context: Context, form: URLSearchParams): Answer | undefined {
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
