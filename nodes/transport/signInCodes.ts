import type { FailureDetails } from '../feed/failure';
import { isRecord } from '../feed/parseBlob';
import { quoteOf } from './redact';

const OVERVIEW = 'the overview page of your app registration in Microsoft Entra';

/**
 * Microsoft Entra's sign-in codes, as sentences that say what is wrong and what to do.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const SIGN_IN_CODES: Record<string, string> = {
	'7000215': `The Client Secret is not valid. Paste the secret’s Value, not its Secret ID; the Value is shown only once, right after the secret is created under Certificates & secrets.`,
	'7000222':
		'The Client Secret has expired. Create a new one in your app registration under Certificates & secrets and paste its Value.',
	'700016': `The app was not found in this tenant. Check that Client ID and Tenant ID are both from ${OVERVIEW}, and that Cloud is the one the tenant is in.`,
	'90002': `The tenant was not found. Check the Tenant ID: it is the Directory (tenant) ID on ${OVERVIEW}. Check also that Cloud is the one the tenant is in.`,
	'900023': `The Tenant ID is not valid. Copy the Directory (tenant) ID from ${OVERVIEW}.`,
	'65001':
		'Nobody has granted consent to the app. In your app registration open API permissions and choose Grant admin consent.',
	'7000112':
		'The app is disabled in this tenant. Enable it in Microsoft Entra under Enterprise applications > Properties (Enabled for users to sign in).',
	'7000216':
		'The Client Secret was not sent or is empty. Paste the Value of a client secret of your app registration.',
	'500011':
		'The Office 365 Management APIs are not available in this tenant, or Cloud is not the one the tenant is in. Check Cloud, and that API permissions lists Office 365 Management APIs.',
	'53003':
		'A Conditional Access policy of the tenant blocked the sign-in. Ask the tenant’s administrator to allow this app.',
	'90033': 'Microsoft’s sign-in is unavailable just now. Try again in a few minutes.',
};

/**
 * What a refused token request means.
 *
 * @param status HTTP status of the token endpoint
 * @param body its answer: `{error, error_description: "AADSTS7000215: …", error_codes: [7000215]}`, or anything else
 * @param secret is taken out of what is quoted
 */
export function classifySignIn(status: number, body: unknown, secret = ''): FailureDetails {
	const told = isRecord(body) ? body.error_description : undefined;
	const description = typeof told === 'string' ? told : '';
	const code = /AADSTS(\d{1,12})(?!\d)/.exec(description)?.[1] ?? firstCode(body);
	if (status === 429 || status >= 500 || status === 408) {
		return {
			kind: 'transient',
			message: `Microsoft’s sign-in is unavailable just now (HTTP ${status}${label(code, ', ')}). Try again in a few minutes.`,
			status,
		};
	}
	const sentence = code && Object.hasOwn(SIGN_IN_CODES, code) ? SIGN_IN_CODES[code] : undefined;
	const quote = quoteOf(description.split(/\r?\n| Trace ID:/)[0] ?? '', secret);
	return {
		kind: 'signIn',
		message: sentence
			? `${sentence}${label(code, ' (')})`
			: `Microsoft refused the sign-in (HTTP ${status}). ${quote ? `It says: “${quote}”` : 'Check Client ID, Client Secret, Tenant ID and Cloud.'}`,
		status,
		...(code ? { code: `AADSTS${code}` } : {}),
	};
}

function firstCode(body: unknown): string | undefined {
	const codes = isRecord(body) ? body.error_codes : undefined;
	const code: unknown = Array.isArray(codes) ? codes[0] : undefined;
	// Nothing but a number is repeated: a strange server could put anything there, an echoed secret too.
	return (typeof code === 'number' || typeof code === 'string') && /^\d{1,12}$/.test(String(code)) ? String(code) : undefined;
}

function label(code: string | undefined, before: string): string {
	return code ? `${before}AADSTS${code}` : '';
}

/** The certificate of the login host is not trusted: mostly a proxy that looks into TLS. */
export function signInNotTrusted(loginUrl: string): FailureDetails {
	return {
		kind: 'badRequest',
		message: `The TLS certificate of the sign-in host ${new URL(loginUrl).host} is not trusted. A proxy that inspects traffic needs its certificate authority in NODE_EXTRA_CA_CERTS of the n8n server.`,
	};
}

/** The token endpoint could not be reached at all. No system code in the text: n8n would replace the whole sentence. */
export function signInUnreachable(loginUrl: string): FailureDetails {
	return {
		kind: 'transient',
		message: `The sign-in host ${new URL(loginUrl).host} cannot be reached. Check the network, proxy and firewall of the n8n server, the credential’s Cloud (or Login URL), and, if the credential’s allowed domains are restricted, that this host is among them.`,
	};
}

/** The token endpoint answered well, but not to the end, or in an encoding that nobody can read. */
export function signInBrokenOff(loginUrl: string): FailureDetails {
	return {
		kind: 'transient',
		message: `The answer of the sign-in host ${new URL(loginUrl).host} arrived damaged. Try again in a few minutes; if it stays so, check the network and any proxy of the n8n server.`,
	};
}

/** The secret goes to no other address than the configured one. */
export function signInRedirected(loginUrl: string, status: number): FailureDetails {
	return {
		kind: 'badRequest',
		message: `The sign-in host ${new URL(loginUrl).host} redirected the request to another address, which is not followed (HTTP ${status}). Check the credential’s Cloud or Login URL, and any proxy in between.`,
		status,
	};
}
