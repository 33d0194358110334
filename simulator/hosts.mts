/** The API hosts of the clouds: https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#activity-api-operations */
export const API_HOSTS = [
	'manage.office.com',
	'manage-gcc.office.com',
	'manage.office365.us',
	'manage.protection.apps.mil',
];

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

export function isLoopback(host: string): boolean {
	return LOOPBACK.test(host);
}

/** Whether a resource (`https://manage.office.com`) is one this tenant can issue tokens for. */
export function isApiResource(resource: string): boolean {
	const host = hostOf(resource);
	return host !== undefined && (isLoopback(host) || API_HOSTS.includes(host));
}

/** Whether a token for `audience` opens the API at `host`. All loopback names are the same API. */
export function audienceFits(audience: string, host: string): boolean {
	const wanted = hostOf(audience);
	return (
		wanted === host.toLowerCase() ||
		(wanted !== undefined && isLoopback(wanted) && isLoopback(host))
	);
}

function hostOf(url: string): string | undefined {
	return URL.canParse(url) ? new URL(url).host : undefined;
}
