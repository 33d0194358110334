import { UserError } from 'n8n-workflow';

import { toShortText } from '../feed/toText';
import { withoutTokens } from './redact';

/** What a credential says, checked: hosts as origins without a trailing slash, IDs trimmed. */
export interface Endpoints {
	/** For example `https://manage.office.com`. The only host that ever sees the token. */
	apiUrl: string;
	/** For example `https://login.microsoftonline.com`. The only host that ever sees the secret. */
	loginUrl: string;
	tenantId: string;
	clientId: string;
	clientSecret: string;
	/** Sent as PublisherIdentifier with every call. */
	publisherId: string;
}

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#activity-api-operations */
const CLOUDS: Record<string, { apiUrl: string; loginUrl: string }> = {
	enterprise: {
		apiUrl: 'https://manage.office.com',
		loginUrl: 'https://login.microsoftonline.com',
	},
	gcc: {
		apiUrl: 'https://manage-gcc.office.com',
		loginUrl: 'https://login.microsoftonline.com',
	},
	gccHigh: {
		apiUrl: 'https://manage.office365.us',
		loginUrl: 'https://login.microsoftonline.us',
	},
	dod: {
		apiUrl: 'https://manage.protection.apps.mil',
		loginUrl: 'https://login.microsoftonline.us',
	},
};

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/**
 * Checks the fields of a credential before any request is made.
 *
 * @throws UserError whose message says which field to mend, and never repeats a value that might be the secret
 */
export function resolveEndpoints(credentials: Readonly<Record<string, unknown>>): Endpoints {
	const text = (name: string) => {
		const value = credentials[name];
		return typeof value === 'string' ? value.trim() : '';
	};
	const clientId = text('clientId');
	if (clientId === '') throw missing('Client ID', 'Application (client) ID');
	const tenantId = text('tenantId');
	if (tenantId === '') throw missing('Tenant ID', 'Directory (tenant) ID');
	if (!GUID.test(tenantId)) {
		throw new UserError(
			'The Tenant ID is not a GUID. Copy the Directory (tenant) ID from the overview page of your app registration in Microsoft Entra; it looks like 00000000-0000-0000-0000-000000000000.',
		);
	}
	const clientSecret = text('clientSecret');
	if (clientSecret === '') {
		throw new UserError(
			'The Client Secret is empty. Paste the Value (not the Secret ID) of a client secret of your app registration.',
		);
	}
	const publisherId = text('publisherId');
	if (publisherId !== '' && !GUID.test(publisherId)) {
		throw new UserError(
			'The Publisher ID is not a GUID. Leave it empty, or enter a tenant ID such as 00000000-0000-0000-0000-000000000000.',
		);
	}
	return {
		...resolveHosts(text('cloud') || 'enterprise', text('apiUrl'), text('loginUrl')),
		tenantId,
		clientId,
		clientSecret,
		publisherId: publisherId || tenantId,
	};
}

function missing(field: string, where: string): UserError {
	return new UserError(
		`The ${field} is empty. Copy the ${where} from the overview page of your app registration in Microsoft Entra.`,
	);
}

function resolveHosts(cloud: string, apiUrl: string, loginUrl: string) {
	if (cloud === 'custom') {
		return { apiUrl: toOrigin(apiUrl, 'API URL'), loginUrl: toOrigin(loginUrl, 'Login URL') };
	}
	const known = Object.hasOwn(CLOUDS, cloud) ? CLOUDS[cloud] : undefined;
	if (known) return known;
	throw new UserError(
		`The Cloud “${toShortText(withoutTokens(cloud))}” is not known. Choose Enterprise, GCC, GCC High, DoD or Custom.`,
	);
}

/** Scheme, host and port only: a path or query in these fields would change every address built from them. */
function toOrigin(value: string, field: string): string {
	if (!URL.canParse(value)) {
		throw new UserError(`The ${field} is not a web address. Enter one such as https://host.example.com.`);
	}
	const url = new URL(value);
	if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
		throw new UserError(
			`The ${field} must start with https://. Plain http:// is accepted for this machine only (localhost), because it would show the secret and the token to the network.`,
		);
	}
	if (url.pathname !== '/' || url.search || url.hash || url.username || url.password) {
		throw new UserError(
			`The ${field} must be only scheme, host and port, such as https://host.example.com: without path, query or user name.`,
		);
	}
	return url.origin;
}

/** 127.0.0.0/8, ::1 and localhost. The URL parser has already brought every spelling of an address into one form. */
function isLoopback(hostname: string): boolean {
	return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
